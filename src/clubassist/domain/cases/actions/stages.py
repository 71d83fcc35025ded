"""Moving through the playbook: tasks are ticked, finished stages open the next one."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clubassist.core import rows
from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases import rules
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.facts import StageEntered, TaskDone
from clubassist.domain.cases.models import Case, Stage, Task
from clubassist.domain.club.queries import policy_of
from clubassist.pure.policy import Stage as StageRules


def laid_down(case: Case, stage: StageRules, *, pk: int, at: datetime) -> tuple[Stage, list[Task]]:
    """Return a stage of the playbook and its tasks as rows that the caller inserts."""
    row = Stage(pk=pk, case_id=case.pk, code=stage.id, entered_at=at)
    tasks = [
        Task(
            case_id=case.pk,
            stage_id=pk,
            code=task.id,
            mandatory=task.mandatory,
            gate=task.gate,
            department=task.department or "",
        )
        for task in stage.tasks
    ]
    return row, tasks


@action
def complete_task(*, task: Task, actor: Actor, at: datetime) -> Task:
    """Tick a task. When it was the last mandatory one of its stage, the next stage opens (F48).

    Records TaskDone, and StageEntered when the case moved. Raises Missing for a task out of sight, Refused for a
    task that a fact completes by itself (a gate) or without the right, Conflict when it is done already.
    """
    if not Task.objects.visible_to(actor).filter(pk=task.pk).exists():
        raise Missing
    case = locked(task.case, actor=actor, permission="case.task")
    row = Task.objects.select_related("stage").get(pk=task.pk)
    if not rules.may_tick(actor, row):
        raise Refused(
            "not-allowed",
            mend=_("Your role does not allow this here. Ask a manager of this club."),
            status=403,
        )
    if row.gate:
        raise Refused(
            "task-has-gate", mend=_("This step completes itself once the fact behind it is recorded.")
        )
    if row.done_at is not None:
        raise Conflict("task-done", mend=_("This step was done already."))
    row.done_at, row.done_by_id = at, actor.account
    row.save(update_fields=["done_at", "done_by"])
    record(TaskDone(case_id=case.pk, task_id=row.pk, code=row.code), actor=actor, at=at, scope=case.club_id)
    move_on(case, actor=actor, at=at)
    case.version += 1
    case.save(update_fields=["version", "stage"])
    return row


def move_on(case: Case, *, actor: Actor, at: datetime) -> None:
    """Open the next stage while the present one has no mandatory task left. The caller saves the case."""
    stages = policy_of(tuple(case.pack_versions)).playbook(case.kind).stages
    codes = [stage.id for stage in stages]
    while not Task.objects.filter(
        case=case, stage__code=case.stage, mandatory=True, done_at__isnull=True
    ).exists():
        position = codes.index(case.stage)
        if position + 1 == len(stages):
            return
        following = stages[position + 1]
        Stage.objects.filter(case=case, left_at__isnull=True).update(left_at=at)
        stage, tasks = laid_down(case, following, pk=rows.keys(Stage)[0], at=at)
        rows.write(stage, *tasks)
        previous, case.stage = case.stage, following.id
        fact = StageEntered(case_id=case.pk, stage=following.id, previous=previous)
        record(fact, actor=actor, at=at, scope=case.club_id)
        if not following.tasks:
            return
