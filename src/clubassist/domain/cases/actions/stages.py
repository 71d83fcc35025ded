"""Moving through the playbook: tasks are ticked, skipped or done by a fact; finished stages open the next one."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clubassist.core import rows
from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Refused
from clubassist.domain.cases.actions.access import locked_task
from clubassist.domain.cases.actions.state import begun, keep
from clubassist.domain.cases.actions.words import SHORT_TEXT, checked_words
from clubassist.domain.cases.clocks import meet, stop, take_on
from clubassist.domain.cases.facts import StageEntered, TaskDone, TaskSkipped
from clubassist.domain.cases.models import Case, Clock, Evidence, Finding, FollowUp, Offer, Stage, Task
from clubassist.domain.cases.rules import missing_of
from clubassist.domain.cases.steps import planned_stages, planned_task, steps_before_solving
from clubassist.domain.channels.models import Message
from clubassist.domain.club.queries import policy_of
from clubassist.pure.policy import Gate
from clubassist.pure.policy import Stage as StageRules
from clubassist.pure.policy import Task as TaskRules

NEVER_SKIPPED = (Gate.RESOLVED, Gate.CLOSING_REPORT)
"""A case ends by telling the member and by its report, whoever is in a hurry (B28)."""


def laid_down(case: Case, stage: StageRules, *, pk: int, at: datetime) -> tuple[Stage, list[Task]]:
    """Return a stage of the playbook and its tasks as rows that the caller inserts.

    A task whose gate is open already is done at once.
    """
    row = Stage(pk=pk, case_id=case.pk, code=stage.id, entered_at=at)
    tasks = [
        Task(
            case_id=case.pk,
            stage_id=pk,
            code=task.id,
            mandatory=task.mandatory,
            gate=task.gate,
            department=task.department or "",
            done_at=at if task.gate and _passed(case, task) else None,
        )
        for task in stage.tasks
    ]
    return row, tasks


def _passed(case: Case, task: TaskRules) -> bool:
    """Tell whether the fact behind a task's gate is true of the case already."""
    match task.gate:
        case Gate.ASSESSED:
            return case.assessed_at is not None
        case Gate.FACTS:
            return not missing_of(case)
        case Gate.DEMAND:
            return bool(case.remedy_sought)
        case Gate.EVIDENCE:
            return Evidence.objects.filter(case__in=Case.objects.of_matter(case)).exists()
        case Gate.SIGNED_BY_DEPARTMENT:
            return Finding.objects.standing().filter(case=case, department_at__isnull=False).exists()
        case Gate.SIGNED_BY_SERVICE:
            return Finding.objects.standing().filter(case=case, service_at__isnull=False).exists()
        case Gate.OFFER_MADE:
            return Offer.objects.open().filter(case=case).exists()
        case Gate.OFFER_SENT:
            return Offer.objects.open().told().filter(case=case).exists()
        case Gate.RESOLVED:
            return case.resolved_at is not None
        case Gate.CLOSING_REPORT:
            solved = case.resolved_at
            return solved is not None and case.reports.filter(resolved_at=solved).exists()
        case Gate.FOLLOW_UP:
            latest = FollowUp.objects.filter(case=case, promise=task.promise or "").order_by("-pk").first()
            return latest is not None and latest.ended_at is not None and latest.outcome != "dropped"
    return False


@action
def complete_task(*, task: Task, actor: Actor, at: datetime) -> Task:
    """Tick a task. When it was the last mandatory one of its stage, the next stage opens (F48).

    Records TaskDone, and StageEntered when the case moved. Raises Missing for a task out of sight, Refused for a
    task that a fact completes by itself (a gate) or without the right, Conflict when it is done already.
    """
    case, row = locked_task(task, actor=actor, permission="case.task")
    if row.gate:
        raise Refused(
            "task-has-gate", mend=_("This step completes itself once the fact behind it is recorded.")
        )
    refuse_finished(row)
    _done(case, row, actor=actor, at=at)
    if row.stage.left_at is None:
        move_on(case, actor=actor, at=at)
    keep(case)
    return row


def refuse_finished(row: Task) -> None:
    """Raise Conflict for a step that was done or left out."""
    if row.done_at is not None or row.skipped_at is not None:
        raise Conflict("task-done", mend=_("This step was done already."))


def _done(case: Case, row: Task, *, actor: Actor, at: datetime) -> None:
    met: tuple[int, ...] = ()
    if row.sent_at is not None and row.acknowledged_at is None:
        met = take_on(row, actor=actor, at=at)
    met += begun(case, row, at=at)
    row.done_at, row.done_by_id = at, actor.account
    row.save(update_fields=["done_at", "done_by", "acknowledged_at", "acknowledged_by"])
    met += _kept(case, row, at=at)
    fact = TaskDone(case_id=case.pk, task_id=row.pk, code=row.code, met=met)
    record(fact, actor=actor, at=at, scope=case.club_id)


def _kept(case: Case, row: Task, *, at: datetime) -> tuple[int, ...]:
    """Keep the promise of a step that was done last of those with that promise, as the second signature is (B23).

    Return the clocks met.
    """
    plan = planned_task(case, row.code)
    if plan is None or plan.promise is None:
        return ()
    together = [
        task.id for stage in planned_stages(case) for task in stage.tasks if task.promise == plan.promise
    ]
    if Task.objects.open().filter(stage=row.stage_id, code__in=together).exists():
        return ()
    return meet(case, (plan.promise,), at=at)


def promises_kept(stage: StageRules, tasks: list[Task]) -> set[str]:
    """Return the promises of a stage's steps of which none is left, now that it was laid down."""
    pairs = [
        (plan.promise, task.done_at) for plan, task in zip(stage.tasks, tasks, strict=True) if plan.promise
    ]
    return {promise for promise, _done in pairs} - {promise for promise, done in pairs if done is None}


def complete_gate(case: Case, gate: Gate, *, promise: str = "", actor: Actor, at: datetime) -> None:
    """Complete the tasks of the present stage that this fact completes, and move on. The caller saves the case.

    `promise` narrows it to the tasks that keep that promise. Records TaskDone for each, and StageEntered.
    """
    planned = policy_of(tuple(case.pack_versions)).playbook(case.kind).stages
    codes = [
        task.id
        for stage in planned
        for task in stage.tasks
        if task.gate == gate and (not promise or task.promise == promise)
    ]
    for row in Task.objects.open().filter(case=case, stage__left_at__isnull=True, code__in=codes):
        _done(case, row, actor=actor, at=at)
    move_on(case, actor=actor, at=at)


def complete_known(case: Case, *, actor: Actor, at: datetime) -> None:
    """Complete the steps that ask for facts which the case has by now (B18, B22). The caller saves the case."""
    if case.remedy_sought:
        complete_gate(case, Gate.DEMAND, actor=actor, at=at)
    if not missing_of(case):
        complete_gate(case, Gate.FACTS, actor=actor, at=at)


@action
def skip_task(*, task: Task, reason: str, actor: Actor, at: datetime) -> Task:
    """Leave a step out, as a service manager, with a reason that colleagues read on the timeline (F48).

    Records TaskSkipped, and StageEntered when the case moved. Raises Missing for a task out of sight, Refused without
    the right or a reason and for telling the result and the closing report, which nobody skips, Conflict when it is
    done already.
    """
    reason = checked_reason(reason)
    case, row = locked_task(task, actor=actor, permission="case.skip")
    if row.gate in NEVER_SKIPPED:
        raise Refused("task-needed", mend=_("Nobody can skip this step: the case ends by it."))
    refuse_finished(row)
    _skipped(case, [row], reason, actor=actor, at=at)
    if row.stage.left_at is None:
        move_on(case, actor=actor, at=at)
    keep(case)
    return row


def checked_reason(reason: str) -> str:
    """Return a reason without blanks around it. Raises Refused for none and for one that is too long."""
    return checked_words(reason, SHORT_TEXT, field="reason", needed=_("Say why these steps are left out."))


def _skipped(case: Case, tasks: list[Task], reason: str, *, actor: Actor, at: datetime) -> None:
    for row in tasks:
        row.skipped_at, row.skipped_for, row.done_by_id = at, reason, actor.account
        row.save(update_fields=["skipped_at", "skipped_for", "done_by"])
        stopped = _dropped(case, row, at=at)
        fact = TaskSkipped(case_id=case.pk, task_id=row.pk, code=row.code, stopped=stopped)
        record(fact, actor=actor, at=at, scope=case.club_id)
    if tasks:
        Message.objects.create(
            conversation=case.conversation,
            direction="note",
            channel="desk",
            author_id=actor.account,
            body=reason,
            at=at,
        )


def _dropped(case: Case, row: Task, *, at: datetime) -> tuple[int, ...]:
    """Stop what runs for a skipped task, its department's clock, its promise or a follow-up call; return the clocks."""
    ran = Q(task=row)
    plan = planned_task(case, row.code)
    promise = plan.promise if plan else None
    if promise is not None:
        ran |= Q(case=case, promise=promise)
    if row.gate == Gate.FOLLOW_UP:
        FollowUp.objects.open().filter(case=case, promise=promise).update(outcome="dropped", ended_at=at)
    clocks = tuple(Clock.objects.running().filter(ran).values_list("pk", flat=True))
    stop(clocks, at=at)
    return clocks


def skip_ahead(case: Case, reason: str, *, actor: Actor, at: datetime) -> None:
    """Skip every mandatory step up to where the case is solved, with one reason. The caller saves the case."""
    while steps_before_solving(case):
        row = Task.objects.open().filter(case=case, stage__left_at__isnull=True, mandatory=True)
        _skipped(case, list(row.exclude(gate=Gate.RESOLVED)), reason, actor=actor, at=at)
        move_on(case, actor=actor, at=at)


def move_on(case: Case, *, actor: Actor, at: datetime) -> None:
    """Open the next stage while the present one has no mandatory task left. The caller saves the case."""
    stages = policy_of(tuple(case.pack_versions)).playbook(case.kind).stages
    codes = [stage.id for stage in stages]
    while not Task.objects.open().filter(case=case, stage__left_at__isnull=True, mandatory=True).exists():
        position = codes.index(case.stage)
        if position + 1 == len(stages):
            return
        enter(case, stages[position + 1], actor=actor, at=at)
        if not stages[position + 1].tasks:
            return


def enter(case: Case, stage: StageRules, *, actor: Actor, at: datetime) -> None:
    """Leave the present stage for `stage`. Records StageEntered. The caller saves the case."""
    Stage.objects.filter(case=case, left_at__isnull=True).update(left_at=at)
    row, tasks = laid_down(case, stage, pk=rows.keys(Stage)[0], at=at)
    rows.write(row, *tasks)
    previous, case.stage = case.stage, stage.id
    fact = StageEntered(case_id=case.pk, stage=stage.id, previous=previous)
    record(fact, actor=actor, at=at, scope=case.club_id)
