"""Elapsed opening time and its inverse, the due instant.

elapsed = measure of [start, end] ∩ open \\ ∪pauses        due = the first instant with elapsed = amount
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from clubassist.pure.worktime.calendar import Calendar
from clubassist.pure.worktime.intervals import Interval, in_utc, joined, outside

# A year short of the last date Python knows, so that adding days never overflows.
_FAR = datetime(9999, 1, 1, tzinfo=UTC)


class NeverOpen(ValueError):
    """The calendar and the pauses leave less time than the amount asked for, however long one waits."""

    def __init__(self, start: datetime, missing: timedelta) -> None:
        super().__init__(
            f"From {start.isoformat()} on, opening time runs out {missing} too early: "
            "give the calendar weekly opening windows, or end the pause."
        )
        self.start = start
        self.missing = missing


@dataclass(frozen=True)
class Working:
    """How a due instant came about: enough to show the working, to staff and to the member.

    `consumed` holds the open, unpaused time in UTC whose lengths add up to `amount`; `pauses` those that
    postponed `due`, in order (a pause in closed hours changes nothing and is left out).
    """

    calendar: Calendar
    start: datetime
    amount: timedelta
    due: datetime
    consumed: tuple[Interval, ...]
    pauses: tuple[Interval, ...]

    @property
    def around_the_clock(self) -> bool:
        """Whether the clock runs day and night."""
        return self.calendar.around_the_clock


def open_intervals(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Interval]:
    """The open parts of [start, end) in UTC, joined and in order; none if end ≤ start."""
    return joined(calendar.openings(in_utc(start), in_utc(end)))


def worktime_between(
    calendar: Calendar, start: datetime, end: datetime, pauses: Iterable[Interval] = ()
) -> timedelta:
    """Open time between two instants, less the union of the pauses; zero if end ≤ start, never negative."""
    parts = outside(pauses, in_utc(start), in_utc(end))
    pieces = (piece for part in parts for piece in calendar.openings(part.start, part.end))
    return sum((piece.length for piece in pieces), timedelta())


def add_worktime(
    calendar: Calendar, start: datetime, amount: timedelta, pauses: Iterable[Interval] = ()
) -> datetime:
    """The first instant, in UTC, at which `amount` of open, unpaused time has passed since `start`.

    Time that ends exactly at closing is due at closing, not at the next opening; a zero amount is due at
    `start`. Raises ValueError for a negative amount and NeverOpen if opening time runs out before.
    """
    pauses = tuple(pauses)
    if calendar.around_the_clock and not pauses and amount >= timedelta():
        return in_utc(start) + amount
    return explain(calendar, start, amount, pauses).due


def explain(
    calendar: Calendar, start: datetime, amount: timedelta, pauses: Iterable[Interval] = ()
) -> Working:
    """Like `add_worktime`, with the time consumed and the pauses that mattered."""
    start = in_utc(start)
    pauses = sorted(pauses, key=lambda pause: pause.start)
    consumed = tuple(joined(_spend(calendar, start, amount, pauses)))
    due = consumed[-1].end if consumed else start
    mattered = (
        pause
        for pause in pauses
        if worktime_between(calendar, max(start, pause.start), min(due, pause.end)) > timedelta()
    )
    return Working(calendar, start, amount, due, consumed, tuple(mattered))


def _spend(
    calendar: Calendar, start: datetime, amount: timedelta, pauses: Iterable[Interval]
) -> Iterator[Interval]:
    """The open, unpaused pieces that use up the amount, in order."""
    if amount < timedelta():
        raise ValueError(f"A clock cannot run for a negative time ({amount}).")
    left = amount
    for part in outside(pauses, start, _horizon(calendar, start)):
        for piece in calendar.openings(part.start, part.end):
            if not left:
                return
            spent = min(left, piece.length)
            yield Interval(piece.start, piece.start + spent)
            left -= spent
    if left:
        raise NeverOpen(start, left)


def _horizon(calendar: Calendar, start: datetime) -> datetime:
    """No opening lies after this instant: without weekly windows, opening ends with the last special day."""
    if any(calendar.weekly):
        return _FAR
    # A window reaches two days past its local midnight, and a zone lags UTC by less than a day.
    last = max(calendar.days, default=None)
    return start if last is None else datetime.combine(last + timedelta(days=3), time.min, UTC)
