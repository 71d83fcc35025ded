"""Handling, resolution and reopening of a month's complaints, provisional and final."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given

from clubassist.pure.figures import (
    FINAL_DAY,
    PROVISIONAL_DAY,
    Assent,
    CaseLife,
    Cohort,
    Standing,
    Turn,
    closes,
    handling_rate,
    reopen_rate,
    resolution_rate,
    resolution_time,
    standing,
)
from tests.pure.figures.lives import (
    DAY,
    HOUR,
    OCTOBER,
    SHANGHAI,
    SPAN,
    cohort,
    hours,
    life,
    months_of_lives,
    report_dates,
    steady,
)

SOLVED = ((20, Turn.RESOLVED), (92, Turn.CONFIRMED))


@pytest.mark.req("F22")
def test_49_of_50_resolved_is_98_percent_and_the_other_is_listed() -> None:
    solved = [life(f"GD-{n:02}", turns=SOLVED) for n in range(49)]
    found = resolution_rate(cohort(*solved, life("GD-99"), at=hours(100)))
    assert (found.figure.numerator, found.figure.denominator, found.figure.value) == (49, 50, 98.0)
    interval = found.figure.interval
    assert interval is not None
    assert (round(interval.low, 1), round(interval.high, 1)) == (89.5, 99.6)
    assert found.rest == ("GD-99",)


@pytest.mark.parametrize(
    ("turns", "at", "stands"),
    [
        ((), 71.99, Standing.NOT_YET_DUE),
        ((*SOLVED[:1], (21, Turn.CONFIRMED)), 71.99, Standing.NOT_YET_DUE),
        ((), 72, Standing.OPEN),
        (SOLVED, 91, Standing.UNCONFIRMED),
        (SOLVED, 92, Standing.RESOLVED),
        (((20, Turn.NOT_AGREED),), 100, Standing.NOT_AGREED),
        # Nobody can be asked: two calls without an answer, then seven days without an objection.
        (((20, Turn.RESOLVED), (92, Turn.UNREACHED)), 999, Standing.UNCONFIRMED),
        (((20, Turn.RESOLVED), (92, Turn.UNREACHED), (100, Turn.UNREACHED)), 267.99, Standing.UNCONFIRMED),
        (((20, Turn.RESOLVED), (92, Turn.UNREACHED), (100, Turn.UNREACHED)), 268, Standing.RESOLVED),
        # A third call does not begin the seven days anew.
        (
            (
                (20, Turn.RESOLVED),
                (92, Turn.UNREACHED),
                (100, Turn.UNREACHED),
                (200, Turn.UNREACHED),
            ),
            268,
            Standing.RESOLVED,
        ),
        # "Not solved" opens it again, even after silence had counted as assent; calls before that do not count.
        ((*SOLVED, (200, Turn.REOPENED)), 201, Standing.OPEN),
        ((*SOLVED, (200, Turn.REOPENED), (210, Turn.RESOLVED)), 999, Standing.UNCONFIRMED),
        (
            (
                (20, Turn.RESOLVED),
                (92, Turn.UNREACHED),
                (100, Turn.UNREACHED),
                (120, Turn.REOPENED),
                (130, Turn.RESOLVED),
            ),
            999,
            Standing.UNCONFIRMED,
        ),
        # Agreed after all, at the very moment it was opened again.
        (((20, Turn.RESOLVED), (20, Turn.REOPENED), (20, Turn.RESOLVED)), 100, Standing.UNCONFIRMED),
    ],
)
def test_standing_follows_what_became_of_the_solution(
    turns: tuple[tuple[float, Turn], ...], at: float, stands: Standing
) -> None:
    assert standing(life(turns=turns), hours(at)) is stands


def test_a_club_may_read_assent_more_strictly() -> None:
    strict = Assent(due_after=24 * HOUR, tries=3, objection=14 * DAY)
    calls = ((20, Turn.RESOLVED), (92, Turn.UNREACHED), (100, Turn.UNREACHED))
    assert standing(life(turns=calls), hours(9999), strict) is Standing.UNCONFIRMED
    assert standing(life(), hours(24), strict) is Standing.OPEN


def test_day_5_is_provisional_and_day_35_final() -> None:
    """What was solved on the month's last day, and is confirmed 30 days later, counts in the final value only."""
    begin = SPAN.end - HOUR
    late = CaseLife(
        "GD-2",
        begin,
        turns=((begin + 2 * DAY, Turn.RESOLVED), (begin + 32 * DAY, Turn.CONFIRMED)),
    )
    lives = (life("GD-1", turns=SOLVED), late)
    provisional, final = (
        resolution_rate(Cohort.of(lives, SPAN, closes(OCTOBER, day, SHANGHAI)))
        for day in (PROVISIONAL_DAY, FINAL_DAY)
    )
    assert (provisional.counted, provisional.rest) == (("GD-1",), ("GD-2",))
    assert final.counted == ("GD-1", "GD-2")


def test_a_case_reopened_after_the_report_restates_it() -> None:
    lives = (life("GD-1", turns=(*SOLVED, (300, Turn.REOPENED))),)
    then, now = (resolution_rate(Cohort.of(lives, SPAN, hours(at))) for at in (200, 400))
    assert (then.figure.value, now.figure.value) == (100.0, 0.0)


def test_handling_rate_asks_only_for_a_first_solution() -> None:
    found = handling_rate(
        cohort(
            life("GD-1", proposed=5),
            life("GD-2", proposed=5, turns=((9, Turn.NOT_AGREED),)),
            life("GD-3", responded=1),
            life("GD-4", proposed=300),
            at=hours(10),
        )
    )
    assert (found.counted, found.rest, found.left_out) == (("GD-1", "GD-2"), ("GD-3", "GD-4"), ())


def test_reopen_rate_rests_on_what_was_ever_resolved() -> None:
    found = reopen_rate(
        cohort(
            life("GD-1", turns=SOLVED),
            life("GD-2", turns=(*SOLVED, (100, Turn.REOPENED))),
            life("GD-3"),
            at=hours(200),
        )
    )
    assert (found.counted, found.rest, found.left_out) == (("GD-2",), ("GD-1",), ("GD-3",))


def test_resolution_time_is_shown_net_gross_and_to_the_first_solution() -> None:
    found = resolution_time(
        cohort(
            life(
                "GD-1",
                turns=((30, Turn.RESOLVED), (40, Turn.REOPENED), (60, Turn.RESOLVED)),
                # They overlap, one begins before the receipt, one ends after the solution: 2 + 8 + 5 hours.
                pauses=((-3, 2), (10, 16), (12, 18), (55, 70)),
            ),
            at=hours(100),
        )
    )
    assert (found.net.total, found.gross.total, found.first.total) == (45 * HOUR, 60 * HOUR, 30 * HOUR)
    assert (found.net.open, found.gross.median) == (0, 60 * HOUR)


@pytest.mark.parametrize(
    "turns",
    [(), ((30, Turn.NOT_AGREED),), ((30, Turn.RESOLVED), (40, Turn.REOPENED))],
)
def test_what_is_not_solved_counts_as_open_until_the_data_date(turns: tuple[tuple[float, Turn], ...]) -> None:
    found = resolution_time(cohort(life(turns=turns, pauses=((10, 999),)), at=hours(100)))
    assert (found.gross.total, found.net.total, found.gross.open) == (100 * HOUR, 10 * HOUR, 1)


@steady
@given(lives=months_of_lives(), at=report_dates)
def test_the_rows_behind_a_figure_add_up_to_it(lives: list[CaseLife], at: datetime) -> None:
    taken = cohort(*lives, at=at)
    for split in (resolution_rate(taken), handling_rate(taken), reopen_rate(taken)):
        rows = (*split.counted, *split.rest, *split.left_out)
        assert sorted(rows) == [each.number for each in taken.lives]
        assert split.figure.numerator == len(split.counted)
        assert split.figure.denominator == len(split.counted) + len(split.rest)
        assert split.figure.value is None or 0 <= split.figure.value <= 100


@steady
@given(lives=months_of_lives(), at=report_dates)
def test_resolution_rate_equals_a_direct_walk(lives: list[CaseLife], at: datetime) -> None:
    taken = cohort(*lives, at=at)
    resolved, due = 0, 0
    for each in taken.lives:
        if at - each.received_at < timedelta(hours=72):
            continue
        due += 1
        accepted, waiting, calls = False, False, list[datetime]()
        for when, turn in each.turns:
            if turn is Turn.RESOLVED:
                accepted, waiting, calls = False, True, []
            elif turn in {Turn.REOPENED, Turn.NOT_AGREED}:
                accepted, waiting = False, False
            elif turn is Turn.CONFIRMED:
                accepted = waiting
            else:
                calls.append(when)
        silent = waiting and len(calls) >= 2 and at - calls[1] >= timedelta(days=7)
        resolved += accepted or silent
    found = resolution_rate(taken).figure
    assert (found.numerator, found.denominator) == (resolved, due)


@steady
@given(lives=months_of_lives(), at=report_dates)
def test_resolution_time_equals_an_hourly_walk(lives: list[CaseLife], at: datetime) -> None:
    taken = cohort(*lives, at=at)
    found = resolution_time(taken)
    for each, net, gross, first in zip(
        taken.lives, found.net.waits, found.gross.waits, found.first.waits, strict=True
    ):
        until = each.received_at + gross.elapsed
        walked = [each.received_at + hour * HOUR for hour in range(gross.elapsed // HOUR)]
        unpaused = [at for at in walked if not any(pause.start <= at < pause.end for pause in each.pauses)]
        assert net.elapsed == len(unpaused) * HOUR
        assert net.elapsed <= gross.elapsed
        assert first.elapsed <= gross.elapsed
        assert gross.ended or until == at
