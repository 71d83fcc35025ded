"""What is run is compared with what the clause states, case by case."""

from pathlib import Path

import pytest

from clubassist.pure.policy import Finding, lint
from tests.pure.policy.small import Change, make

READING = 'owner = "service"\nreading = {zh = "按 48 小时执行。", en = "We run 48 hours."}\n[[clause.states]]'


def found(folder: Path, *changes: Change) -> list[Finding]:
    return [one for one in lint([make(folder, *changes)]) if one.rule in ("looser-than-stated", "not-run")]


def test_a_deadline_longer_than_its_clause_says_is_found(tmp_path: Path) -> None:
    [one] = found(tmp_path, ("deadlines.toml", 'target = "24 h"', 'target = "48 h"'))
    assert (one.rule, one.clauses, one.open) == ("looser-than-stated", ("X01",), True)
    assert [(place.file, place.key) for place in one.places] == [
        ("clauses.toml", "X01.states.#1"),
        ("deadlines.toml", "answer"),
    ]
    assert one.message.en == (
        "Run looser than stated: X01 “Complaint · first_response: at most 24 hours”, "
        "but “Answer” has 48 hours (Complaint)."
    )
    assert one.message.zh == (
        "实际执行比条文松：X01“投诉 · first_response：不超过 24 小时”，而“答复”是48 小时（投诉）。"
    )


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (("deadlines.toml", 'calendar = "always"', 'calendar = "opening"'), "looser-than-stated"),
        (
            ("deadlines.toml", 'calendar = "always"', 'calendar = "always"\nafter = "1 h"'),
            "looser-than-stated",
        ),
        (("measures.toml", "at_least = 98", "at_least = 90"), None),
        (("deadlines.toml", 'calendar = "always"', 'calendar = "always"\nstarts = "agreed"'), "not-run"),
        (("deadlines.toml", 'promise = "first_response"', 'promise = "solution"'), "not-run"),
        (("deadlines.toml", '["complaint.*"]}', '["complaint.*"], urgency = ["normal"]}'), "not-run"),
        (("deadlines.toml", 'target = "24 h"', 'target = "12 h"'), None),
        (("clauses.toml", 'about = "complaint"', 'about = "towel"'), None),
        (("clauses.toml", 'about = "complaint"', 'about = "case"'), None),
    ],
)
def test_what_no_deadline_of_its_cases_keeps_is_found(
    tmp_path: Path, change: Change, rule: str | None
) -> None:
    assert [one.rule for one in found(tmp_path, change)] == ([rule] if rule else [])


def test_only_the_cases_that_a_statement_is_for_count(tmp_path: Path) -> None:
    urgent = ("clauses.toml", 'at_most = "24 h"', 'when = {urgency = "urgent"}\nat_most = "24 h"')
    normal = ("deadlines.toml", '["complaint.*"]}', '["complaint.*"], urgency = ["normal"]}')
    assert [one.rule for one in found(tmp_path, urgent, normal)] == ["not-run"]
    fits = ("deadlines.toml", '["complaint.*"]}', '["complaint.*"], urgency = ["urgent"]}')
    assert found(tmp_path, urgent, fits) == []


def test_a_case_that_deadlines_do_not_know_may_be_any_of_theirs(tmp_path: Path) -> None:
    gold = ("clauses.toml", 'at_most = "24 h"', 'when = {tier = "gold"}\nat_most = "24 h"')
    normal = ("deadlines.toml", '["complaint.*"]}', '["complaint.*"], urgency = ["normal"]}')
    assert found(tmp_path, gold, normal) == []
    hour = ("clauses.toml", 'at_most = "24 h"', 'when = {tier = "gold"}\nat_most = "1 h"')
    assert [one.rule for one in found(tmp_path, hour)] == ["looser-than-stated"]


def test_a_goal_below_the_stated_share_is_found(tmp_path: Path) -> None:
    stated = ("clauses.toml", 'at_most = "24 h"', 'at_least = "99 %"')
    [one] = found(tmp_path, stated)
    assert (one.rule, one.places[-1].key) == ("looser-than-stated", "answered")
    assert "“In time” has a goal of 98%" in one.message.en
    assert found(tmp_path, ("clauses.toml", 'at_most = "24 h"', 'at_least = "98 %"')) == []


def test_a_reading_says_what_is_run(tmp_path: Path) -> None:
    longer = ("deadlines.toml", 'target = "24 h"', 'target = "48 h"')
    reading = ("clauses.toml", 'owner = "service"\n[[clause.states]]', READING)
    assert found(tmp_path, longer, reading) == []


RATE = (
    "clauses.toml",
    'promise = "first_response"\nat_most = "24 h"',
    'promise = "resolution_rate"\nat_least = "98 %"',
)
MEAN = ("clauses.toml", 'promise = "first_response"', 'promise = "mean_response"')
OF = (
    "terms.toml",
    '[[term]]\ncode = "complaint"',
    '[[term]]\ncode = "mean_response"\ntitle = {zh = "平均", en = "Mean"}\nmean_of = "first_response"\n\n'
    '[[term]]\ncode = "complaint"',
)


def of_cases(formula: str, goal: str, unit: str) -> Change:
    """Make the measure one over cases."""
    old = 'formula = "attainment"\nat_least = 98\nunit = "%"'
    return ("measures.toml", old, f'formula = "{formula}"\n{goal}\nunit = "{unit}"')


@pytest.mark.parametrize(
    ("changes", "goal", "words"),
    [
        ((RATE,), of_cases("resolution", "at_least = 50", "%"), "a goal of 50%"),
        ((RATE,), of_cases("resolution", "at_least = 98", "%"), None),
        ((RATE,), of_cases("handling", "at_least = 50", "%"), None),
        ((MEAN, OF), of_cases("response_time", "at_most = 40", "h"), "a goal of 40 hours"),
        ((MEAN, OF), of_cases("response_time", "at_most = 24", "h"), None),
    ],
)
def test_a_loosened_goal_over_cases_is_found(
    tmp_path: Path, changes: tuple[Change, ...], goal: Change, words: str | None
) -> None:
    no_clocks = ("measures.toml", 'promise = "first_response"\n', "")
    messages = [one.message.en for one in found(tmp_path, *changes, no_clocks, goal)]
    assert [words in message for message in messages if words] == ([True] if words else [])
    assert bool(messages) == bool(words)
