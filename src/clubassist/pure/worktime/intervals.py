"""Spans of time in UTC, half-open, and the two operations the clock needs: join and leave out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


def in_utc(at: datetime) -> datetime:
    """The same instant in UTC.

    Python subtracts two datetimes of one named zone by their wall times, which is wrong across a change of
    offset, so every public function passes its input through here. A naive `at` raises ValueError.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone: pass an aware datetime, for example in UTC.")
    return at if at.tzinfo is UTC else at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Interval:
    """The instants t with start ≤ t < end, kept in UTC. An end before the start raises ValueError."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", in_utc(self.start))
        object.__setattr__(self, "end", in_utc(self.end))
        if self.end < self.start:
            raise ValueError(f"An interval cannot end ({self.end}) before it starts ({self.start}).")

    @property
    def length(self) -> timedelta:
        """Elapsed time from start to end."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Pause(Interval):
    """An interval in which a clock stands still, with why and by whom, as shown in the working.

    A pause that nobody has ended yet is passed with the instant up to which the clock is read as its end.
    """

    reason: str = ""
    by: str = ""


def joined(intervals: Iterable[Interval]) -> Iterator[Interval]:
    """Intervals ordered by start, with those that touch or overlap made one."""
    current: Interval | None = None
    for interval in intervals:
        if current is None:
            current = interval
        elif interval.start <= current.end:
            current = Interval(current.start, max(current.end, interval.end))
        else:
            yield current
            current = interval
    if current is not None:
        yield current


def outside(pauses: Iterable[Interval], start: datetime, end: datetime) -> Iterator[Interval]:
    """The parts of [start, end) that no pause covers, in order; pauses may overlap and come in any order."""
    cursor = start
    for pause in sorted(pauses, key=lambda pause: pause.start):
        if pause.start >= end:
            break
        if cursor < pause.start:
            yield Interval(cursor, pause.start)
        cursor = max(cursor, pause.end)
    if cursor < end:
        yield Interval(cursor, end)
