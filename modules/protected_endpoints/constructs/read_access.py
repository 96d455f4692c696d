"""The IAM policy that allows readers to read the output of an endpoint."""

from constructs import Construct

from protected_endpoints import policies
from protected_endpoints.aws.arn import Arn
from protected_endpoints.bindings import IamPolicy, IamRolePolicyAttachment
from protected_endpoints.constructs.encryption_key import EncryptionKey
from protected_endpoints.deployment.data_flows import ReadableOutput
from protected_endpoints.deployment.names import Names
from protected_endpoints.policies.read_access import read_policy


class ReadAccess(Construct):
    """Define a policy to read captured data or asynchronous responses, attached to the configured readers only.

    The bucket policy and the key policy have to allow the readers as well. Those of managed buckets and keys do.
    """

    def __init__(self, scope: Construct, id_: str, *, names: Names, output: ReadableOutput, key: EncryptionKey) -> None:
        super().__init__(scope, id_)
        document = read_policy(names, output, key_arn=output.key_arn or key.arn)
        policy = IamPolicy(
            self,
            "Policy",
            name=names.read_policy(output.kind.name),
            description=f"Read the {output.kind.name} of endpoint {names.base_name}",
            policy=policies.to_json(document),
        )
        for reader in output.readers:
            role = Arn.parse(reader).name
            IamRolePolicyAttachment(self, f"Reader-{role}", role=role, policy_arn=policy.arn)
