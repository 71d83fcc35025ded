"""Making clocks from a policy's deadlines and asking them to explain themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case as Choice
from django.db.models import F, Min, When

from clubassist.domain.cases.models import NO_CLOCK, Case, Clock
from clubassist.domain.club.models import Club
from clubassist.domain.club.queries import calendar_for
from clubassist.pure.policy import Deadline
from clubassist.pure.worktime import Calendar, Working, add_worktime, explain


def start_clock(deadline: Deadline, *, club: Club, at: datetime) -> Clock:
    """Return an unsaved clock for `deadline` that starts at `at` in the club's calendar."""
    calendar = calendar_for(club, deadline.calendar)
    target = deadline.target.timedelta
    levels = [rung.percent for rung in deadline.ladder]
    alarms = [add_worktime(calendar, at, target * level / 100) for level in levels]
    return Clock(
        promise=deadline.promise,
        deadline=deadline.id,
        clauses=list(deadline.clauses),
        strictness=deadline.strictness,
        calendar=deadline.calendar,
        hours=_kept_hours(calendar, at),
        seconds=int(target.total_seconds()),
        started_at=at,
        due_at=add_worktime(calendar, at, target),
        levels=levels,
        tells=[str(rung.to) for rung in deadline.ladder],
        alarms_at=alarms,
        next_alarm_at=alarms[0] if alarms else None,
    )


def calendar_of(clock: Clock) -> Calendar:
    """Return the opening hours that the clock was planned by, whatever the club's hours are by now."""
    return Calendar.from_document(clock.hours) if clock.hours else Calendar.always(clock.case.club.zone)


def working_of(clock: Clock) -> Working:
    """Return how the clock's due time came about."""
    return explain(calendar_of(clock), clock.started_at, clock.target)


def _kept_hours(calendar: Calendar, at: datetime) -> dict[str, Any] | None:
    """Return what a clock that starts at `at` keeps of its calendar; the day before may reach past midnight."""
    if calendar.around_the_clock:
        return None
    return calendar.document(since=calendar.local(at).date() - timedelta(days=1))


def meet(case: Case, promises: tuple[str, ...], *, at: datetime) -> tuple[int, ...]:
    """Mark the running clocks of these promises as met at `at`; return their ids. One statement."""
    clocks = list(
        Clock.objects.running().filter(case=case, promise__in=promises).values_list("pk", flat=True)
    )
    if clocks:
        Clock.objects.filter(pk__in=clocks).update(met_at=at, next_alarm_at=owed(at))
    return tuple(clocks)


def owed(at: datetime) -> Choice:
    """Return what `next_alarm_at` becomes when a clock ends at `at`: an alarm already due stays owed, later ones go."""
    return Choice(When(next_alarm_at__lte=at, then=F("next_alarm_at")), default=None)


def nearest_due(case: Case) -> datetime:
    """Return when the case's nearest running clock is due, or the far end of time. One statement."""
    nearest = Clock.objects.running().filter(case=case).aggregate(due=Min("due_at"))["due"]
    return nearest or NO_CLOCK
