"""The bindings of CloudTrail, which only environments with a trail load."""
# ruff: noqa: F403  reason: a generated submodule exports the classes of one resource, under names unique to it

from cdktf_cdktf_provider_aws.cloudtrail import *
