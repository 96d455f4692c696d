"""The permissions that an API call requires (AWS Service Authorization Reference).

The name of a permission is usually the name of the API action. S3 is different, and some actions require further
permissions: to pass a role, to tag a new resource, or to let SageMaker use a key.
"""

from urllib.parse import parse_qs, unquote

from sandbox.call_log import Call

_NO_PERMISSION_REQUIRED = {"sts:GetCallerIdentity"}  # STS, GetCallerIdentity: "No permissions are required"
_PREFIXES = {"monitoring": "cloudwatch"}  # services whose signing name is not the prefix of their permissions
_TAGGING = {
    "application-autoscaling:RegisterScalableTarget": "application-autoscaling:TagResource",
    "cloudtrail:CreateTrail": "cloudtrail:AddTags",
    "cloudwatch:PutMetricAlarm": "cloudwatch:TagResource",
    "ec2:CreateSecurityGroup": "ec2:CreateTags",
    "ec2:CreateVpcEndpoint": "ec2:CreateTags",
    "iam:CreatePolicy": "iam:TagPolicy",
    "iam:CreateRole": "iam:TagRole",
    "kms:CreateKey": "kms:TagResource",
    "logs:CreateLogGroup": "logs:TagResource",
    "sagemaker:CreateEndpoint": "sagemaker:AddTags",
    "sagemaker:CreateEndpointConfig": "sagemaker:AddTags",
    "sagemaker:CreateModel": "sagemaker:AddTags",
    "sns:CreateTopic": "sns:TagResource",
    "ssm:PutParameter": "ssm:AddTagsToResource",
}
_DEPENDENT = {
    # SageMaker developer guide, "Amazon SageMaker API Permissions".
    "sagemaker:CreateModel": ["iam:PassRole"],
    "sagemaker:CreateEndpoint": ["kms:CreateGrant"],
    "sagemaker:UpdateEndpoint": ["kms:CreateGrant"],
    # Application Auto Scaling user guide, "Permissions required for API actions on target services and CloudWatch".
    "application-autoscaling:PutScalingPolicy": [
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:DeleteAlarms",
    ],
}
# What the caller needs in SageMaker to register a scalable target, by the resource of its dimension (same page).
_SCALED = {
    "variant": ["DescribeEndpoint", "DescribeEndpointConfig", "UpdateEndpointWeightsAndCapacities"],
    "inference-component": ["DescribeInferenceComponent", "UpdateInferenceComponentRuntimeConfig"],
}
# The permissions that the handlers of AWS::SageMaker::InferenceComponent need from the caller (its schema).
_CLOUD_CONTROL = {
    "CreateResource": ["CreateInferenceComponent", "DescribeInferenceComponent", "AddTags", "ListTags"],
    "GetResource": ["DescribeInferenceComponent", "ListTags"],
    "UpdateResource": [
        "UpdateInferenceComponent",
        "UpdateInferenceComponentRuntimeConfig",
        "DescribeInferenceComponent",
        "AddTags",
        "ListTags",
        "DeleteTags",
    ],
    "DeleteResource": ["DeleteInferenceComponent", "DescribeInferenceComponent", "DeleteTags"],
}
_OBJECT = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject"}
_BUCKET = {"GET": "ListBucket", "HEAD": "ListBucket", "PUT": "CreateBucket", "DELETE": "DeleteBucket"}
# The permission for a subresource of a bucket, without Get or Put, by the query parameter of the request. Deleting a
# subresource requires the Put permission, except for the bucket policy.
_SUBRESOURCES = {
    "accelerate": "AccelerateConfiguration",
    "acl": "BucketAcl",
    "cors": "BucketCORS",
    "encryption": "EncryptionConfiguration",
    "lifecycle": "LifecycleConfiguration",
    "logging": "BucketLogging",
    "notification": "BucketNotification",
    "object-lock": "BucketObjectLockConfiguration",
    "ownershipControls": "BucketOwnershipControls",
    "policy": "BucketPolicy",
    "publicAccessBlock": "BucketPublicAccessBlock",
    "replication": "ReplicationConfiguration",
    "requestPayment": "BucketRequestPayment",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
    "website": "BucketWebsite",
}


def required_permissions(call: Call) -> list[str]:
    """Return the permissions that a call requires, first the one of its action.

    Raises:
        KeyError: the request to S3 is unknown.

    """
    if call.service == "s3":
        return [f"s3:{permission}" for permission in _s3_permissions(call)]
    if call.service == "cloudcontrolapi":
        handled = [f"sagemaker:{name}" for name in _CLOUD_CONTROL.get(call.action, [])]
        return [f"cloudformation:{call.action}", *handled]
    action = f"{_PREFIXES.get(call.service, call.service)}:{call.action}"
    if action in _NO_PERMISSION_REQUIRED:
        return []
    tagging = [_TAGGING[action]] if action in _TAGGING and has_tags(call) else []
    dependent = _DEPENDENT.get(action, [])
    if action == "application-autoscaling:RegisterScalableTarget":
        in_sagemaker = _SCALED[call.parameters["ScalableDimension"].split(":")[1]]
        # The first target of an account creates the service-linked role.
        dependent = ["iam:CreateServiceLinkedRole", *(f"sagemaker:{name}" for name in in_sagemaker)]
    private_dns = ["route53:AssociateVPCWithHostedZone"] if call.parameters.get("PrivateDnsEnabled") == "true" else []
    return [action, *tagging, *dependent, *private_dns]


def has_tags(call: Call) -> bool:
    """Return whether a call creates a resource with tags."""
    return any(name.lower().startswith("tag") for name in call.parameters)


def bucket_and_key(call: Call) -> tuple[str, str]:
    """Return the bucket and the object key of a request to S3."""
    path = call.action.split(" ", 1)[1].partition("?")[0]
    bucket, _, key = unquote(path).lstrip("/").partition("/")
    return bucket, key


def _s3_permissions(call: Call) -> list[str]:
    method, _, rest = call.action.partition(" ")
    query = parse_qs(rest.partition("?")[2], keep_blank_values=True)
    bucket, key = bucket_and_key(call)
    if "delete" in query:  # DeleteObjects, also of versions
        return ["DeleteObject", "DeleteObjectVersion"]
    if "versions" in query:
        return ["ListBucketVersions"]
    if key:
        return [f"{_OBJECT[method]}Version" if "versionId" in query else _OBJECT[method]]
    subresources = [name for name in _SUBRESOURCES if name in query]
    if not subresources:
        return [_BUCKET[method] if bucket else "ListAllMyBuckets"]
    verb = {"GET": "Get", "PUT": "Put", "DELETE": "Put"}[method]
    return [
        "DeleteBucketPolicy"
        if (method, subresources[0]) == ("DELETE", "policy")
        else f"{verb}{_SUBRESOURCES[subresources[0]]}"
    ]
