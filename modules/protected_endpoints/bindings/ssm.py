"""The bindings of SSM parameters, which only stacks with some load."""
# ruff: noqa: F403  reason: a generated submodule exports the classes of one resource, under names unique to it

from cdktf_cdktf_provider_aws.ssm_parameter import *
