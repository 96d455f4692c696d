"""What a pair is, and the values that several pairs share."""

from dataclasses import dataclass, field

from modules import rules
from tests.unit.support import Table

ROLE = "arn:aws:iam::111122223333:role"
FOREIGN_ROLE = "arn:aws:iam::444455556666:role/checkout-api"
CHINESE_ROLE = "arn:aws-cn:iam::111122223333:role/checkout-api"
SSO_ROLE = f"{ROLE}/aws-reserved/sso.amazonaws.com/Admin"
REASON = "a nightly image, RISK-882"
ANOTHER_ACCOUNT = (
    'the role is not of account 111122223333 of environment dev, got "{}"; '
    "name a role of that account, for one environment under environments.dev"
)
UNCHANGEABLE = (
    'AWS lets nobody attach a policy to this kind of role, got "{}"; name a role of your own that these callers assume'
)


@dataclass(frozen=True)
class Pair:
    """Two sets of changes to the repository's example, as close to each other as the rule allows."""

    rule: rules.Rule
    fails: Table
    messages: tuple[str, ...]
    passes: Table = field(default_factory=dict)
