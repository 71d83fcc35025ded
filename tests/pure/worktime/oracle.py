"""Working time counted by walking every minute: slow, plain, and written apart from the product's arithmetic.

The rule (requirements part C, "Business-hours clock"): an instant is open if and only if its local wall time
lies in a window of its local date, or in a past-midnight window of the date before. Walking in UTC makes the
rest follow: both passes of an autumn fold are met, a spring gap and a skipped date are never met.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

Windows = tuple[tuple[int, int], ...]
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Case:
    """One question about working time; every instant is aware UTC and on a whole minute.

    `weekly` holds the windows of seven days, Monday first, in minutes after local midnight (up to 2880);
    `days` replaces them on single dates. `pick` chooses, among the minutes that count, the one whose end is
    asked for as a due time.
    """

    zone: str
    weekly: tuple[Windows, ...]
    start: datetime
    end: datetime
    days: Mapping[date, Windows] = field(default_factory=dict)
    pauses: tuple[Span, ...] = ()
    pick: int = 0


def is_open(case: Case, instant: datetime) -> bool:
    """Whether the calendar is open at this instant, pauses left aside."""
    local = instant.astimezone(ZoneInfo(case.zone))
    minute = local.hour * 60 + local.minute
    today = windows_of(case, local.date())
    yesterday = windows_of(case, local.date() - DAY)
    return is_within(today, minute) or is_within(yesterday, minute + 1440)


def windows_of(case: Case, day: date) -> Windows:
    """The opening windows that belong to a local date."""
    return case.days[day] if day in case.days else case.weekly[day.weekday()]


def is_within(windows: Windows, minute: int) -> bool:
    """Whether any of the half-open windows holds this minute."""
    return any(opens <= minute < closes for opens, closes in windows)


def is_paused(case: Case, instant: datetime) -> bool:
    """Whether any of the half-open pauses covers this instant."""
    return any(begins <= instant < ends for begins, ends in case.pauses)


def counted_minutes(case: Case) -> list[datetime]:
    """The beginning of every minute from start to end that is open and not paused, in order."""
    counted = []
    instant = case.start
    while instant < case.end:
        if is_open(case, instant) and not is_paused(case, instant):
            counted.append(instant)
        instant += MINUTE
    return counted


def worktime(case: Case) -> timedelta:
    """The working time between the start and the end of the case."""
    return len(counted_minutes(case)) * MINUTE


def due_after(case: Case, amount: timedelta) -> datetime | None:
    """The earliest instant by which a whole number of working minutes has passed; None if not by the end."""
    counted = counted_minutes(case)
    number = amount // MINUTE
    return counted[number - 1] + MINUTE if number <= len(counted) else None
