"""The AWS bindings, limited to the submodules of this list and to those that are imported elsewhere.

To use another Terraform resource in a construct, add its submodule to the list. One list gives every program the same
subset of the bindings, so that it is prepared only once. Resources that only some configurations have are in files of
their own beside this one, which `stacks.app` imports where they are needed, because each submodule takes time.
"""
# ruff: noqa: F403  reason: a generated submodule exports the classes of one resource, under names unique to it

import os

from protected_endpoints.bindings.framework import CDK_TERRAIN, FRAMEWORK, install_names

if FRAMEWORK is CDK_TERRAIN:
    install_names()
if not os.environ.get("PLAIN_BINDINGS"):
    from protected_endpoints.bindings.lazy_loading import install_lazy_loading

    install_lazy_loading()


from cdktf_cdktf_provider_aws.cloudcontrolapi_resource import *
from cdktf_cdktf_provider_aws.cloudwatch_log_group import *
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import *
from cdktf_cdktf_provider_aws.data_aws_ec2_managed_prefix_list import *
from cdktf_cdktf_provider_aws.data_aws_security_group import *
from cdktf_cdktf_provider_aws.data_aws_vpc import *
from cdktf_cdktf_provider_aws.iam_openid_connect_provider import *
from cdktf_cdktf_provider_aws.iam_policy import *
from cdktf_cdktf_provider_aws.iam_role import *
from cdktf_cdktf_provider_aws.iam_role_policies_exclusive import *
from cdktf_cdktf_provider_aws.iam_role_policy import *
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import *
from cdktf_cdktf_provider_aws.kms_alias import *
from cdktf_cdktf_provider_aws.kms_key import *
from cdktf_cdktf_provider_aws.provider import *
from cdktf_cdktf_provider_aws.s3_bucket import *
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import *
from cdktf_cdktf_provider_aws.s3_bucket_ownership_controls import *
from cdktf_cdktf_provider_aws.s3_bucket_policy import *
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import *
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import *
from cdktf_cdktf_provider_aws.s3_bucket_versioning import *
from cdktf_cdktf_provider_aws.sagemaker_endpoint import *
from cdktf_cdktf_provider_aws.sagemaker_endpoint_configuration import *
from cdktf_cdktf_provider_aws.sagemaker_model import *
from cdktf_cdktf_provider_aws.security_group import *
from cdktf_cdktf_provider_aws.vpc_endpoint import *
