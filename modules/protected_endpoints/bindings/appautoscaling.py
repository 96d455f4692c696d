"""The bindings of Application Auto Scaling, which only stacks with scaling load."""
# ruff: noqa: F403  reason: a generated submodule exports the classes of one resource, under names unique to it

from cdktf_cdktf_provider_aws.appautoscaling_scheduled_action import *
from cdktf_cdktf_provider_aws.appautoscaling_target import *
