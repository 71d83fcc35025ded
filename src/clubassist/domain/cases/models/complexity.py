"""Requests to treat a case as complex, and what a manager said to them (F50)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from clubassist.core.actor import Actor
from clubassist.domain.cases.models.case import Case
from clubassist.domain.people.models import Account


class ComplexityRequestQuerySet(models.QuerySet["ComplexityRequest"]):
    """Requests; seen with their case."""

    def visible_to(self, actor: Actor) -> ComplexityRequestQuerySet:
        """Return the requests of the cases the actor may read."""
        return self.filter(case__in=Case.objects.visible_to(actor).values("pk"))

    def waiting(self) -> ComplexityRequestQuerySet:
        """Return requests that nobody has decided."""
        return self.filter(decided_at__isnull=True)


class ComplexityRequest(models.Model):
    """Somebody asked, with a reason, for the longer limit of a complex case; somebody else `approved` it or not.

    At most one waits for each case, and nobody decides their own; the database sees to both.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="complexity_requests")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    approved = models.BooleanField(null=True)
    decided_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=300, blank=True)

    objects = ComplexityRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(decided_at__isnull=True), name="complexity_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, approved__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, approved__isnull=False),
                name="complexity_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(asked_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(decided_by=F("asked_by")),
                name="complexity_not_ones_own",
            ),
        ]
