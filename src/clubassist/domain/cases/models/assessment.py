"""How a matter was judged: its kind and urgency, by whom, beside what the rules suggested (B19)."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from clubassist.core.actor import Actor
from clubassist.domain.cases.models.case import Case
from clubassist.domain.people.models import Account


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Assessments; seen with their case."""

    def visible_to(self, actor: Actor) -> AssessmentQuerySet:
        """Return the assessments of the cases the actor may read."""
        return self.filter(case__in=Case.objects.visible_to(actor).values("pk"))

    def standing(self) -> AssessmentQuerySet:
        """Return the latest assessment of each case."""
        later = Assessment.objects.filter(case=OuterRef("case"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later))


class Assessment(models.Model):
    """A colleague judged kind and urgency; an earlier one stays, the latest stands.

    `suggested_kind` and `suggested_urgency` are what the triage rules proposed for the words of the report, empty where
    they proposed nothing: an override is a row in which they differ.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assessments")
    kind = models.CharField(max_length=40)
    urgency = models.CharField(max_length=10)
    suggested_kind = models.CharField(max_length=40, blank=True)
    suggested_urgency = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["at"], name="assessment_at")]
        constraints = [
            models.CheckConstraint(
                condition=Q(suggested_kind="", suggested_urgency="")
                | ~Q(suggested_kind="") & ~Q(suggested_urgency=""),
                name="assessment_suggested_whole",
            )
        ]
