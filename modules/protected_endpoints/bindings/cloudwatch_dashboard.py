"""The bindings of CloudWatch dashboards, which only stacks with one load."""
# ruff: noqa: F403  reason: a generated submodule exports the classes of one resource, under names unique to it

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import *
