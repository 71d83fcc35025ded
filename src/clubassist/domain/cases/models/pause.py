"""Pauses: the intervals in which a clock stands still."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from clubassist.core.actor import Actor
from clubassist.domain.cases.models.case import Case
from clubassist.domain.cases.models.clock import Clock
from clubassist.domain.people.models import Account


class PauseQuerySet(models.QuerySet["Pause"]):
    """Pauses; seen with their case."""

    def visible_to(self, actor: Actor) -> PauseQuerySet:
        """Return the pauses of the cases the actor may read."""
        return self.filter(clock__case__in=Case.objects.visible_to(actor).values("pk"))

    def open(self) -> PauseQuerySet:
        """Return pauses that nobody has ended yet."""
        return self.filter(resumed_at__isnull=True)


class Pause(models.Model):
    """A clock stood still from `paused_at` to `resumed_at`, for a `reason` that its deadline allows.

    `evidence` says in words what shows it (who asked for what and when). The end of the clock ends its pause. Two
    pauses of one clock never overlap, so at most one is open; the database sees to it.
    """

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="pauses", db_index=False)
    reason = models.CharField(max_length=40)
    evidence = models.CharField(max_length=300)
    author = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    paused_at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["clock", "paused_at"], name="pause_of_clock")]
        constraints = [
            models.CheckConstraint(condition=~Q(evidence=""), name="pause_has_evidence"),
            models.CheckConstraint(
                condition=Q(resumed_at__isnull=True) | Q(resumed_at__gte=F("paused_at")),
                name="pause_ends_later",
            ),
            # A range of the clock's id alone: GiST compares ranges without an extension, but no plain numbers.
            ExclusionConstraint(
                name="pause_no_overlap",
                expressions=[
                    (
                        Func(F("clock"), F("clock"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (Func(F("paused_at"), F("resumed_at"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
