"""A month by receipt and a month by event date: edges, duplicates, data date, and that the two never mix."""

from __future__ import annotations

import inspect
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubassist.pure import figures
from clubassist.pure.figures import CaseLife, Cohort, Flow, Turn, month_span, one_for_each_matter
from tests.pure.figures.lives import (
    BEGIN,
    DAY,
    SHANGHAI,
    SPAN,
    cohort,
    hours,
    life,
    months_of_lives,
    report_dates,
    steady,
)

LATER = hours(60 * 24)


def numbers(taken: Cohort) -> list[str]:
    return [each.number for each in taken.lives]


def test_a_case_belongs_to_the_month_its_club_received_it_in() -> None:
    start, end = datetime(2026, 9, 30, 16, tzinfo=UTC), datetime(2026, 10, 31, 16, tzinfo=UTC)
    hair = timedelta(microseconds=1)
    lives = [
        CaseLife("before", start - hair),
        CaseLife("first", start),
        CaseLife("last", end - hair, turns=((end + 9 * DAY, Turn.RESOLVED),)),
        CaseLife("next", end),
    ]
    assert numbers(Cohort.of(lives, SPAN, LATER)) == ["first", "last"]
    november = month_span(date(2026, 11, 1), SHANGHAI)
    assert numbers(Cohort.of(lives, november, LATER)) == ["next"]
    # What was solved in November counts as November's work, and for October's rate.
    assert Flow.of(lives, november).resolved == ("last",)
    assert Flow.of(lives, SPAN).resolved == ()


def test_spam_and_praise_are_in_no_figure() -> None:
    assert numbers(cohort(life("GD-1"), life("GD-2", counted=False), at=LATER)) == ["GD-1"]
    assert Flow.of([life("GD-2", counted=False)], SPAN).received == ()


def test_of_duplicates_one_stays_with_the_earliest_receipt_and_reply() -> None:
    first = life("GD-1", received=0, responded=3, merged_into="GD-2")
    second = life("GD-2", received=2, responded=5, merged_into="GD-3")
    (kept,) = one_for_each_matter([first, second, life("GD-3", received=4)])
    assert (kept.number, kept.received_at, kept.responded_at) == ("GD-3", hours(0), hours(3))


def test_the_earliest_receipt_decides_the_month_of_a_matter() -> None:
    first = CaseLife("GD-1", SPAN.end - DAY, merged_into="GD-2")
    second = CaseLife("GD-2", SPAN.end + DAY)
    assert numbers(cohort(first, second, at=LATER)) == ["GD-2"]


@pytest.mark.parametrize(
    ("lives", "says"),
    [
        ([life("GD-1", merged_into="GD-9")], "give that case"),
        ([life("GD-1", merged_into="GD-2"), life("GD-2", merged_into="GD-1")], "circle"),
        ([life("GD-1", merged_into="GD-1")], "circle"),
    ],
)
def test_a_merge_that_leads_nowhere_is_refused(lives: list[CaseLife], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        one_for_each_matter(lives)


@pytest.mark.parametrize("received", [SPAN.start - DAY, SPAN.end, LATER])
def test_a_cohort_refuses_a_case_from_outside(received: datetime) -> None:
    with pytest.raises(ValueError, match="GD-7"):
        Cohort(SPAN, LATER, (CaseLife("GD-7", received),))


def test_a_cohort_does_not_hold_what_came_after_its_date() -> None:
    assert numbers(cohort(life("GD-1", received=3), at=hours(2))) == []
    (kept,) = cohort(
        life(
            responded=5, proposed=6, turns=((1, Turn.RESOLVED), (7, Turn.REOPENED)), pauses=((1, 9), (5, 6))
        ),
        at=hours(4),
    ).lives
    assert kept == life(turns=((1, Turn.RESOLVED),), pauses=((1, 4),))


@pytest.mark.parametrize(
    "wrong",
    [
        {"responded": -1.0},
        {"proposed": -1.0},
        {"turns": ((-1.0, Turn.RESOLVED),)},
        {"turns": ((9.0, Turn.RESOLVED), (8.0, Turn.REOPENED))},
    ],
)
def test_times_that_contradict_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="GD-1"):
        life("GD-1", **wrong)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        CaseLife("GD-1", BEGIN.replace(tzinfo=None))


def test_no_figure_takes_a_flow_for_a_cohort() -> None:
    takers = {
        name: get_type_hints(function)["cohort"]
        for name, function in inspect.getmembers(figures, inspect.isfunction)
        if "cohort" in inspect.signature(function).parameters
    }
    assert set(takers) == {
        "first_response",
        "handling_rate",
        "reopen_rate",
        "resolution_rate",
        "resolution_time",
        "satisfied",
    }
    assert set(takers.values()) == {Cohort}
    assert not issubclass(Flow, Cohort)
    assert not hasattr(Flow, "lives")


@steady
@given(lives=months_of_lives(), at=report_dates, data=st.data())
def test_cohort_and_flow_do_not_depend_on_the_order(
    lives: list[CaseLife], at: datetime, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(lives))
    assert Cohort.of(shuffled, SPAN, at) == Cohort.of(lives, SPAN, at)
    assert Flow.of(shuffled, SPAN) == Flow.of(lives, SPAN)


@steady
@given(lives=months_of_lives())
def test_every_matter_falls_in_exactly_one_month(lives: list[CaseLife]) -> None:
    months = [date(2026, month, 1) for month in (9, 10, 11)]
    taken = [
        number for month in months for number in numbers(Cohort.of(lives, month_span(month, SHANGHAI), LATER))
    ]
    expected = [each.number for each in one_for_each_matter(lives) if each.counted]
    assert sorted(taken) == sorted(expected)
    received = [number for month in months for number in Flow.of(lives, month_span(month, SHANGHAI)).received]
    assert sorted(received) == sorted(expected)


def test_a_solution_that_did_not_hold_is_taken_back_at_the_data_date() -> None:
    solved = life(turns=((1, Turn.RESOLVED),))
    again = life(turns=((1, Turn.RESOLVED), (50, Turn.REOPENED), (60, Turn.RESOLVED)))
    assert solved.taken_back(hours(10)) == solved
    assert again.taken_back(hours(10)).as_at(hours(10)).turns[-1] == (hours(10), Turn.REOPENED)
    assert again.taken_back(hours(10)).as_at(hours(10)).ending is None
    for not_yet_or_no_longer in (0.5, 50, 70):
        assert again.taken_back(hours(not_yet_or_no_longer)) == again
