"""Which permissions a call needs, as AWS's Service Authorization Reference names them.

Most are called like the call. S3 has names of its own for its requests, and some calls need the permission for what AWS
does next on behalf of the caller: to pass a role, to tag what is made, to let SageMaker use a key.
"""

from urllib.parse import parse_qs, unquote

from sandbox.call_log import Call

_WITHOUT = {"sts:GetCallerIdentity"}  # STS, GetCallerIdentity: "No permissions are required"
_PREFIXES = {"monitoring": "cloudwatch"}  # where a service signs under another name than its permissions have
_TAGGING = {
    "ec2:CreateSecurityGroup": "ec2:CreateTags",
    "ec2:CreateVpcEndpoint": "ec2:CreateTags",
    "iam:CreatePolicy": "iam:TagPolicy",
    "iam:CreateRole": "iam:TagRole",
    "kms:CreateKey": "kms:TagResource",
    "logs:CreateLogGroup": "logs:TagResource",
    "sagemaker:CreateEndpoint": "sagemaker:AddTags",
    "sagemaker:CreateEndpointConfig": "sagemaker:AddTags",
    "sagemaker:CreateModel": "sagemaker:AddTags",
}
_NEXT = {
    # SageMaker developer guide, "Amazon SageMaker API Permissions".
    "sagemaker:CreateModel": "iam:PassRole",
    "sagemaker:CreateEndpoint": "kms:CreateGrant",
    "sagemaker:UpdateEndpoint": "kms:CreateGrant",
}
_OBJECT = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject"}
_BUCKET = {"GET": "ListBucket", "HEAD": "ListBucket", "PUT": "CreateBucket", "DELETE": "DeleteBucket"}
# What a request about a part of a bucket is called, after Get or Put. To delete a part is to put it, but for a policy.
_PART = {
    "accelerate": "AccelerateConfiguration",
    "acl": "BucketAcl",
    "cors": "BucketCORS",
    "encryption": "EncryptionConfiguration",
    "lifecycle": "LifecycleConfiguration",
    "logging": "BucketLogging",
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


def needed(call: Call) -> list[str]:
    """Return the permissions that a call needs, its own first; raises `KeyError` for what is not known of S3."""
    if call.service == "s3":
        return [f"s3:{each}" for each in _of_s3(call)]
    action = f"{_PREFIXES.get(call.service, call.service)}:{call.action}"
    if action in _WITHOUT:
        return []
    tagging = [_TAGGING[action]] if action in _TAGGING and has_tags(call) else []
    further = [_NEXT[action]] if action in _NEXT else []
    naming = ["route53:AssociateVPCWithHostedZone"] if call.parameters.get("PrivateDnsEnabled") == "true" else []
    return [action, *tagging, *further, *naming]


def has_tags(call: Call) -> bool:
    """Return whether a call gives tags to what it makes."""
    return any(name.lower().startswith("tag") for name in call.parameters)


def place(call: Call) -> tuple[str, str]:
    """Return the bucket and the key of a request to S3."""
    path = call.action.split(" ", 1)[1].partition("?")[0]
    bucket, _, key = unquote(path).lstrip("/").partition("/")
    return bucket, key


def _of_s3(call: Call) -> list[str]:
    method, _, rest = call.action.partition(" ")
    query = parse_qs(rest.partition("?")[2], keep_blank_values=True)
    bucket, key = place(call)
    if "delete" in query:  # several objects at once, and versions of them
        return ["DeleteObject", "DeleteObjectVersion"]
    if "versions" in query:
        return ["ListBucketVersions"]
    if key:
        return [f"{_OBJECT[method]}Version" if "versionId" in query else _OBJECT[method]]
    parts = [part for part in _PART if part in query]
    if not parts:
        return [_BUCKET[method] if bucket else "ListAllMyBuckets"]
    verb = {"GET": "Get", "PUT": "Put", "DELETE": "Put"}[method]
    return ["DeleteBucketPolicy" if (method, parts[0]) == ("DELETE", "policy") else f"{verb}{_PART[parts[0]]}"]
