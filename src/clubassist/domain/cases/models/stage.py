"""Stages a case passes through, and the tasks in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from clubassist.core.actor import Actor, Everywhere
from clubassist.domain.cases.models.case import Case
from clubassist.domain.people.models import Account
from clubassist.domain.people.roles import works_in
from clubassist.domain.people.rules import departments_of


class StageQuerySet(models.QuerySet["Stage"]):
    """Stages; seen with their case."""

    def visible_to(self, actor: Actor) -> StageQuerySet:
        """Return the stages of the cases the actor may read."""
        return self.filter(case__in=Case.objects.visible_to(actor).values("pk"))


class Stage(models.Model):
    """One stage of one case: when it was entered and left. Its words come from the case's pack versions."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="stages")
    code = models.CharField(max_length=40)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    objects = StageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(left_at__isnull=True), name="stage_one_at_a_time"
            )
        ]


class TaskQuerySet(models.QuerySet["Task"]):
    """Tasks; seen with their case, and by the department they were sent to."""

    def visible_to(self, actor: Actor) -> TaskQuerySet:
        """Return the tasks of the cases the actor may read, and those sent to a department the actor works in.

        The latter show their own words only: the case behind them stays closed to the department (B20).
        """
        seen = Q(case__in=Case.objects.visible_to(actor).values("pk"))
        for department, scopes in departments_of(actor, works_in).items():
            there = Q() if isinstance(scopes, Everywhere) else Q(case__club__in=scopes)
            seen |= Q(sent_at__isnull=False, department=department) & there
        return self.filter(seen)

    def open(self) -> TaskQuerySet:
        """Return tasks that are neither done nor skipped."""
        return self.filter(done_at__isnull=True, skipped_at__isnull=True)

    def unfinished(self) -> TaskQuerySet:
        """Return open tasks of cases that go on; what was left open when a case ended is nobody's work any more."""
        return self.open().filter(case__closed_at__isnull=True)

    def sent(self) -> TaskQuerySet:
        """Return tasks that were sent to a department."""
        return self.filter(sent_at__isnull=False)


class Task(models.Model):
    """A step that somebody takes; `gate` names the fact that completes it, such a task is not ticked by hand.

    A task `sent_at` is for the people of its `department`, who take it on (`acknowledged_at`); one that is not from
    the playbook has `words` of its own. A skipped one says why; `done_by` is who did or skipped it.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    code = models.CharField(max_length=40)
    mandatory = models.BooleanField()
    gate = models.CharField(max_length=40, blank=True)
    department = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    assignee = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="tasks", db_index=False
    )
    done_at = models.DateTimeField(null=True)
    skipped_at = models.DateTimeField(null=True)
    skipped_for = models.CharField(max_length=300, blank=True)
    done_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "code"], name="task_once"),
            models.CheckConstraint(
                condition=Q(skipped_at__isnull=True, skipped_for="")
                | ~Q(skipped_for="") & Q(skipped_at__isnull=False, done_at__isnull=True),
                name="task_skipped_for_reason",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(sent_at__isnull=False),
                name="task_sent_first",
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "sent_at"], condition=Q(sent_at__isnull=False), name="task_sent"
            ),
            models.Index(fields=["assignee"], condition=Q(assignee__isnull=False), name="task_mine"),
        ]

    @property
    def sent_to(self) -> str:
        """Return the department that the task was sent to, empty while it is the front desk's."""
        return self.department if self.sent_at is not None else ""
