"""Opening a case again under its number, because what was done did not solve it (F52), and taking that back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.domain.cases.actions.restoring import as_it_is, restore
from clubassist.domain.cases.actions.stages import enter
from clubassist.domain.cases.clocks import SOLUTION, solution_goes_on, stop
from clubassist.domain.cases.facts import CaseReopened
from clubassist.domain.cases.models import Case, Clock, FollowUp
from clubassist.domain.cases.steps import planned_stages, solving_stage
from clubassist.domain.channels.models import Message

ENDED: Final = ("resolved_at", "closed_at", "resolution", "cause", "awaits_reply", "reopened")
CLOCK: Final = ("met_at", "stopped_at", "paused_at", "due_at", "alarms_at", "replaced_by_id")


def reopen(case: Case, *, actor: Actor, at: datetime) -> None:
    """Open a solved or closed case again under its number. Records CaseReopened. The caller saves it.

    Part C's rule for reopened cases: the response clock stays as it ended and runs on where no person answered, the
    time of the first solution is kept, the case counts as not solved until it is solved again. The solution's clock
    goes on from where it stood when the case was solved, the time since is not counted (see `solution_goes_on`). What
    was owed after the solution, the report and the calls, is owed anew after the next one. The case is back in the
    stage that promises the solution, or where the result is told.
    """
    running = Clock.objects.running().filter(case=case, task__isnull=True)
    stopped = list(running.exclude(promise__in=["first_response", SOLUTION]).values_list("pk", flat=True))
    stop(stopped, at=at)
    FollowUp.objects.open().filter(case=case).update(outcome="dropped", ended_at=at)
    case.resolved_at = case.closed_at = None
    case.resolution, case.cause = "", ""
    case.reopened += 1
    case.awaits_reply = True
    begun = solution_goes_on(case, at=at)
    stages = planned_stages(case)
    promised = next((stage for stage in stages if stage.promise == SOLUTION), None)
    stage = promised or solving_stage(case) or stages[0]
    enter(case, stage, actor=actor, at=at)
    fact = CaseReopened(case_id=case.pk, stage=stage.id, stopped=tuple(stopped), clocks=begun)
    record(fact, actor=actor, at=at, scope=case.club_id)


def as_it_ended(case: Case) -> dict[str, Any]:
    """Return how a solved case stands, for taking back that it is opened again. Two statements."""
    own = case.clocks.filter(task__isnull=True)
    return {
        "case": as_it_is(case, ENDED),
        "stage": case.stage,
        "clocks": {str(clock.pk): as_it_is(clock, CLOCK) for clock in own},
        "calls": list(FollowUp.objects.open().filter(case=case).values_list("pk", flat=True)),
    }


def untouched_since(case: Case, ended: dict[str, Any], since: datetime) -> bool:
    """Tell whether nobody has worked on a case since it was opened again: no word, offer, step or solution of ours."""
    said = Message.objects.filter(conversation=case.conversation, at__gt=since, automatic=False)
    worked = said.exclude(direction="in").exists() or case.offers.filter(made_at__gt=since).exists()
    again = case.resolved_at is None and case.reopened == ended["case"]["reopened"] + 1
    return again and not worked and not case.tasks.filter(done_at__gt=since).exists()


def end_again(
    case: Case, ended: dict[str, Any], *, actor: Actor, at: datetime
) -> tuple[list[int], list[Clock]]:
    """Let a case be solved as it was before it was opened again; return the clocks stopped, and those that tick again.

    What began since counts nowhere. The caller saves the case.
    """
    stopped, ticking = [], []
    mine = list(case.clocks.filter(task__isnull=True).select_related("case__club").order_by("pk"))
    former = {clock.promise: clock for clock in mine if str(clock.pk) in ended["clocks"]}
    for clock in mine:
        ran = clock.running
        if str(clock.pk) in ended["clocks"]:
            restore(clock, ended["clocks"][str(clock.pk)])
        else:
            clock.stopped_at = clock.stopped_at or (at if ran else None)
            clock.replaced_by = former.get(clock.promise)
        until = clock.met_at or clock.stopped_at or clock.paused_at
        ahead = next(iter(clock.alarms_at[clock.raised :]), None)
        clock.next_alarm_at = ahead if ahead is not None and (until is None or ahead <= until) else None
        clock.save()
        if ran and not clock.running:
            stopped.append(clock.pk)
        if clock.running and clock.paused_at is None:
            ticking.append(clock)
    FollowUp.objects.filter(pk__in=ended["calls"]).update(outcome="", ended_at=None)
    restore(case, ended["case"])
    stage = next((stage for stage in planned_stages(case) if stage.id == ended["stage"]), None)
    if stage is not None:
        enter(case, stage, actor=actor, at=at)
    return stopped, ticking
