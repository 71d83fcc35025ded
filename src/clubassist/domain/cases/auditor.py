"""The auditor: recomputes from the journal alone which alarms should have been raised, and says what is missing.

It shares nothing with the sweep but the facts and the arithmetic of working time (reliability B6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from clubassist.core.models import Entry
from clubassist.domain.club.models import Club
from clubassist.domain.club.queries import calendar_for
from clubassist.pure.worktime import Calendar, add_worktime

LATE: Final = timedelta(seconds=60)
LOOK_BACK: Final = timedelta(days=10)
ENDS: Final = {"CaseReplied": "met", "CaseResolved": "met", "CaseClosed": "stopped"}


@dataclass(frozen=True, slots=True)
class MissingAlarm:
    """An alarm that should have been raised by now and was not."""

    clock_id: int
    level: int
    due_at: datetime


def missing_alarms(at: datetime) -> list[MissingAlarm]:
    """Return alarms of clocks started in the last ten days that are more than 60 s late and not in the journal."""
    since = at - LOOK_BACK
    ended = _ended(since)
    raised = _raised(since)
    calendars: dict[tuple[int, str], Calendar] = {}
    missing = []
    for scope, clock in _started(since):
        for level in clock["levels"]:
            due = _due(scope, clock, level, calendars)
            end = ended.get(clock["clock_id"])
            late = due <= at - LATE and (end is None or end > due + LATE)
            if late and (clock["clock_id"], level) not in raised:
                missing.append(MissingAlarm(clock["clock_id"], level, due))
    return missing


def _started(since: datetime) -> Iterator[tuple[int, dict[str, Any]]]:
    entries = Entry.objects.filter(fact="CaseOpened", at__gte=since).values_list("scope", "data")
    for scope, data in entries.iterator(chunk_size=2000):
        for clock in data["clocks"]:
            yield scope or 0, clock


def _ended(since: datetime) -> dict[int, datetime]:
    """Return clock id → the moment it was met or stopped."""
    ends: dict[int, datetime] = {}
    entries = (
        Entry.objects.filter(fact__in=ENDS, at__gte=since).order_by("id").values_list("fact", "at", "data")
    )
    for fact, at, data in entries.iterator(chunk_size=2000):
        for clock in data[ENDS[fact]]:
            ends.setdefault(clock, at)
    return ends


def _raised(since: datetime) -> set[tuple[int, int]]:
    entries = Entry.objects.filter(fact="AlarmsRaised", at__gte=since).values_list("data", flat=True)
    return {(clock, level) for data in entries.iterator(chunk_size=2000) for clock, level in data["alarms"]}


def _due(
    scope: int, clock: dict[str, Any], level: int, calendars: dict[tuple[int, str], Calendar]
) -> datetime:
    key = (scope, clock["calendar"])
    if key not in calendars:
        calendars[key] = calendar_for(Club.objects.get(pk=scope), clock["calendar"])
    started = datetime.fromisoformat(clock["started_at"])
    return add_worktime(calendars[key], started, timedelta(seconds=clock["seconds"]) * level / 100)
