"""Opening a case again under its number, because what was done did not solve it (F52)."""

from __future__ import annotations

from datetime import datetime

from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.domain.cases.actions.stages import enter
from clubassist.domain.cases.clocks import SOLUTION, solution_goes_on, stop
from clubassist.domain.cases.facts import CaseReopened
from clubassist.domain.cases.models import Case, Clock, FollowUp
from clubassist.domain.cases.steps import planned_stages, solving_stage


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
