"""Clocks: one row for each promise on a case, and the alarms they raise."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from clubassist.core.actor import Actor
from clubassist.domain.cases.models.case import Case
from clubassist.domain.cases.models.stage import Task


class ClockQuerySet(models.QuerySet["Clock"]):
    """Clocks; seen with their case."""

    def visible_to(self, actor: Actor) -> ClockQuerySet:
        """Return the clocks of the cases the actor may read."""
        return self.filter(case__in=Case.objects.visible_to(actor).values("pk"))

    def running(self) -> ClockQuerySet:
        """Return clocks that are neither met nor stopped."""
        return self.filter(met_at__isnull=True, stopped_at__isnull=True)

    def ticking(self) -> ClockQuerySet:
        """Return running clocks that do not stand still now."""
        return self.running().filter(paused_at__isnull=True)


class Clock(models.Model):
    """A promise with a time: `seconds` of `calendar` time from `started_at`, due at `due_at`.

    Most promises are the case's own; one with a `task` is kept by whom that task was sent to.
    Everything is frozen when the case opens: later rules do not move it (F13), nor do other opening hours, and figures
    count it by the `kind`, `urgency` and `complexity` that the case had when it started. `hours`
    are those it was planned by, None for a clock that runs around the clock. `alarms_at` are the times of the
    ladder's `levels` (percent of the target); `next_alarm_at` is the first not yet raised and is what the sweep
    looks for. `strictness` "breach" is a broken promise when late, "target" only amber (A01).

    `paused_at` is when it began to stand still, None while it ticks; a pause that has ended has moved `due_at` and the
    alarms after it; `gross_due_at`, when it would be due had it never stood still, moves with nothing (A06, B90).
    `replaced_by` is the clock that took its place (the limit of a complex case, a merge, new rules):
    a replaced clock counts nowhere.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, null=True, related_name="clocks", db_index=False)
    kind = models.CharField(max_length=40)
    urgency = models.CharField(max_length=10)
    complexity = models.CharField(max_length=10)
    promise = models.CharField(max_length=40)
    deadline = models.CharField(max_length=60)
    clauses = ArrayField(models.CharField(max_length=10))
    strictness = models.CharField(max_length=10)
    calendar = models.CharField(max_length=10)
    hours = models.JSONField(null=True)
    seconds = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    gross_due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    levels = ArrayField(models.PositiveSmallIntegerField())
    tells = ArrayField(models.CharField(max_length=20))
    alarms_at = ArrayField(models.DateTimeField())
    raised = models.PositiveSmallIntegerField(default=0)
    next_alarm_at = models.DateTimeField(null=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_alarm_at"],
                condition=Q(next_alarm_at__isnull=False),
                name="clock_alarm_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "promise"],
                condition=Q(met_at__isnull=True, stopped_at__isnull=True, task__isnull=True),
                name="clock_one_running",
            ),
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(met_at__isnull=True, stopped_at__isnull=True),
                name="clock_one_for_task",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("started_at")), name="clock_due_later"),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | Q(met_at__isnull=True, stopped_at__isnull=True),
                name="clock_paused_runs",
            ),
            models.CheckConstraint(condition=Q(strictness__in=["breach", "target"]), name="clock_strictness"),
        ]

    @property
    def target(self) -> timedelta:
        """Return the promised length of calendar time."""
        return timedelta(seconds=self.seconds)

    @property
    def running(self) -> bool:
        """Tell whether the promise is still to be kept."""
        return self.met_at is None and self.stopped_at is None


class AlarmQuerySet(models.QuerySet["Alarm"]):
    """Alarms; seen with their case."""

    def visible_to(self, actor: Actor) -> AlarmQuerySet:
        """Return the alarms of the cases the actor may read."""
        return self.filter(clock__case__in=Case.objects.visible_to(actor).values("pk"))


class Alarm(models.Model):
    """A clock passed a level of its ladder; written once for each clock and level."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="alarms", db_index=False)
    level = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField()

    objects = AlarmQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clock", "level"], name="alarm_once")]
