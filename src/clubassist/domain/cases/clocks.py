"""Making clocks from a policy's deadlines, letting them stand still, and asking them to explain themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Case as Choice
from django.db.models import F, Min, When

from clubassist.core import rows
from clubassist.core.actor import Actor
from clubassist.domain.cases.facts import ClockStarted
from clubassist.domain.cases.models import NO_CLOCK, Case, Clock, Pause, Task
from clubassist.domain.club.models import Club
from clubassist.domain.club.queries import calendar_for, policy_of
from clubassist.pure.policy import Deadline
from clubassist.pure.worktime import (
    Calendar,
    Interval,
    Working,
    add_worktime,
    explain,
    in_words,
    worktime_between,
)
from clubassist.pure.worktime import Pause as Span
from clubassist.pure.worktime.words import Lang

SOLUTION: Final = "solution"
"""The promise to offer a solution in time, by the code of its deadlines."""


class Sort(NamedTuple):
    """What a case is when a clock starts: figures count the clock by it, whatever the case becomes (part C)."""

    kind: str
    urgency: str
    complexity: str

    @classmethod
    def of(cls, row: Case | Clock) -> Sort:
        """Return what the case is now, or was when the clock started."""
        return cls(row.kind, row.urgency, row.complexity)


def start_clocks(deadlines: Sequence[Deadline], *, sort: Sort, club: Club, at: datetime) -> list[Clock]:
    """Return unsaved clocks for deadlines; each of the club's calendars is read once."""
    calendars = {kind: calendar_for(club, kind) for kind in {deadline.calendar for deadline in deadlines}}
    return [
        start_clock(deadline, sort=sort, club=club, at=at, calendar=calendars[deadline.calendar])
        for deadline in deadlines
    ]


def start_clock(
    deadline: Deadline,
    *,
    sort: Sort,
    club: Club,
    at: datetime,
    target: timedelta | None = None,
    calendar: Calendar | None = None,
) -> Clock:
    """Return an unsaved clock for `deadline`, for its whole time or `target`, from `at` in the club's calendar."""
    calendar = calendar or calendar_for(club, deadline.calendar)
    target = deadline.target.timedelta if target is None else target
    levels = [rung.percent for rung in deadline.ladder]
    alarms = [add_worktime(calendar, at, target * level / 100) for level in levels]
    due_at = add_worktime(calendar, at, target)
    return Clock(
        promise=deadline.promise,
        deadline=deadline.id,
        clauses=list(deadline.clauses),
        strictness=deadline.strictness,
        calendar=deadline.calendar,
        hours=_kept_hours(calendar, at),
        seconds=int(target.total_seconds()),
        started_at=at,
        due_at=due_at,
        gross_due_at=due_at,
        **sort._asdict(),
        levels=levels,
        tells=[str(rung.to) for rung in deadline.ladder],
        alarms_at=alarms,
        next_alarm_at=alarms[0] if alarms else None,
    )


def started(clock: Clock, *, pauses: Sequence[Interval] = ()) -> ClockStarted:
    """Return the part of a fact that says that this clock runs: all that the auditor needs of it."""
    return ClockStarted(
        clock_id=clock.pk,
        promise=clock.promise,
        calendar=clock.calendar,
        seconds=clock.seconds,
        started_at=clock.started_at,
        due_at=clock.due_at,
        levels=tuple(clock.levels),
        hours=clock.hours,
        pauses=tuple((pause.start, pause.end) for pause in pauses),
    )


def solution_goes_on(case: Case, *, at: datetime) -> tuple[ClockStarted, ...]:
    """Let the promise of a solution, which was counted as kept or had ended, go on from where it stood (F52, part C).

    Saves what runs then and returns it for the fact; nothing for a kind without such a promise.
    """
    ended = Clock.objects.filter(case=case, promise=SOLUTION, replaced_by__isnull=True).order_by("pk").last()
    if ended is None or ended.running:
        return ()
    ended.case = case
    going_on = _taken_up_again(ended, at=at)
    ended.save(update_fields=["met_at", "stopped_at", "next_alarm_at"])
    if going_on is not ended:
        going_on.save(force_insert=True)
    return (started(going_on, pauses=pauses_of(going_on)),)


def _taken_up_again(clock: Clock, *, at: datetime) -> Clock:
    """Return the clock that goes on in place of one that ended; the caller saves both.

    What was used up to its end, without its pauses, stays used. In time: that clock counts as stopped then, and another
    one runs for the time left, with the whole ladder over that time. Too late: it is the broken promise that it was and
    runs on as it is, with the alarms that it has not raised.
    """
    until = clock.met_at or clock.stopped_at or at
    left = clock.target - used_of(clock, at=at).net
    clock.met_at, clock.stopped_at = None, None
    if left < timedelta(seconds=1):
        clock.next_alarm_at = next(iter(clock.alarms_at[clock.raised :]), None)
        return clock
    clock.stopped_at = until
    calendar = calendar_of(clock)
    alarms = [add_worktime(calendar, at, left * level / 100) for level in clock.levels]
    due_at = add_worktime(calendar, at, left)
    return Clock(
        pk=rows.keys(Clock)[0],
        case=clock.case,
        promise=clock.promise,
        deadline=clock.deadline,
        clauses=clock.clauses,
        strictness=clock.strictness,
        calendar=clock.calendar,
        hours=clock.hours,
        seconds=int(left.total_seconds()),
        started_at=at,
        due_at=due_at,
        gross_due_at=due_at,
        **Sort.of(clock)._asdict(),
        levels=clock.levels,
        tells=clock.tells,
        alarms_at=alarms,
        next_alarm_at=alarms[0] if alarms else None,
    )


def calendar_of(clock: Clock) -> Calendar:
    """Return the opening hours that the clock was planned by, whatever the club's hours are by now."""
    return Calendar.from_document(clock.hours) if clock.hours else Calendar.always(clock.case.club.zone)


def pauses_of(clock: Clock) -> list[Span]:
    """Return the pauses of a clock that have ended, in order, with the code of the reason and their author's name."""
    return [
        Span(pause.paused_at, pause.resumed_at, pause.reason, pause.author.name if pause.author else "")
        for pause in sorted(clock.pauses.all(), key=lambda pause: pause.paused_at)
        if pause.resumed_at is not None
    ]


def working_of(clock: Clock) -> Working:
    """Return how the clock's due time came about, with the pauses that have ended."""
    return explain(calendar_of(clock), clock.started_at, clock.target, pauses_of(clock))


def explained(clock: Clock, deadline: Deadline | None, lang: Lang, *, to_staff: bool) -> str:
    """Return in words why the clock is due when it is; a member is not told who let it stand still."""
    titles = {row.code: row.title for row in deadline.pauses} if deadline else {}
    working = working_of(clock)
    told = tuple(
        replace(
            pause,
            reason=getattr(titles[pause.reason], lang) if pause.reason in titles else pause.reason,
            by=pause.by if to_staff else "",
        )
        for pause in working.pauses
        if isinstance(pause, Span)
    )
    return in_words(replace(working, pauses=told), lang)


@dataclass(frozen=True, slots=True)
class Used:
    """Time of a clock's calendar from its start until it ended, or until now: `gross` with its pauses, `net` without.

    Attainment is counted both ways (B90): what the member waited, and what was ours to use.
    """

    gross: timedelta
    net: timedelta


def used_of(clock: Clock, *, at: datetime) -> Used:
    """Return how much time a clock has used by `at`. One statement unless its pauses are there already."""
    until = clock.met_at or clock.stopped_at or at
    calendar = calendar_of(clock)
    spans = [*pauses_of(clock)]
    if clock.paused_at is not None:
        spans.append(Span(clock.paused_at, max(until, clock.paused_at)))
    return Used(
        worktime_between(calendar, clock.started_at, until),
        worktime_between(calendar, clock.started_at, until, spans),
    )


def end_pause(clock: Clock, *, at: datetime) -> None:
    """End the pause of a clock and move its due time and the alarms after the pause; the caller saves the clock.

    An alarm that was due before the pause stays where it was, raised or not.
    """
    if clock.paused_at is None:
        return
    ended = max(at, clock.paused_at)
    Pause.objects.open().filter(clock=clock).update(resumed_at=ended)
    clock.paused_at = None
    move(clock, pauses_of(clock))


def move(clock: Clock, pauses: Sequence[Interval]) -> None:
    """Set due time, alarms and the next alarm from the clock's start, target and pauses; the caller saves the clock."""
    calendar = calendar_of(clock)
    clock.due_at = add_worktime(calendar, clock.started_at, clock.target, pauses)
    clock.alarms_at = [
        add_worktime(calendar, clock.started_at, clock.target * level / 100, pauses) for level in clock.levels
    ]
    clock.next_alarm_at = next(iter(clock.alarms_at[clock.raised :]), None)


def replace_clock(old: Clock, deadline: Deadline, *, at: datetime) -> Clock:
    """Let a clock of another deadline take the place of a running one, from the same start and with its pauses.

    The old one is stopped and counts nowhere. The new one is saved; alarms it has passed already are raised by the next
    sweep. Needs the case with its club on `old`.
    """
    stop([old.pk], at=at)
    new = planned(old, deadline)
    new.save(force_insert=True)
    Clock.objects.filter(pk=old.pk).update(replaced_by=new)
    pauses = list(old.pauses.select_related("author"))
    for pause in pauses:
        pause.pk, pause.clock = None, new
    Pause.objects.bulk_create(pauses)
    return new


def planned(old: Clock, deadline: Deadline) -> Clock:
    """Return the unsaved clock of another deadline, from the same start and with the pauses of `old` counted in.

    It counts by the complexity that the other deadline is for. What a clock taken up again had used before its start is
    used of the other deadline too (F50: from receipt).
    """
    sort = Sort.of(old)
    if sort.complexity not in deadline.applies.complexity:
        sort = sort._replace(complexity=str(deadline.applies.complexity[0]))
    left = _left_of(deadline, old)
    new = start_clock(deadline, sort=sort, club=old.case.club, at=old.started_at, target=left)
    new.case = old.case
    move(new, pauses_of(old))
    return new


def _left_of(deadline: Deadline, old: Clock) -> timedelta:
    own = policy_of(tuple(old.case.pack_versions)).deadline(old.deadline)
    used_before = own.target.timedelta - old.target if own else timedelta(0)
    return max(deadline.target.timedelta - used_before, timedelta(seconds=1))


MOVED = ("due_at", "alarms_at", "next_alarm_at", "paused_at")
"""What `end_pause` changes on a clock."""


def end_pauses(clocks: Iterable[int], *, at: datetime) -> None:
    """End the pauses of these clocks, which end themselves. One statement when none stands still."""
    standing = Clock.objects.filter(pk__in=list(clocks), paused_at__isnull=False)
    for clock in standing.select_related("case__club").select_for_update(of=("self",)):
        end_pause(clock, at=at)
        clock.save(update_fields=MOVED)


def _kept_hours(calendar: Calendar, at: datetime) -> dict[str, Any] | None:
    """Return what a clock that starts at `at` keeps of its calendar; the day before may reach past midnight."""
    if calendar.around_the_clock:
        return None
    return calendar.document(since=calendar.local(at).date() - timedelta(days=1))


def meet(case: Case, promises: tuple[str, ...], *, at: datetime) -> tuple[int, ...]:
    """Mark the running clocks of these promises as met at `at`, which ends their pauses; return their ids.

    Two statements unless one stands still.
    """
    running = Clock.objects.running().filter(case=case, promise__in=promises)
    found = dict(running.values_list("pk", "paused_at"))
    if any(found.values()):
        end_pauses(found, at=at)
    if found:
        Clock.objects.filter(pk__in=found).update(met_at=at, next_alarm_at=owed(at))
    return tuple(found)


def stop(clocks: Iterable[int], *, at: datetime) -> None:
    """Let running clocks end without being kept; alarms already due stay owed. Two statements."""
    ended = list(clocks)
    end_pauses(ended, at=at)
    Clock.objects.filter(pk__in=ended).update(stopped_at=at, next_alarm_at=owed(at))


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
    """Return when the case's nearest clock that ticks and ranks it is due, or the far end of time. One statement."""
    ticking = Clock.objects.ticking().filter(case=case)
    unranked = policy_of(tuple(case.pack_versions)).unranked
    nearest = ticking.exclude(deadline__in=unranked).aggregate(due=Min("due_at"))["due"]
    return nearest or NO_CLOCK
