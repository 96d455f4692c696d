"""An app with stacks of its own: a VPC and a bucket; a protected endpoint and a Lambda function that invokes it."""

# Before all other AWS bindings: it loads only those that the app imports, which takes a tenth of the time.
import protected_endpoints.bindings  # noqa: F401  reason: imported for its effect

# isort: split

from caller_function import CallerFunction
from cdktf import App, LocalBackend, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from constructs import Construct
from network import PrivateNetwork

from protected_endpoints import Deployment, Endpoint, Environment, Network, Project, ProtectedEndpoint

ACCOUNT, REGION = "111122223333", "us-west-2"
PROJECT = Project(name="acme")


class Stack(TerraformStack):
    """Define a stack of one account and region, with its state beside this file."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        # `ProtectedEndpoint` requires both limits.
        AwsProvider(self, "Aws", region=REGION, allowed_account_ids=[ACCOUNT])
        self.add_override("terraform.required_providers.aws.version", PROJECT.aws_provider_version)
        LocalBackend(self, path=f"../../../terraform.{id_}.tfstate")


class PlatformStack(Stack):
    """Define the VPC, and the bucket that training jobs write models to."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self.network = PrivateNetwork(self, "Network", region=REGION)
        self.models = S3Bucket(self, "Models", bucket="acme-dev-models")
        S3BucketPublicAccessBlock(
            self,
            "NoPublicAccess",
            bucket=self.models.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )


class ServingStack(Stack):
    """Define the endpoint, and the function that may invoke it."""

    def __init__(self, scope: Construct, id_: str, *, platform: PlatformStack) -> None:
        super().__init__(scope, id_)
        network = platform.network
        deployment = Deployment(
            PROJECT,
            Environment(
                name="dev",
                account_id=ACCOUNT,
                region=REGION,
                network=Network(
                    vpc_id=network.vpc.id,
                    subnet_ids=tuple(subnet.id for subnet in network.subnets),
                    private_endpoints=False,  # the VPC has its own
                    endpoint_security_group_ids=(network.endpoints_group.id,),
                ),
            ),
            Endpoint(
                name="kmeans",
                image="174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1",
                # `bucket_input` is the name that the app sets. `bucket` is a token, which no policy could name.
                model_data_url=f"s3://{platform.models.bucket_input}/model.tar.gz",
                instance_type="ml.m5.xlarge",
            ),
        )
        kmeans = ProtectedEndpoint(self, "Kmeans", deployment=deployment)
        caller = CallerFunction(self, "Caller", network=network, endpoint_name=kmeans.endpoint.name)
        kmeans.access.grant_invoke(caller.role)


app = App()
platform = PlatformStack(app, "platform")
serving = ServingStack(app, "serving", platform=platform)
# The endpoint needs the model in the bucket, which no token shows.
serving.add_dependency(platform)
app.synth()
