"""Making clocks from a policy's deadlines and asking them to explain themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case as Choice
from django.db.models import F, Min, When

from clubassist.core.actor import Actor
from clubassist.domain.cases.facts import ClockStarted
from clubassist.domain.cases.models import NO_CLOCK, Case, Clock, Task
from clubassist.domain.club.models import Club
from clubassist.domain.club.queries import calendar_for
from clubassist.pure.policy import Deadline
from clubassist.pure.worktime import Calendar, Working, add_worktime, explain, worktime_between


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


def started(clock: Clock) -> ClockStarted:
    """Return the part of a fact that says that this clock began to run: all that the auditor needs of it."""
    return ClockStarted(
        clock_id=clock.pk,
        promise=clock.promise,
        calendar=clock.calendar,
        seconds=clock.seconds,
        started_at=clock.started_at,
        due_at=clock.due_at,
        levels=tuple(clock.levels),
        hours=clock.hours,
    )


def resume_clock(clock: Clock, *, at: datetime) -> Clock | None:
    """Let a promise that was counted as kept go on from where it stood (F52, part C); the caller saves `clock`.

    What was used up to when it was met stays used. In time: that clock counts as stopped at that moment, and the
    returned one, unsaved, runs for the time left, with the whole ladder over that time. Kept too late: it is the
    broken promise that it was, it runs on as it is, and None is returned.
    """
    until = clock.met_at or clock.stopped_at or at
    left = clock.target - worktime_between(calendar_of(clock), clock.started_at, until)
    clock.met_at, clock.stopped_at = None, None
    if left < timedelta(seconds=1):
        return None
    clock.stopped_at = until
    calendar = calendar_of(clock)
    alarms = [add_worktime(calendar, at, left * level / 100) for level in clock.levels]
    return Clock(
        case_id=clock.case_id,
        promise=clock.promise,
        deadline=clock.deadline,
        clauses=clock.clauses,
        strictness=clock.strictness,
        calendar=clock.calendar,
        hours=clock.hours,
        seconds=int(left.total_seconds()),
        started_at=at,
        due_at=add_worktime(calendar, at, left),
        levels=clock.levels,
        tells=clock.tells,
        alarms_at=alarms,
        next_alarm_at=alarms[0] if alarms else None,
    )


def stop(clocks: Iterable[int], *, at: datetime) -> None:
    """Let running clocks end without being kept; alarms already due stay owed. One statement."""
    Clock.objects.filter(pk__in=list(clocks)).update(stopped_at=at, next_alarm_at=owed(at))


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


def take_on(task: Task, *, actor: Actor, at: datetime) -> tuple[int, ...]:
    """Note on a task that was sent that the department took it on, and keep its promise; return the clocks met.

    The caller saves the task.
    """
    task.acknowledged_at, task.acknowledged_by_id = at, actor.account
    running = Clock.objects.running().filter(task=task)
    met = tuple(running.values_list("pk", flat=True))
    Clock.objects.filter(pk__in=met).update(met_at=at, next_alarm_at=owed(at))
    return met


def owed(at: datetime) -> Choice:
    """Return what `next_alarm_at` becomes when a clock ends at `at`: an alarm already due stays owed, later ones go."""
    return Choice(When(next_alarm_at__lte=at, then=F("next_alarm_at")), default=None)


def nearest_due(case: Case) -> datetime:
    """Return when the case's nearest running clock is due, or the far end of time. One statement."""
    nearest = Clock.objects.running().filter(case=case).aggregate(due=Min("due_at"))["due"]
    return nearest or NO_CLOCK
