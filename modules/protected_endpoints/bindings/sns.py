"""The bindings of SNS topics, which only environments with a managed topic load."""
# ruff: noqa: F403  reason: a generated submodule exports the classes of one resource, under names unique to it

from cdktf_cdktf_provider_aws.sns_topic import *
from cdktf_cdktf_provider_aws.sns_topic_policy import *
