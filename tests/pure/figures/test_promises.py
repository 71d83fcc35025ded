"""Attainment with the allowed pauses and without them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubassist.pure.figures import Marks, Outcome, Promise, attained, outcome
from clubassist.pure.worktime import Calendar, Interval, Window
from tests.pure.figures.lives import BEGIN, HOUR, SHANGHAI, hours, steady

ALWAYS = Calendar.always(SHANGHAI)
OPENING_HOURS = Calendar(SHANGHAI, ((Window(8 * 60, 22 * 60),),) * 7)
HALF_HOUR = timedelta(minutes=30)
"""All times here are on the half hour."""

NOT_ENDED = datetime.max.replace(tzinfo=UTC)
HAIR = timedelta(microseconds=1)
KINDS = st.sampled_from([ALWAYS, OPENING_HOURS])
moments = st.integers(0, 100).map(hours)


@st.composite
def promises(draw: st.DrawFn, number: str = "GD-1") -> Promise:
    """A promise of some hours with pauses, met, stopped or neither, all after it began."""
    spans = draw(st.lists(st.tuples(moments, moments), max_size=3))
    return Promise(
        number,
        draw(KINDS),
        BEGIN,
        draw(st.integers(1, 40)) * HOUR,
        met_at=draw(st.none() | moments),
        stopped_at=draw(st.none() | moments),
        pauses=tuple(Interval(min(span), max(span)) for span in spans),
    )


@pytest.mark.parametrize(
    ("met", "stopped", "at", "stands"),
    [
        (None, None, 4, Outcome.PENDING),
        (None, None, 4.01, Outcome.LATE),
        (4, None, 9, Outcome.MET),
        (4.01, None, 9, Outcome.LATE),
        (3, None, 2, Outcome.PENDING),
        (None, 3, 9, Outcome.STOPPED),
        (None, 3, 2, Outcome.PENDING),
        (None, 4.01, 9, Outcome.LATE),
        (3, 3.5, 9, Outcome.MET),
    ],
)
def test_a_promise_exactly_at_its_limit_is_met(
    met: float | None, stopped: float | None, at: float, stands: Outcome
) -> None:
    found = outcome(
        due_at=hours(4),
        at=hours(at),
        met_at=None if met is None else hours(met),
        stopped_at=None if stopped is None else hours(stopped),
    )
    assert found is stands


def test_a_pause_saves_a_promise_and_the_figure_without_it_says_so() -> None:
    """Two hours from 10:00, half an hour of waiting for a part, restored at 12:30."""
    pause = Interval(hours(1.25), hours(1.75))
    taken = [
        Promise("GD-1", OPENING_HOURS, BEGIN, 2 * HOUR, met_at=hours(2.5), pauses=(pause,)),
        Promise("GD-2", OPENING_HOURS, BEGIN, 2 * HOUR, met_at=hours(2.5) + HAIR, pauses=(pause,)),
        Promise("GD-3", OPENING_HOURS, BEGIN, 2 * HOUR, met_at=hours(0.5)),
    ]
    assert BEGIN.astimezone(OPENING_HOURS.local(BEGIN).tzinfo).time() == time(10)
    found = attained(taken, hours(9))
    assert (found.with_pauses.counted, found.with_pauses.rest) == (("GD-1", "GD-3"), ("GD-2",))
    assert (found.without_pauses.counted, found.without_pauses.rest) == (("GD-3",), ("GD-1", "GD-2"))


def test_a_pause_longer_than_the_limit_keeps_a_promise_pending_while_it_lasts() -> None:
    running = Promise("GD-1", ALWAYS, BEGIN, 2 * HOUR, pauses=(Interval(hours(1), NOT_ENDED),))
    found = attained([running], hours(500))
    assert (found.with_pauses.left_out, found.without_pauses.rest) == (("GD-1",), ("GD-1",))
    ended = Promise("GD-1", ALWAYS, BEGIN, 2 * HOUR, pauses=(Interval(hours(1), hours(400)),))
    assert attained([ended], hours(401) + HAIR).with_pauses.rest == ("GD-1",)


@steady
@given(each=promises(), at=moments)
def test_a_pause_never_makes_a_met_promise_late(each: Promise, at: datetime) -> None:
    found = attained([each], at)
    assert not (found.without_pauses.counted and found.with_pauses.rest)


@steady
@given(each=promises(), at=moments)
def test_stands_equals_a_walk_by_half_hours(each: Promise, at: datetime) -> None:
    """The due time walked half hour by half hour: the first at which the target of open, unpaused time has passed."""
    for paused in (True, False):
        now, left = each.started_at, each.target
        while left:
            still = paused and any(pause.start <= now < min(pause.end, at) for pause in each.pauses)
            if each.calendar.is_open(now) and not still:
                left -= HALF_HOUR
            now += HALF_HOUR
        expected = Outcome.LATE if now < at else Outcome.PENDING
        if each.stopped_at is not None and each.stopped_at <= min(now, at):
            expected = Outcome.STOPPED
        if each.met_at is not None and each.met_at <= at:
            expected = Outcome.MET if each.met_at <= now else Outcome.LATE
        assert each.stands(at, paused=paused) is expected


@steady
@given(st.lists(promises(), max_size=8), moments, st.data())
def test_attained_parts_every_promise_once_in_any_order(
    found: list[Promise], at: datetime, data: st.DataObject
) -> None:
    taken = [
        Promise(f"GD-{n}", p.calendar, p.started_at, p.target, p.met_at, p.stopped_at, p.pauses)
        for n, p in enumerate(found)
    ]
    result = attained(taken, at)
    for split in (result.with_pauses, result.without_pauses):
        rows = (*split.counted, *split.rest, *split.left_out)
        assert sorted(rows) == sorted(each.number for each in taken)
        value = split.figure.value
        assert value is None or 0 <= value <= 100
    assert attained(data.draw(st.permutations(taken)), at) == result


def test_there_are_sixteen_marks_and_what_is_kept_decides_first() -> None:
    every = list(Marks.every())
    assert len(set(every)) == 16
    assert {marks.outcome for marks in every if marks.kept} == {Outcome.MET, Outcome.LATE}
    assert all(marks.outcome is Outcome.STOPPED for marks in every if marks.dropped and not marks.kept)
