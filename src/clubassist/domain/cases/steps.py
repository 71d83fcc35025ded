"""Which steps of its playbook a case still has to take."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from clubassist.domain.cases import rules
from clubassist.domain.cases.models import Case, FollowUp, Task
from clubassist.domain.club.queries import policy_of
from clubassist.pure.policy import Gate, Playbook
from clubassist.pure.policy import Stage as StageRules
from clubassist.pure.policy import Task as TaskRules


def planned_stages(case: Case) -> tuple[StageRules, ...]:
    """Return the stages of the case's playbook, by the rules it runs by."""
    return policy_of(tuple(case.pack_versions)).playbook(case.kind).stages


def planned_task(case: Case, code: str) -> TaskRules | None:
    """Return the playbook's task of this id; None for a step that colleagues asked for by themselves."""
    return next((task for stage in planned_stages(case) for task in stage.tasks if task.id == code), None)


def duties(playbook: Playbook) -> set[str]:
    """Return what a playbook owes before the close: "steps", and by their gates the closing report and the call."""
    tasks = [task for stage in playbook.stages for task in stage.tasks if task.mandatory]
    owed = {str(task.gate) for task in tasks if task.gate in (Gate.CLOSING_REPORT, Gate.FOLLOW_UP)}
    return owed | ({"steps"} if any(task.gate != Gate.RESOLVED for task in tasks) else set())


def gates_of(playbook: Playbook) -> dict[str, str]:
    """Return the promises that steps of a playbook keep, each with the gate of those steps."""
    return {task.promise: task.gate for stage in playbook.stages for task in stage.tasks if task.promise}


def manager_decides(case: Case, number: int) -> bool:
    """Tell whether an offer of this round is a service manager's to make or to approve (B27)."""
    playbook = policy_of(tuple(case.pack_versions)).playbook(case.kind)
    return number >= playbook.manager_from_round


def stage_with(case: Case, gate: Gate) -> StageRules | None:
    """Return the stage of the case's playbook that has a task with this gate; None when none has."""
    stages = planned_stages(case)
    return next((stage for stage in stages if any(task.gate == gate for task in stage.tasks)), None)


def solving_stage(case: Case) -> StageRules | None:
    """Return the stage in which the member is told the result; None for a playbook that does not say."""
    return stage_with(case, Gate.RESOLVED)


def steps_before_solving(case: Case) -> list[TaskRules]:
    """Return the mandatory steps still to be taken before the case may be solved (F48). At most one statement.

    None for a kind whose first step is to tell the result, as an enquiry, or whose playbook asks for nothing.
    """
    solving = solving_stage(case)
    if solving is None:
        return []
    return [task for task in _mandatory_left(case, last=solving.id) if task.gate != Gate.RESOLVED]


def steps_before_closing(case: Case) -> list[TaskRules]:
    """Return the mandatory steps still to be taken before the case may be closed (F48, B28). One statement."""
    return list(_mandatory_left(case, last=planned_stages(case)[-1].id))


def _mandatory_left(case: Case, *, last: str) -> Iterator[TaskRules]:
    """Yield what is open of the present stage, and what the stages after it up to `last` will ask for."""
    here = Task.objects.open().filter(case=case, stage__left_at__isnull=True, mandatory=True)
    open_here = set(here.values_list("code", flat=True))
    stages = planned_stages(case)
    codes = [stage.id for stage in stages]
    for stage in stages[codes.index(case.stage) : codes.index(last) + 1]:
        for task in stage.tasks:
            if task.mandatory and (stage.id != case.stage or task.id in open_here):
                yield task


def call_to_confirm(case: Case, *, at: datetime) -> FollowUp | None:
    """Return the follow-up call that the member's "it is solved" ends now; None when there is none. One statement.

    The first call after the solution at any time, a later one from its day on (F52).
    """
    if case.resolved_at is None or rules.ended_unagreed(case):
        return None
    latest = {row.promise: row for row in FollowUp.objects.filter(case=case).order_by("pk")}
    calls = sorted(latest.values(), key=lambda row: (row.opens_at, row.pk))
    owed = (row for place, row in enumerate(calls) if place == 0 or row.opens_at <= at)
    return next((row for row in owed if row.ended_at is None), None)
