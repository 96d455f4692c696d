"""An error in an invoker or a network is one message with the path in the file."""

import tomllib

import pytest

from tests.loading.support import MINIMAL, messages_of

_ROLE = "arn:aws:iam::111122223333:role/checkout-api"
_EXAMPLE = f'use a value such as "{_ROLE}" [invalid-value]'
_ALICE = "arn:aws:iam::111122223333:user/alice"
_PARTNER = f'principals = ["{_ALICE}"], name = "partner"'
_KEYS = (
    "role_arn, principals, name, external_id, principal_org_id, principal_tags, require_mfa, target_models, "
    "source_vpc, source_vpc_endpoints"
)
_WHICH = "set role_arn to a role in this account, or principals to the identities that assume a managed role"
_PRINCIPALS = "a list of one or more ARNs of an IAM role, an IAM user or an account root"
_PRINCIPAL = '"arn:aws:iam::999988887777:role/partner-gateway"'
_WRONG_TYPE = "must be an IAM role ARN or invoker table"


def _messages(text: str) -> list[str]:
    return messages_of(tomllib.loads(MINIMAL + text))


# An invoker, the path below it, and the message.
_INVALID = [
    # neither a string nor a table
    ("5", "", f"{_WRONG_TYPE}, got 5; {_EXAMPLE}"),
    ("true", "", f"{_WRONG_TYPE}, got true; {_EXAMPLE}"),
    ("1979-05-27", "", f'{_WRONG_TYPE}, got "1979-05-27"; {_EXAMPLE}'),
    (f'["{_ROLE}"]', "", f'{_WRONG_TYPE}, got ["{_ROLE}"]; {_EXAMPLE}'),
    # a string
    ('""', "", f'must be an IAM role ARN, got ""; {_EXAMPLE}'),
    ('"checkout-api"', "", f'must be an IAM role ARN, got "checkout-api"; {_EXAMPLE}'),
    (f'"{_ALICE}"', "", f'must be an IAM role ARN, got "{_ALICE}"; {_EXAMPLE}'),
    (
        '"arn:aws:iam::444455556666:role/a"',
        "",
        'the role is not in account 111122223333, got "arn:aws:iam::444455556666:role/a"; use a role in that '
        "account, set one for this environment in environments.dev of this endpoint, or list it in the principals "
        "of an invoker [invoker-not-in-account]",
    ),
    # a table
    ("{}", "", f"requires role_arn or principals; {_WHICH} [invoker-role-or-principals]"),
    (f"{{ {_PARTNER}, color = 'red' }}", ".color", f'unknown key, got "red"; use one of {_KEYS} [unknown-key]'),
    ("{ role_arn = 5 }", ".role_arn", f"must be an IAM role ARN, got 5; {_EXAMPLE}"),
    ("{ role_arn = '' }", ".role_arn", f'must be an IAM role ARN, got ""; {_EXAMPLE}'),
    ("{ rolearn = 'x' }", ".rolearn", 'unknown key, got "x"; did you mean role_arn? [unknown-key]'),
    ("{ arn = 'x' }", ".arn", 'unknown key, got "x"; did you mean role_arn? [unknown-key]'),
    (
        f"{{ {_PARTNER}, org_id = 'x' }}",
        ".org_id",
        'unknown key, got "x"; did you mean principal_org_id? [unknown-key]',
    ),
    (
        '{ principals = ["arn:aws:iam::999988887777:root"], name = "partner", extenal_id = "acme" }',
        ".extenal_id",  # and not that the external id is missing
        'unknown key, got "acme"; did you mean external_id? [unknown-key]',
    ),
    (
        "{ name = 'p', principals = 'x' }",
        ".principals",
        f'must be {_PRINCIPALS}, got "x"; use a value such as [{_PRINCIPAL}] [invalid-value]',
    ),
    (
        "{ name = 'p', principals = [] }",
        ".principals",
        f"must be {_PRINCIPALS}, got []; use a value such as [{_PRINCIPAL}] [invalid-value]",
    ),
    (
        "{ name = 'p', principals = ['*'] }",
        ".principals[0]",
        f'must be an ARN of an IAM role, an IAM user or an account root, got "*"; use a value such as {_PRINCIPAL} '
        "[invalid-value]",
    ),
    (
        f"{{ principals = ['{_ALICE}'] }}",
        ".name",
        'required with principals; for example, add name = "partner" [invoker-role-or-principals]',
    ),
    (
        f"{{ principals = ['{_ALICE}'], name = 'Partner' }}",
        ".name",
        'must be a name of up to 18 lowercase letters, digits and single hyphens, got "Partner"; write '
        '"partner" [invalid-value]',
    ),
    (
        f"{{ {_PARTNER}, external_id = 5 }}",
        ".external_id",
        "must be an external ID of 2 to 1224 letters, digits and _ + = , . @ : / -, got 5; use a value such as "
        '"acme-partner-7f3a" [invalid-value]',
    ),
    (
        f"{{ {_PARTNER}, principal_org_id = 'acme' }}",
        ".principal_org_id",
        'must be an AWS organization ID, got "acme"; use a value such as "o-a1b2c3d4e5" [invalid-value]',
    ),
    (
        f"{{ {_PARTNER}, require_mfa = 'yes' }}",
        ".require_mfa",
        'must be true or false, got "yes"; use true or false without quotes [invalid-value]',
    ),
    (
        f"{{ {_PARTNER}, principal_tags = 'ml' }}",
        ".principal_tags",
        'must be a table, got "ml"; use a value such as { team = "ml" } [invalid-value]',
    ),
    (
        f"{{ {_PARTNER}, principal_tags = {{ 'a*' = 'ml' }} }}",
        '.principal_tags."a*"',
        'must be a tag key of 1 to 128 letters, digits, spaces and _ . : / = + - @, got "a*"; rename it [invalid-key]',
    ),
    (
        f"{{ {_PARTNER}, source_vpc_endpoints = ['vpc-0a1b2c3d'] }}",
        ".source_vpc_endpoints[0]",
        'must be a VPC endpoint ID, got "vpc-0a1b2c3d"; use a value such as "vpce-0a1b2c3d4e5f60718" [invalid-value]',
    ),
]


@pytest.mark.parametrize(("invoker", "below", "message"), _INVALID)
@pytest.mark.parametrize("table_path", ["endpoints.kmeans", "endpoints.kmeans.environments.dev"])
def test_an_invalid_invoker_is_one_error_at_its_source_path(
    table_path: str, invoker: str, below: str, message: str
) -> None:
    table = f"[{table_path}]\n" if table_path.endswith("dev") else ""
    text = f'{table}invokers = ["{_ROLE.replace("checkout", "other")}", {invoker}]\n'
    assert _messages(text) == [f"{table_path}.invokers[1]{below}: {message}"]


@pytest.mark.parametrize("value", [f'"{_ROLE}"', "5", "true", "{}"])
def test_invokers_of_another_type_than_a_list_are_one_error(value: str) -> None:
    (message,) = _messages(f"invokers = {value}\n")
    assert message.startswith("endpoints.kmeans.invokers: must be a list of IAM role ARNs or invoker tables, got ")


def test_a_table_in_place_of_a_table_array_suggests_double_brackets() -> None:
    (message,) = _messages(f'[endpoints.kmeans.invokers]\nrole_arn = "{_ROLE}"\n')
    assert message.endswith(
        "; start each table of the list with [[endpoints.kmeans.invokers]], in double brackets [invalid-value]"
    )


def test_all_errors_of_all_invokers_are_reported_at_once() -> None:
    text = f"""
invokers = [
  "{_ROLE}",
  {{ principals = ["arn:aws:iam::999988887777:root"], external_id = 5, color = "red" }},
  "{_ROLE}",
  {{ role_arn = "x", external_id = "acme", require_mfa = true, target_models = [] }},
  {{ principals = ["*", "arn:aws:iam::999988887777:root"], name = "partner" }},
]
"""
    assert [message.split(": ")[0].removeprefix("endpoints.kmeans.invokers") for message in _messages(text)] == [
        "[1].external_id",
        "[1].color",
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
def test_the_example_for_an_invalid_invoker_is_no_duplicate_of_another(key: str) -> None:
    invalid = '{ role_arn = "x" }' if key == "role_arn" else f'{{ principals = ["{_ALICE}"], name = "X" }}'
    (message,) = _messages(f'invokers = [{invalid}, "{_ROLE}", {{ {_PARTNER} }}]\n')
    assert message.startswith(f"endpoints.kmeans.invokers[0].{key}: must be ")


# Networks

_NETWORK = "\n[environments.dev.network]\n"
_ROUTES = 'route_table_ids = ["rtb-0a1b2c3d"]\n'
_VALID = f'vpc_id = "vpc-0a1b2c3d"\nsubnet_ids = ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]\n{_ROUTES}'
_SUBNETS = "must be a list of 1 to 16 subnet IDs"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            _ROUTES,
            [
                'vpc_id: required; add vpc_id = "vpc-0a1b2c3d4e5f60718" [required-key]',
                'subnet_ids: required; add subnet_ids = ["subnet-0a1b2c3d4e5f60718"] [required-key]',
            ],
        ),
        (
            _VALID.replace("vpc_id", "vpc").replace("subnet_ids", "subnets"),
            [
                'vpc: unknown key, got "vpc-0a1b2c3d"; did you mean vpc_id? [unknown-key]',
                "subnets: unknown key; did you mean subnet_ids? [unknown-key]",
            ],
        ),
        (
            _VALID.replace('"vpc-0a1b2c3d"', "5").replace("subnet-1a1b2c3d", "eu-west-1a"),
            [
                'vpc_id: must be a VPC ID, got 5; use a value such as "vpc-0a1b2c3d4e5f60718" [invalid-value]',
                'subnet_ids[1]: must be a subnet ID, got "eu-west-1a"; use a value such as "subnet-0a1b2c3d4e5f60718" '
                "[invalid-value]",
            ],
        ),
        (
            _VALID.replace("subnet-1a1b2c3d", "subnet-0a1b2c3d") + 'private_endpoints = "no"\n',
            [
                'subnet_ids[1]: duplicate entry, got "subnet-0a1b2c3d"; remove it [network-id-duplicate]',
                'private_endpoints: must be true or false, got "no"; use true or false without quotes [invalid-value]',
            ],
        ),
        (
            f'vpc_id = "vpc-0a1b2c3d"\nsubnet_ids = []\n{_ROUTES}',
            [f'subnet_ids: {_SUBNETS}, got []; use a value such as ["subnet-0a1b2c3d4e5f60718"] [invalid-value]'],
        ),
    ],
)
def test_all_errors_of_a_network_are_reported_at_once(text: str, expected: list[str]) -> None:
    assert _messages(_NETWORK + text) == [f"environments.dev.network.{message}" for message in expected]


@pytest.mark.parametrize("value", ["5", "[]", '"vpc-0a1b2c3d"'])
def test_a_network_of_another_type_than_a_table_is_one_error(value: str) -> None:
    text = MINIMAL.replace("[endpoints.kmeans]", f"network = {value}\n[endpoints.kmeans]")
    assert messages_of(tomllib.loads(text)) == [
        f"environments.dev.network: must be a table, got {value}; replace the value with a table [invalid-value]"
    ]


def test_an_invalid_deployer_hides_no_other_error_and_no_message_shows_an_example() -> None:
    foreign = "arn:aws:iam::444455556666:role/ci"
    text = MINIMAL.replace("[endpoints.kmeans]", f'deployers = ["ci", "{foreign}"]\n[endpoints.kmeans]')
    assert [message.split(": ")[0] for message in messages_of(tomllib.loads(text))] == [
        "environments.dev.deployers[0]",
        "environments.dev.deployers[1]",
    ]
    assert _messages('kms = { admins = ["security"] }\n') == [
        "endpoints.kmeans.kms.admins: would lock out the deployer: no deployers are configured; add deployers to "
        "[environments.dev] [key-admins-without-deployers]",
        f'endpoints.kmeans.kms.admins[0]: must be an IAM role ARN, got "security"; {_EXAMPLE}',
    ]
