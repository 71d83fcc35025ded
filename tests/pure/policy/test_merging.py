"""Packs in force together: rows are united, and where they meet the stricter number counts."""

from pathlib import Path

import pytest

from clubassist.pure.policy import Pack, PackError, Policy, UnknownKind, merge
from tests.pure.policy.small import Change, make


def second(folder: Path, *changes: Change) -> Pack:
    return make(folder, *changes).model_copy(update={"name": "second"})


def target(policy: Policy) -> str:
    [deadline] = policy.deadlines_for("complaint.service", "normal")
    return str(deadline.target)


@pytest.mark.req("A20")
@pytest.mark.parametrize(("other", "stricter"), [("12 h", "12 h"), ("2 days", "24 h"), ("15 h", "15 h")])
def test_merge_takes_the_shorter_limit_in_any_order(tmp_path: Path, other: str, stricter: str) -> None:
    packs = [make(tmp_path), second(tmp_path, ("deadlines.toml", 'target = "24 h"', f'target = "{other}"'))]
    assert target(merge(packs)) == target(merge(packs[::-1])) == stricter


def test_merge_takes_the_higher_goal(tmp_path: Path) -> None:
    packs = [make(tmp_path), second(tmp_path, ("measures.toml", "at_least = 98", "at_least = 99.5"))]
    assert [merge(order).measures[0].at_least for order in (packs, packs[::-1])] == [99.5, 99.5]


def test_merge_takes_a_limit_that_only_one_pack_sets(tmp_path: Path) -> None:
    packs = [make(tmp_path), second(tmp_path, ("measures.toml", "at_least = 98", "at_most = 99"))]
    [measure] = merge(packs).measures
    assert (measure.at_least, measure.at_most) == (98, 99)


def test_merge_keeps_the_wording_of_the_earlier_pack_and_unites_citations(tmp_path: Path) -> None:
    changes = (
        ("measures.toml", "In time", "Punctual"),
        ("measures.toml", 'clauses = ["X01"]', 'clauses = ["X02"]'),
    )
    [measure] = merge([make(tmp_path), second(tmp_path, *changes)]).measures
    assert (measure.title.en, measure.clauses) == ("In time", ("X01", "X02"))


def test_merge_unites_rows_of_different_ids_and_gives_a_case_one_clock_per_promise(tmp_path: Path) -> None:
    changes = (("deadlines.toml", 'id = "answer"', 'id = "quick"'), ("deadlines.toml", '"24 h"', '"1 h"'))
    policy = merge([make(tmp_path), second(tmp_path, *changes)])
    assert [row.id for row in policy.deadlines] == ["answer", "quick"]
    assert target(policy) == "1 h"


def test_merge_refuses_packs_that_disagree_on_more_than_a_number(tmp_path: Path) -> None:
    packs = [make(tmp_path), second(tmp_path, ("deadlines.toml", '"always"', '"opening"'))]
    with pytest.raises(
        PackError, match=r"deadlines.toml: answer.calendar: two packs in force differ. Let the packs"
    ):
        merge(packs)


def test_merge_turns_a_switch_on_when_one_pack_does(tmp_path: Path) -> None:
    packs = [make(tmp_path), second(tmp_path, ("pack.toml", "on = false", "on = true"))]
    assert target(merge(packs[:1])) == "24 h"
    assert target(merge(packs)) == "4 h"


def test_merge_never_lets_a_switch_loosen_a_limit(tmp_path: Path) -> None:
    changes = (
        ("pack.toml", "on = false", "on = true"),
        ("deadlines.toml", 'hurry = "4 h"', 'hurry = "48 h"'),
    )
    assert target(merge([make(tmp_path, *changes)])) == "24 h"


def test_merge_drops_citations_of_clauses_that_are_not_in_force(tmp_path: Path) -> None:
    policy = merge([make(tmp_path).model_copy(update={"clauses": ()})])
    assert policy.deadlines[0].clauses == ()
    assert policy.playbooks[0].stages[0].tasks[0].clauses == ()
    assert policy.carriers("X01") == ()


def test_member_words_tell_the_target_that_is_in_force(tmp_path: Path) -> None:
    [plain] = merge([make(tmp_path)]).deadlines
    [hurried] = merge([make(tmp_path, ("pack.toml", "on = false", "on = true"))]).deadlines
    assert plain.member_words is not None
    assert hurried.member_words is not None
    assert plain.member_words.zh == "24 小时内答复您。"
    assert hurried.member_words.en == "We answer within 4 hours."


def test_kind_names_the_kinds_in_force_when_one_is_unknown(tmp_path: Path) -> None:
    policy = merge([make(tmp_path)])
    with pytest.raises(
        UnknownKind, match=r"No kind “refund” is in force. Kinds in force: complaint.service."
    ):
        policy.deadlines_for("refund", "normal")
    assert policy.kind("complaint.service").prefix == "GD"


def test_notice_is_the_row_that_names_the_kind_most_closely(tmp_path: Path) -> None:
    rows = [
        f'\n[[notice]]\nevent = "case.opened"\nkinds = ["{kinds}"]\ntitle = {{zh = "甲", en = "{kinds}"}}\n'
        'text = {zh = "您好", en = "Hello"}\n'
        for kinds in ("complaint.*", "complaint.service")
    ]
    end = 'clauses = ["X01"]\n'
    policy = merge([make(tmp_path, ("notices.toml", end, end + "".join(rows)))])
    closest = policy.notice("case.opened", "complaint.service")
    of_class = policy.notice("case.opened", "complaint.venue")
    any_kind = policy.notice("case.opened", "inquiry")
    assert closest is not None
    assert of_class is not None
    assert any_kind is not None
    assert [closest.title.en, of_class.title.en, any_kind.title.en] == [
        "complaint.service",
        "complaint.*",
        "Received",
    ]
    assert policy.notice("case.closed", "complaint.service") is None


def test_merge_takes_the_words_of_the_earlier_pack_however_the_later_ties_them(tmp_path: Path) -> None:
    other = second(
        tmp_path, ("terms.toml", "Complaint", "Grievance"), ("terms.toml", 'within = "case"\n', "")
    )
    assert merge([make(tmp_path), other]).terms["complaint"].en == "Complaint"
    assert merge([other, make(tmp_path)]).terms["complaint"].en == "Grievance"
