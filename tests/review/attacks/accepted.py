"""The attacks that a review does not see, each with its reason; a test fails if one of them is seen, or another is not.

A kind that begins with "first: " is in a first plan, which has nothing to be compared with.
"""

import re
from dataclasses import dataclass

from tests.review.attacks.attack import Attack


@dataclass(frozen=True)
class Accepted:
    """Attacks whose kind and place match, and why no finding tells of them."""

    kind: str
    place: str
    reason: str

    def covers(self, kind: str, attack: Attack) -> bool:
        return bool(re.fullmatch(self.kind, kind) and re.search(self.place, attack.place))


ACCEPTED = (
    Accepted(
        "first: argument (name|wildcard|string|item added|region)",
        r"(destination_s3_uri|s3_\w+|model_data_url|ArtifactUrl|image|model_package_name|subnets|security_groups|role"
        r"|security_group_ids|prefix_list_ids|vpc_id|filter\.prefix|kms_key\w*|\w+_topic|HF_TOKEN_SECRET_ARN|ids|policy"
        r"|permissions_boundary|instance_type|service_name|name|Registry\w*)$",
        "places that a configuration chooses; what the role may use there is in its policy, which is another attack",
    ),
    Accepted("first: argument removed", r"rule\.expiration$", "whether captured data expires, a configuration chooses"),
    Accepted("first: argument (larger|smaller)", "", "sizes and times that a configuration chooses"),
    Accepted("(first: )?required providers", r"version$", "the lock file, which is admitted, decides the version"),
    Accepted(
        r"first: policy \w+",
        r"(ReadArtefacts|ReadThisArtefact|ListModels|PullThisImage|ListTheseModels\d|Permission\d+"
        r"|Workflows_\w+\.policy .*|CreateInterfacesInTheseSubnets|DescribeTheNetworkHasNoResource)$",
        "buckets, images and permissions that a configuration chooses; a boundary allows nothing by itself",
    ),
    Accepted("first: backend", r"(kms_key_id|region|bucket|path|key) ", "where the first state is, people decide"),
    Accepted(
        "first: lifecycle flipped off", r"\.prevent_destroy$", "of a guard with `count = 0`, which has no instance"
    ),
    Accepted(
        "first: resource removed", r"aws_vpc_endpoint\.Runtime$", "a private endpoint is a choice of the configuration"
    ),
    Accepted(
        "first: argument removed", r"\.mode$", "without it SageMaker takes one model, which the container refuses"
    ),
    Accepted("first: argument account", r"\.permissions_boundary$", "IAM refuses a boundary of another account"),
    Accepted(
        "first: policy one_condition_less",
        r"VolumeGrantsForSageMakerOnly$",
        "a denial with one condition less denies more",
    ),
    Accepted(
        "(first: )?(argument larger|value of a sister)", r"max_session_duration", "AWS allows at most twelve hours"
    ),
    Accepted("first: value of a sister", r"service_name S3$", "an interface of another service, under the same policy"),
    Accepted("argument wildcard", r"ArtifactUrl$", "another object of the same bucket"),
    Accepted(
        "first: (value of|reference to) a sister",
        r"aws_iam_role_policy_attachment\..*\.role |\.permissions_boundary ",
        "the table of permissions shows who invokes; a boundary of the same stack allows nothing by itself",
    ),
    Accepted(
        r"first: (argument .*|resource removed|value of a sister|reference to a sister|lifecycle removed)",
        r"^resource\.(aws_cloudwatch_metric_alarm|aws_appautoscaling_\w+|terraform_data)\.",
        "the alarms and the scaling of a new endpoint are a choice of its configuration, of which notes tell",
    ),
    Accepted(
        "first: argument string",
        r"aws_cloudwatch_metric_alarm\.\S+ namespace$",
        "a container may publish metrics of its own, in any namespace",
    ),
    Accepted(
        r"first: argument .*",
        r"^resource\.aws_cloudtrail\..*\.advanced_event_selector",
        "whose events a new trail records beside invocations, a configuration chooses",
    ),
    Accepted("argument larger", r"aws_appautoscaling_target\.\S+\.min_capacity$", "from 0 to 1, a note tells of it"),
    Accepted("value of a sister", r"treat_missing_data Alarms_\w*silent_", "without data the alarm then fires"),
    Accepted(r"actions \['delete', 'create'\]", "", "the replacement has the same protections"),
)
