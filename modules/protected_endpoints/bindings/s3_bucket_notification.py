"""The bindings of bucket notifications, which only endpoints with `eventbridge` load."""
# ruff: noqa: F403  reason: a generated submodule exports the classes of one resource, under names unique to it

from cdktf_cdktf_provider_aws.s3_bucket_notification import *
