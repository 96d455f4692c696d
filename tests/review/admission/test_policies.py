"""The grammar of policies admits what the project writes, and nothing that is weaker."""

import json
import os

import pytest

from protected_endpoints.review.admission.composition import composition, composition_problems
from protected_endpoints.review.admission.policies import PolicyGrammar, documents, grammar, kind_of, policy_problems
from protected_endpoints.review.admission.policy_features import Stack
from protected_endpoints.review.plan.synthesized import configured_arguments
from tests.review.admission import make_policies
from tests.review.admission.make_policies import COMPOSITION, policies, source_stacks
from tests.review.attacks.drawing import stacks
from tests.review.attacks.statements import WEAKENINGS
from tests.support import Json

_UPDATE = "run: make snapshots, and read the diff of policies.json and composition.json"
# Statements of endpoints with several models of other accounts, which no source has.
_ONLY_GENERATED = {"DecryptModelDataOf#", "ListModelsOf#"}


@pytest.fixture(scope="module", autouse=True)
def _update() -> None:
    """With UPDATE_SNAPSHOTS, write both files if they are out of date; each time would change the drawn examples."""
    if os.environ.get("UPDATE_SNAPSHOTS") and (_problems() or not _is_composition_up_to_date() or _stale()):
        make_policies.write()
        grammar.cache_clear()
        composition.cache_clear()


def test_the_policies_of_every_source_are_admitted() -> None:
    assert _problems() == [], _UPDATE


def test_the_composition_is_up_to_date() -> None:
    assert _is_composition_up_to_date(), _UPDATE


def test_no_statement_is_admitted_that_the_project_no_longer_writes() -> None:
    assert _stale() == set(), _UPDATE


def _problems() -> list[tuple[str, str]]:
    return [
        (kind, difference)
        for stack in source_stacks()
        for kind, features in policies(stack)
        for difference in (grammar()[kind].differences({*features}) if kind in grammar() else ["unknown"])
    ]


def _is_composition_up_to_date() -> bool:
    return COMPOSITION.read_text(encoding="utf-8") == make_policies.make_composition(source_stacks())


def _stale() -> set[str]:
    written = {feature for stack in source_stacks() for _, features in policies(stack) for feature in features}
    known = {feature for item in grammar().values() for feature in item.allowed if ": " not in feature}
    return known - written - _ONLY_GENERATED


def test_the_names_of_a_stack_decide_no_feature() -> None:
    stack = stacks()["minimal/dev-kmeans"]
    renamed: Json = json.loads(json.dumps(stack).replace("kmeans", "ranker").replace("111122223333", "444455556666"))
    assert {found for _, found in policies(stack)} == {found for _, found in policies(renamed)}


def test_a_weakened_policy_is_reported_without_a_change() -> None:
    stack = stacks()["minimal/dev-kmeans"]
    arguments = configured_arguments(stack)
    names = Stack(arguments, "111122223333", "us-west-2")
    address, attribute, document = next(item for item in documents(arguments) if item[0] == "aws_kms_key.Key")
    weakened = 0
    for position, statement in enumerate(document["Statement"]):
        for weakening in WEAKENINGS:
            after = weakening(json.loads(json.dumps(statement)))
            if not after or after == statement:
                continue
            statements = [*document["Statement"][:position], after, *document["Statement"][position + 1 :]]
            changed = {address: {attribute: json.dumps({**document, "Statement": statements})}}
            assert [*policy_problems(names, changed, ())], (weakening.__name__, statement["Sid"])
            weakened += 1
    assert weakened


def test_only_an_execution_role_has_the_permissions_of_a_container() -> None:
    """The configuration chooses what these permissions allow: elsewhere, one of them could lock out everybody."""
    arguments = configured_arguments(stacks()["permissions/dev-ranker"])
    names = Stack(arguments, "111122223333", "us-west-2")
    statement = {"Sid": "Permission1", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    for address, attribute, document in documents(arguments):
        changed = {address: {attribute: json.dumps({**document, "Statement": [*document["Statement"], statement]})}}
        found = [problem for problem in policy_problems(names, changed, ()) if "Permission#" in problem.message]
        is_permission = kind_of(address) in ("aws_iam_policy.Role_Boundary", "aws_iam_role_policy.Role_Version")
        assert bool(found) is not is_permission, address


def test_a_policy_with_a_duplicate_key_is_reported() -> None:
    arguments = configured_arguments(stacks()["minimal/dev-kmeans"])
    names = Stack(arguments, "111122223333", "us-west-2")
    everyone = '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}], '
    for address, attribute, document in documents(arguments):
        changed = {address: {attribute: json.dumps(document).replace("{", everyone, 1)}}
        (problem,) = policy_problems(names, changed, ())
        assert "duplicate keys" in problem.message


def test_the_kind_of_a_policy_has_no_name_of_an_invoker() -> None:
    assert kind_of("aws_iam_policy.Invoke_Policy-partner_F6BEFACA", "policy") == "aws_iam_policy.policy Invoke_Policy"
    assert kind_of("aws_s3_bucket.Capture") == "aws_s3_bucket.Capture"


def test_what_protects_a_bucket_is_reported_once_if_it_is_missing() -> None:
    ((address, message),) = [
        (problem.address, problem.message)
        for problem in composition_problems({"aws_s3_bucket.Capture": {}}, {"aws_s3_bucket.Capture"})
    ]
    assert (address, message.startswith("has no `aws_s3_bucket_")) == ("aws_s3_bucket.Capture", True)
    assert "`aws_s3_bucket_policy`" in message
    assert "`aws_s3_bucket_versioning`" in message


def test_a_condition_implies_nothing_that_its_statement_implies() -> None:
    for kind, item in grammar().items():
        for antecedent, features in item.implied.items():
            statement, separator, _ = antecedent.partition(": ")
            assert not separator or not features & item.implied.get(statement, frozenset()), (kind, antecedent)


def test_a_name_in_use_is_one_of_the_names_that_a_configuration_chooses() -> None:
    free = PolicyGrammar(frozenset({"Use: Resource key/<name>", "Pull: Resource <other account>"}), {})
    assert [*free.differences({"Use: Resource key/<used>", "Pull: Resource <account in use>"})] == []
    in_use = PolicyGrammar(frozenset({"Use: Resource key/<used>"}), {})
    assert [*in_use.differences({"Use: Resource key/<name>"})] == [
        "it has `Resource key/<name>` of the statement `Use`"
    ]
