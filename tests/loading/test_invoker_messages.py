"""Each mistake in a caller or a network is one message, with the path as people wrote it."""

import tomllib

import pytest

from tests.loading.support import MINIMAL, messages_of

_ROLE = "arn:aws:iam::111122223333:role/checkout-api"
_EXAMPLE = f'write for example "{_ROLE}"'
_ALICE = "arn:aws:iam::111122223333:user/alice"
_PARTNER = f'principals = ["{_ALICE}"], name = "partner"'
_KEYS = (
    "role_arn, principals, name, external_id, principal_org_id, principal_tags, require_mfa, target_models, "
    "source_vpc, source_vpc_endpoints"
)
_WHICH = "set role_arn to a role in this account, or principals to the identities that assume a managed role"
_PRINCIPALS = "a list of one or more ARNs of an IAM role, an IAM user or an account's root"
_PRINCIPAL = '"arn:aws:iam::999988887777:role/partner-gateway"'
_NEITHER = "not an IAM role ARN or table of a caller"


def _messages(text: str) -> list[str]:
    return messages_of(tomllib.loads(MINIMAL + text))


# What stands in the place of `{0}`, what follows the path of the item, and the message.
_WRONG = [
    # neither a string nor a table
    ("5", "", f"{_NEITHER}, got 5; {_EXAMPLE}"),
    ("true", "", f"{_NEITHER}, got true; {_EXAMPLE}"),
    ("1979-05-27", "", f'{_NEITHER}, got "1979-05-27"; {_EXAMPLE}'),
    (f'["{_ROLE}"]', "", f'{_NEITHER}, got ["{_ROLE}"]; {_EXAMPLE}'),
    # a string
    ('""', "", f'not an IAM role ARN, got ""; {_EXAMPLE}'),
    ('"checkout-api"', "", f'not an IAM role ARN, got "checkout-api"; {_EXAMPLE}'),
    (f'"{_ALICE}"', "", f'not an IAM role ARN, got "{_ALICE}"; {_EXAMPLE}'),
    (
        '"arn:aws:iam::444455556666:role/a"',
        "",
        'the role is not in account 111122223333, got "arn:aws:iam::444455556666:role/a"; use a role in that '
        "account, set one for this environment in environments.dev, or list it in the principals of an invoker "
        "[invoker-not-in-account]",
    ),
    # a table
    ("{}", "", f"requires role_arn or principals; {_WHICH} [invoker-role-or-principals]"),
    (f"{{ {_PARTNER}, colour = 'red' }}", ".colour", f'unknown key, got "red"; the keys here are {_KEYS}'),
    ("{ role_arn = 5 }", ".role_arn", f"not an IAM role ARN, got 5; {_EXAMPLE}"),
    ("{ role_arn = '' }", ".role_arn", f'not an IAM role ARN, got ""; {_EXAMPLE}'),
    ("{ rolearn = 'x' }", ".rolearn", 'unknown key, got "x"; did you mean role_arn?'),
    ("{ arn = 'x' }", ".arn", 'unknown key, got "x"; did you mean role_arn?'),
    (f"{{ {_PARTNER}, org_id = 'x' }}", ".org_id", 'unknown key, got "x"; did you mean principal_org_id?'),
    (
        '{ principals = ["arn:aws:iam::999988887777:root"], name = "partner", extenal_id = "acme" }',
        ".extenal_id",  # and not that the external id is missing
        'unknown key, got "acme"; did you mean external_id?',
    ),
    (
        "{ name = 'p', principals = 'x' }",
        ".principals",
        f'not {_PRINCIPALS}, got "x"; write for example [{_PRINCIPAL}]',
    ),
    ("{ name = 'p', principals = [] }", ".principals", f"not {_PRINCIPALS}, got []; write for example [{_PRINCIPAL}]"),
    (
        "{ name = 'p', principals = ['*'] }",
        ".principals[0]",
        f'not an ARN of an IAM role, an IAM user or an account\'s root, got "*"; write for example {_PRINCIPAL}',
    ),
    (
        f"{{ principals = ['{_ALICE}'] }}",
        ".name",
        'required with principals; for example, add name = "partner" [invoker-role-or-principals]',
    ),
    (
        f"{{ principals = ['{_ALICE}'], name = 'Partner' }}",
        ".name",
        'not a name of up to 18 lower-case letters, digits and single hyphens, got "Partner"; write for example '
        '"partner"',
    ),
    (
        f"{{ {_PARTNER}, external_id = 5 }}",
        ".external_id",
        'not an external id of 2 to 1224 letters, digits and +=,.@:/-, got 5; write for example "acme-partner-7f3a"',
    ),
    (
        f"{{ {_PARTNER}, principal_org_id = 'acme' }}",
        ".principal_org_id",
        'not an AWS organization id, got "acme"; write for example "o-a1b2c3d4e5"',
    ),
    (
        f"{{ {_PARTNER}, require_mfa = 'yes' }}",
        ".require_mfa",
        'not true or false, got "yes"; write true or false, without quotes',
    ),
    (
        f"{{ {_PARTNER}, principal_tags = 'ml' }}",
        ".principal_tags",
        'not a table, got "ml"; write for example { team = "ml" }',
    ),
    (
        f"{{ {_PARTNER}, principal_tags = {{ 'a*' = 'ml' }} }}",
        '.principal_tags."a*"',
        'not a tag key of 1 to 128 letters, digits, spaces and _.:/=+-@, got "a*"; rename it',
    ),
    (
        f"{{ {_PARTNER}, source_vpc_endpoints = ['vpc-0a1b2c3d'] }}",
        ".source_vpc_endpoints[0]",
        'not a VPC endpoint id, got "vpc-0a1b2c3d"; write for example "vpce-0a1b2c3d4e5f60718"',
    ),
]


@pytest.mark.parametrize(("invoker", "place", "message"), _WRONG)
@pytest.mark.parametrize("where", ["endpoints.kmeans", "endpoints.kmeans.environments.dev"])
def test_a_wrong_caller_is_one_message_where_it_was_written(where: str, invoker: str, place: str, message: str) -> None:
    table = f"[{where}]\n" if where.endswith("dev") else ""
    text = f'{table}invokers = ["{_ROLE.replace("checkout", "other")}", {invoker}]\n'
    assert _messages(text) == [f"{where}.invokers[1]{place}: {message}"]


@pytest.mark.parametrize("value", [f'"{_ROLE}"', "5", "true", "{}"])
def test_callers_that_are_no_list_are_one_message(value: str) -> None:
    (message,) = _messages(f"invokers = {value}\n")
    assert message.startswith("endpoints.kmeans.invokers: not a list of IAM role ARNs or tables of a caller, got ")


def test_a_table_in_single_brackets_says_how_to_begin_it() -> None:
    (message,) = _messages(f'[endpoints.kmeans.invokers]\nrole_arn = "{_ROLE}"\n')
    assert message.endswith("; begin each of its tables with [[endpoints.kmeans.invokers]], in two pairs of brackets")


def test_every_mistake_of_every_caller_shows_at_once() -> None:
    text = f"""
invokers = [
  "{_ROLE}",
  {{ principals = ["arn:aws:iam::999988887777:root"], external_id = 5, colour = "red" }},
  "{_ROLE}",
  {{ role_arn = "x", external_id = "acme", require_mfa = true, target_models = [] }},
  {{ principals = ["*", "arn:aws:iam::999988887777:root"], name = "partner" }},
]
"""
    assert [message.split(": ")[0].removeprefix("endpoints.kmeans.invokers") for message in _messages(text)] == [
        "[1].external_id",
        "[1].colour",
        "[1].name",
        "[2]",
        "[3].role_arn",
        "[3].external_id",
        "[3].require_mfa",
        "[3].target_models",
        "[4].principals[0]",
        "[4].principals[1]",
    ]


@pytest.mark.parametrize("key", ["role_arn", "name"])
def test_the_example_in_the_place_of_a_wrong_caller_is_nobodys_namesake(key: str) -> None:
    wrong = '{ role_arn = "x" }' if key == "role_arn" else f'{{ principals = ["{_ALICE}"], name = "X" }}'
    (message,) = _messages(f'invokers = [{wrong}, "{_ROLE}", {{ {_PARTNER} }}]\n')
    assert message.startswith(f"endpoints.kmeans.invokers[0].{key}: not ")


# Networks

_NETWORK = "\n[environments.dev.network]\n"
_ROUTES = 'route_table_ids = ["rtb-0a1b2c3d"]\n'
_RIGHT = f'vpc_id = "vpc-0a1b2c3d"\nsubnet_ids = ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]\n{_ROUTES}'
_SUBNETS = "not a list of 1 to 16 subnet ids"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            _ROUTES,
            [
                'vpc_id: required, and missing; add vpc_id = "vpc-0a1b2c3d4e5f60718"',
                'subnet_ids: required, and missing; add subnet_ids = ["subnet-0a1b2c3d4e5f60718"]',
            ],
        ),
        (
            _RIGHT.replace("vpc_id", "vpc").replace("subnet_ids", "subnets"),
            [
                'vpc: unknown key, got "vpc-0a1b2c3d"; did you mean vpc_id?',
                "subnets: unknown key; did you mean subnet_ids?",
            ],
        ),
        (
            _RIGHT.replace('"vpc-0a1b2c3d"', "5").replace("subnet-1a1b2c3d", "eu-west-1a"),
            [
                'vpc_id: not a VPC id, got 5; write for example "vpc-0a1b2c3d4e5f60718"',
                'subnet_ids[1]: not a subnet id, got "eu-west-1a"; write for example "subnet-0a1b2c3d4e5f60718"',
            ],
        ),
        (
            _RIGHT.replace("subnet-1a1b2c3d", "subnet-0a1b2c3d") + 'private_endpoints = "no"\n',
            [
                'subnet_ids[1]: duplicate entry, got "subnet-0a1b2c3d"; remove it [network-id-duplicate]',
                'private_endpoints: not true or false, got "no"; write true or false, without quotes',
            ],
        ),
        (
            f'vpc_id = "vpc-0a1b2c3d"\nsubnet_ids = []\n{_ROUTES}',
            [f'subnet_ids: {_SUBNETS}, got []; write for example ["subnet-0a1b2c3d4e5f60718"]'],
        ),
    ],
)
def test_a_wrong_network_shows_every_mistake_at_once(text: str, expected: list[str]) -> None:
    assert _messages(_NETWORK + text) == [f"environments.dev.network.{message}" for message in expected]


@pytest.mark.parametrize("value", ["5", "[]", '"vpc-0a1b2c3d"'])
def test_a_network_that_is_no_table_is_one_message(value: str) -> None:
    text = MINIMAL.replace("[endpoints.kmeans]", f"network = {value}\n[endpoints.kmeans]")
    assert messages_of(tomllib.loads(text)) == [
        f"environments.dev.network: not a table, got {value}; write a table of its keys"
    ]


def test_a_wrong_deployer_hides_no_other_and_an_example_is_never_shown() -> None:
    foreign = "arn:aws:iam::444455556666:role/ci"
    text = MINIMAL.replace("[endpoints.kmeans]", f'deployers = ["ci", "{foreign}"]\n[endpoints.kmeans]')
    assert [message.split(": ")[0] for message in messages_of(tomllib.loads(text))] == [
        "environments.dev.deployers[0]",
        "environments.dev.deployers[1]",
    ]
    assert _messages('kms = { admins = ["security"] }\n') == [
        "endpoints.kmeans.kms.admins: would lock out the deployer: no deployers are configured; add deployers to "
        "[environments.dev] [key-admins-without-deployers]",
        f'endpoints.kmeans.kms.admins[0]: not an IAM role ARN, got "security"; {_EXAMPLE}',
    ]
