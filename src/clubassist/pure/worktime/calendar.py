"""A venue's opening hours in its own zone, and the exact instants in which it is open."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from clubassist.pure.worktime.intervals import Interval, in_utc, joined

MINUTES_A_DAY = 24 * 60
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
# The shortest time between two changes of offset in the tz database is 95 h (Freetown, 1939).
_STRETCH = timedelta(days=3)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Opening hours of one day as wall time: minutes after local midnight, start ≤ minute < end.

    An end past 1440 reaches into the next day, up to 2880. Anything else raises ValueError.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError(f"The window {self.start}–{self.end} has no length; leave a closed day empty.")
        if not 0 <= self.start < self.end <= 2 * MINUTES_A_DAY:
            raise ValueError(
                f"The window {self.start}–{self.end} must satisfy 0 ≤ start < end ≤ 2880 minutes; "
                "closing after midnight is written past 1440, so 18:00 to 02:00 is 1080 to 1560."
            )


def _windows(pairs: Iterable[Sequence[int]]) -> tuple[Window, ...]:
    return tuple(Window(start, end) for start, end in pairs)


NEVER_CLOSED = ((Window(0, MINUTES_A_DAY),),) * 7


@dataclass(frozen=True)
class Calendar:
    """When a venue is open.

    `zone` is an IANA name, `weekly` holds the windows of the seven weekdays from Monday, and `days` replaces
    them on single dates (an empty tuple closes the date). An instant is open if its wall time lies in a
    window of its local date or in a past-midnight window of the date before. So both passes of a repeated
    hour count, and skipped wall time has no minutes. Raises ValueError for an unknown zone or a short week.
    """

    zone: str
    weekly: tuple[tuple[Window, ...], ...]
    # Left out of the hash, not of equality: mappings have no hash, and calendars seldom differ here alone.
    days: Mapping[date, tuple[Window, ...]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError(f"A week has seven entries from Monday, not {len(self.weekly)}.")
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"Unknown time zone {self.zone!r}: use a name like Asia/Shanghai.") from error
        object.__setattr__(self, "days", dict(self.days))

    @classmethod
    def always(cls, zone: str) -> Self:
        """Open around the clock, every day."""
        return cls(zone, NEVER_CLOSED)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Return the calendar that `document` wrote down."""
        monday, tuesday, wednesday, thursday, friday, saturday, sunday = map(_windows, document["weekly"])
        days = {date.fromisoformat(day): _windows(pairs) for day, pairs in document["days"].items()}
        week = (monday, tuesday, wednesday, thursday, friday, saturday, sunday)
        return cls(document["zone"], week, days)

    def document(self, *, since: date) -> dict[str, Any]:
        """Return the calendar as JSON takes it, without single dates before `since`."""
        return {
            "zone": self.zone,
            "weekly": [[[window.start, window.end] for window in day] for day in self.weekly],
            "days": {
                str(day): [[window.start, window.end] for window in windows]
                for day, windows in sorted(self.days.items())
                if day >= since
            },
        }

    @property
    def around_the_clock(self) -> bool:
        """Whether this is the calendar that never closes, as `always` makes it."""
        return not self.days and self.weekly == NEVER_CLOSED

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """The windows that begin on this local date."""
        return self.days.get(day, self.weekly[day.weekday()])

    def local(self, at: datetime) -> datetime:
        """The wall time at this instant."""
        return in_utc(at).astimezone(ZoneInfo(self.zone))

    def service_day(self, at: datetime) -> date | None:
        """The local date whose windows hold this instant, the eve during a night shift; None when closed."""
        wall = self.local(at)
        minute = wall.hour * 60 + wall.minute
        today, eve = wall.date(), wall.date() - _DAY
        if any(window.start <= minute < window.end for window in self.windows_on(today)):
            return today
        if any(window.start <= minute + MINUTES_A_DAY < window.end for window in self.windows_on(eve)):
            return eve
        return None

    def is_open(self, at: datetime) -> bool:
        """Whether the venue is open at this instant."""
        return self.service_day(at) is not None

    def openings(self, start: datetime, end: datetime) -> Iterator[Interval]:
        """The open parts of [start, end) in UTC, in order and disjoint; parts that touch may be separate."""
        for begin, stop, offset in _fixed_offsets(ZoneInfo(self.zone), start, end):
            day = (begin + offset).date() - _DAY
            midnight = datetime.combine(day, time.min, UTC) - offset
            found = []
            while midnight < stop:
                for window in self.windows_on(day):
                    opens = max(begin, midnight + timedelta(minutes=window.start))
                    closes = min(stop, midnight + timedelta(minutes=window.end))
                    if opens < closes:
                        found.append((opens, closes))
                day, midnight = day + _DAY, midnight + _DAY
            yield from joined(Interval(*pair) for pair in sorted(found))


def _fixed_offsets(
    zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Cut [start, end) into stretches of a few days in which the zone's offset from UTC is one value.

    Comparing the two ends of a stretch finds every change, as long as it is short enough not to hold two.
    """
    while start < end:
        offset = _offset(zone, start)
        stop = min(end, start + _STRETCH)
        if _offset(zone, stop) != offset:
            stop = _change(zone, start, stop)
        yield start, stop, offset
        start = stop


def _change(zone: ZoneInfo, start: datetime, stop: datetime) -> datetime:
    """The first whole second in (start, stop] with another offset than at `start`, by bisection."""
    before, after = start.replace(microsecond=0), stop.replace(microsecond=0)
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if _offset(zone, middle) == _offset(zone, start):
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    """Wall time less UTC at this instant."""
    return at.astimezone(zone).replace(tzinfo=UTC) - at
