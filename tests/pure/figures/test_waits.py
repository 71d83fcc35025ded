"""Mean, median and P90 of first responses, with the cases that still wait."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubassist.pure.figures import CaseLife, Cohort, Spread, Turn, Wait, Waiting, first_response
from tests.pure.figures.lives import (
    DAY,
    HOUR,
    SPAN,
    cohort,
    hours,
    life,
    months_of_lives,
    report_dates,
    steady,
)

TWELVE_HOURS = 12 * HOUR


def test_first_response_equals_the_sample_computed_by_hand() -> None:
    found = first_response(
        cohort(
            life("GD-1", responded=0.5),
            life("GD-2", responded=2),
            life("GD-3", received=1, responded=4),
            life("GD-4", received=2, responded=25),
            life("GD-5", received=10),
            at=hours(40),
        )
    )
    # 0.5 + 2 + 3 + 23 + 30 so far = 58.5 h over 5 cases; the one without an answer waits longest.
    assert (found.n, found.open, found.mean) == (5, 1, timedelta(hours=11.7))
    assert (found.median, found.p90) == (3 * HOUR, None)
    assert found.mean_within(TWELVE_HOURS) is True


def test_a_club_that_keeps_every_limit_by_an_hour_fails_the_mean() -> None:
    found = first_response(cohort(*(life(f"GD-{n}", responded=23) for n in range(9)), at=hours(30)))
    assert (found.mean, found.median, found.p90) == (23 * HOUR, 23 * HOUR, 23 * HOUR)
    assert found.mean_within(TWELVE_HOURS) is False


def test_a_mean_exactly_at_its_limit_keeps_it() -> None:
    third = timedelta(hours=12, microseconds=1)
    found = Waiting((Wait("a", TWELVE_HOURS, True), Wait("b", TWELVE_HOURS, True), Wait("c", third, True)))
    # Rounded to the microsecond the mean is twelve hours, and yet more than that.
    assert found.mean == TWELVE_HOURS
    assert found.mean_within(TWELVE_HOURS) is False
    assert Waiting(found.waits[:2]).mean_within(TWELVE_HOURS) is True


def test_no_case_gives_no_mean_and_no_verdict() -> None:
    found = first_response(cohort(at=hours(0)))
    assert (found.n, found.open, found.mean, found.median, found.p90) == (0, 0, None, None, None)
    assert found.mean_within(TWELVE_HOURS) is None


def test_a_case_nobody_waited_with_is_left_out() -> None:
    found = first_response(cohort(life("GD-1", responded=1), life("GD-2", awaited=False), at=hours(9)))
    assert [wait.number for wait in found.waits] == ["GD-1"]


def test_reopening_and_pauses_leave_the_first_response_alone() -> None:
    turns = ((20, Turn.RESOLVED), (90, Turn.REOPENED))
    found = first_response(cohort(life(responded=6, turns=turns, pauses=((1, 5),)), at=hours(200)))
    assert found.waits == (Wait("GD-1", 6 * HOUR, ended=True),)


def test_an_answer_after_the_data_date_is_not_known_yet() -> None:
    found = first_response(cohort(life(responded=6), at=hours(5)))
    assert found.waits == (Wait("GD-1", 5 * HOUR, ended=False),)


def test_a_wait_refuses_a_negative_time() -> None:
    with pytest.raises(ValueError, match="check its times"):
        Wait("GD-1", -HOUR, ended=True)


@steady
@given(lives=months_of_lives(), silent=st.sets(st.integers(0, 5)))
def test_leaving_cases_unanswered_never_improves_mean_or_median(
    lives: list[CaseLife], silent: set[int]
) -> None:
    taken = [each for each in Cohort.of(lives, SPAN, hours(60 * 24)).lives if each.awaited]
    date = hours(90 * 24)
    answered = Waiting(first_response(Cohort(SPAN, date, tuple(taken))).waits)
    left = tuple(
        CaseLife(each.number, each.received_at) if index in silent else each
        for index, each in enumerate(taken)
    )
    worse = first_response(Cohort(SPAN, date, left))
    assert worse.total >= answered.total
    assert answered.median is None or worse.median is None or worse.median >= answered.median


@steady
@given(lives=months_of_lives(), at=report_dates)
def test_first_response_equals_a_direct_walk(lives: list[CaseLife], at: datetime) -> None:
    taken = cohort(*lives, at=at)
    found = first_response(taken)
    elapsed = []
    for each in taken.lives:
        if each.awaited:
            until = each.responded_at if each.responded_at is not None else taken.at
            elapsed.append((until - each.received_at) // timedelta(microseconds=1))
    assert found.total // timedelta(microseconds=1) == sum(elapsed)
    assert found.n == len(elapsed) == len(found.waits)
    assert found.open == sum(each.awaited and each.responded_at is None for each in taken.lives)
    assert all(timedelta() <= wait.elapsed <= 105 * DAY for wait in found.waits)


waits = st.lists(
    st.builds(
        Wait,
        number=st.just("GD-1"),
        elapsed=st.timedeltas(timedelta(), 100 * DAY),
        ended=st.booleans(),
    ),
    max_size=20,
)


@pytest.mark.req("F21", "A02")
@steady
@given(one=waits, other=waits)
def test_waits_added_up_keep_their_mean_exactly_and_their_quantiles_to_the_minute(
    one: list[Wait], other: list[Wait]
) -> None:
    whole, added = Waiting((*one, *other)), Spread.of(one) + Spread.of(other)
    assert (added.n, added.open, added.total, added.mean) == (whole.n, whole.open, whole.total, whole.mean)
    for limit in (DAY, TWELVE_HOURS):
        assert added.mean_within(limit) == whole.mean_within(limit)
    if not whole.open:
        for rounded, exact in ((added.median, whole.median), (added.p90, whole.p90)):
            assert (rounded is None) == (exact is None)
            assert rounded is None or exact is None or timedelta() <= rounded - exact < timedelta(minutes=1)
