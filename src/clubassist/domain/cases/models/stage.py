"""Stages a case passes through, and the tasks in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from clubassist.core.actor import Actor
from clubassist.domain.cases.models.case import Case
from clubassist.domain.people.models import Account


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
    """Tasks; seen with their case."""

    def visible_to(self, actor: Actor) -> TaskQuerySet:
        """Return the tasks of the cases the actor may read."""
        return self.filter(case__in=Case.objects.visible_to(actor).values("pk"))


class Task(models.Model):
    """A step that somebody takes; `gate` names the fact that completes it, such a task is not ticked by hand."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    code = models.CharField(max_length=40)
    mandatory = models.BooleanField()
    gate = models.CharField(max_length=40, blank=True)
    department = models.CharField(max_length=20, blank=True)
    assignee = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="tasks", db_index=False
    )
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "code"], name="task_once")]
        indexes = [
            models.Index(fields=["assignee"], condition=Q(assignee__isnull=False), name="task_mine"),
        ]
