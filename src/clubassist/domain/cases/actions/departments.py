"""Asking a department: a task is sent, taken on and given to a colleague (B20)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clubassist.core import rows
from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Refused
from clubassist.domain.cases import rules
from clubassist.domain.cases.actions.access import locked, locked_task
from clubassist.domain.cases.actions.stages import refuse_finished
from clubassist.domain.cases.actions.state import begun, keep
from clubassist.domain.cases.actions.words import SHORT_TEXT, checked_words
from clubassist.domain.cases.clocks import Sort, start_clock, started, take_on
from clubassist.domain.cases.facts import TaskAcknowledged, TaskAssigned, TaskSent
from clubassist.domain.cases.models import Case, Clock, Stage, Task
from clubassist.domain.club.queries import policy_of
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import staff_actor


@action
def ask_department(*, case: Case, department: str, words: str, actor: Actor, at: datetime) -> Task:
    """Ask a department for something that the playbook does not know: an optional task of the present stage, sent.

    `words` are all that the department sees besides the case's number, so they carry no personal data. Records
    TaskSent. Raises Missing, Refused naming the field.
    """
    words = checked_words(words, SHORT_TEXT, field="words", needed=_("Say what the department should do."))
    case = locked(case, actor=actor, permission="case.assign")
    return ask(case, department, words, actor=actor, at=at)


def ask(case: Case, department: str, words: str, *, actor: Actor, at: datetime) -> Task:
    """Lay down an optional task of the present stage, sent to a department. The caller checked the right."""
    stage = Stage.objects.get(case=case, left_at__isnull=True)
    asked = Task.objects.filter(stage=stage, code__startswith="asked-").count()
    task = Task(case=case, stage=stage, code=f"asked-{asked + 1}", mandatory=False)
    task.pk = rows.keys(Task)[0]
    task.save(force_insert=True)
    send(case, task, department, words, actor=actor, at=at)
    return task


@action
def send_task(*, task: Task, department: str, words: str = "", actor: Actor, at: datetime) -> Task:
    """Send a step of the playbook to the department that takes it; its promise to take it on runs (B20).

    Records TaskSent. Raises Missing, Refused naming the field, Conflict for a task sent, done or skipped already.
    """
    case, row = locked_task(task, actor=actor, permission="case.assign")
    if row.gate:
        raise Refused(
            "task-has-gate", mend=_("This step completes itself once the fact behind it is recorded.")
        )
    if row.done_at is not None or row.skipped_at is not None or row.sent_at is not None:
        raise Conflict("task-sent", mend=_("This step was sent or done already."))
    send(case, row, department, words, actor=actor, at=at)
    return row


def send(case: Case, task: Task, department: str, words: str, *, actor: Actor, at: datetime) -> None:
    """Send a task to a department; its promise to take it on runs. Records TaskSent. The caller checked the right."""
    policy = policy_of(tuple(case.pack_versions))
    if department not in policy.departments:
        mend = _("Choose one of: %s.") % ", ".join(policy.departments)
        raise Refused("department-unknown", field="department", mend=mend)
    task.words = checked_words(words, SHORT_TEXT, field="words")
    task.department, task.sent_at = department, at
    task.save(update_fields=["department", "words", "sent_at"])
    clocks = []
    for deadline in policy.deadlines_for(case.kind, case.urgency, case.complexity, starts="task_sent"):
        clock = start_clock(deadline, sort=Sort.of(case), club=case.club, at=at)
        clock.pk, clock.case, clock.task = rows.keys(Clock)[0], case, task
        clock.save(force_insert=True)
        clocks.append(started(clock))
    fact = TaskSent(case_id=case.pk, task_id=task.pk, department=department, clocks=tuple(clocks))
    record(fact, actor=actor, at=at, scope=case.club_id)
    keep(case)


@action
def acknowledge_task(*, task: Task, actor: Actor, at: datetime) -> Task:
    """Take a task on for one's department; keeps the promise to do so in time (B20). Records TaskAcknowledged.

    Raises Missing for a task out of sight, Refused (403) for somebody of another department, Conflict when it was
    taken on, done or left out already.
    """
    case, row = locked_task(task, actor=actor, permission="case.task")
    if not rules.works_on(actor, row):
        mend = _("Somebody of the department takes it on.")
        raise Refused("other-department", mend=mend, status=403)
    refuse_finished(row)
    if row.acknowledged_at is not None:
        raise Conflict("task-acknowledged", mend=_("A colleague has taken this on already."))
    met = take_on(row, actor=actor, at=at) + begun(case, row, at=at)
    row.save(update_fields=["acknowledged_at", "acknowledged_by"])
    fact = TaskAcknowledged(case_id=case.pk, task_id=row.pk, department=row.department, met=met)
    record(fact, actor=actor, at=at, scope=case.club_id)
    keep(case)
    return row


@action
def assign_task(*, task: Task, assignee: Account, actor: Actor, at: datetime) -> Task:
    """Give a task to a colleague, who then sees the case as whoever has a task in it does (A11); of roles that see no
    cases, to those who work in the department that the task was sent to.

    Done by who hands out cases, or by the head of the department that it was sent to. Records TaskAssigned; the same
    colleague again changes nothing. Raises Missing, Refused for somebody who may not see the case, Conflict when done.
    """
    case, row = locked_task(task, actor=actor, permission="case.task")
    if not rules.may(actor, "case.assign", case) and not rules.heads(actor, row):
        mend = _("The head of the department gives it to a colleague.")
        raise Refused("not-allowed", mend=mend, status=403)
    if not Account.objects.takers_at(case.club_id, row.sent_to).filter(pk=assignee.pk).exists():
        mend = _("Choose a colleague who works at this club.")
        raise Refused("assignee-elsewhere", field="assignee", mend=mend)
    if not rules.may_handle(staff_actor(assignee), case.confidentiality, case.club_id):
        mend = _("This case is sensitive. Choose a colleague of the front desk or a service manager.")
        raise Refused("assignee-not-cleared", field="assignee", mend=mend)
    refuse_finished(row)
    if row.assignee_id == assignee.pk:
        return row
    row.assignee_id = assignee.pk
    row.save(update_fields=["assignee"])
    fact = TaskAssigned(case_id=case.pk, task_id=row.pk, assignee_id=assignee.pk)
    record(fact, actor=actor, at=at, scope=case.club_id)
    return row
