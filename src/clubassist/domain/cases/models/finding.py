"""What was found out about a matter: the evidence, the finding, and who signed it."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q

from clubassist.core.actor import Actor, Everywhere
from clubassist.domain.cases.models.case import Case
from clubassist.domain.people.models import Account
from clubassist.domain.people.roles import heads_of
from clubassist.domain.people.rules import departments_of

EVIDENCE: Final = ("photo", "record", "account", "visit", "other")
"""What a piece of evidence is: an account is what somebody said about it."""
CONCLUSIONS: Final = ("true", "partly", "not", "undetermined")
"""Whether what the member told us is what happened (B23)."""


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Pieces of evidence; seen with their case."""

    def visible_to(self, actor: Actor) -> EvidenceQuerySet:
        """Return the evidence of the cases the actor may read."""
        return self.filter(case__in=Case.objects.visible_to(actor).values("pk"))


class Evidence(models.Model):
    """One thing to judge by, in words: what a photo shows, what a record says, what somebody told us."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=10)
    words = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EVIDENCE), name="evidence_kind"),
            models.CheckConstraint(condition=~Q(words=""), name="evidence_says_something"),
        ]


class FindingQuerySet(models.QuerySet["Finding"]):
    """Findings; seen with their case, and by the head of the department in question."""

    def visible_to(self, actor: Actor) -> FindingQuerySet:
        """Return the findings of the cases the actor may read, and those of open cases about the department
        that the actor heads: to sign them, without the case behind. Not of sensitive cases (F25)."""
        seen = Q(case__in=Case.objects.visible_to(actor).values("pk"))
        plain = Q(case__closed_at__isnull=True, case__sensitive=False)
        for department, scopes in departments_of(actor, heads_of).items():
            there = Q() if isinstance(scopes, Everywhere) else Q(case__club__in=scopes)
            seen |= Q(department=department) & plain & there
        return self.filter(seen)

    def standing(self) -> FindingQuerySet:
        """Return findings that were not replaced."""
        return self.filter(voided_at__isnull=True)


class Finding(models.Model):
    """What we hold to be true of a case, signed for the department in question and for customer service (B23).

    A finding that was changed after somebody had signed it is kept, `voided_at`, with the signatures that no longer
    count, and another one stands in its place.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="findings")
    conclusion = models.CharField(max_length=12)
    summary = models.TextField()
    department = models.CharField(max_length=20)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    department_at = models.DateTimeField(null=True)
    department_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    service_at = models.DateTimeField(null=True)
    service_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    voided_at = models.DateTimeField(null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(voided_at__isnull=True), name="finding_one_stands"
            ),
            models.CheckConstraint(condition=Q(conclusion__in=CONCLUSIONS), name="finding_conclusion"),
            models.CheckConstraint(
                condition=Q(department_by__isnull=True)
                | Q(service_by__isnull=True)
                | ~Q(department_by=F("service_by")),
                name="finding_two_people_sign",
            ),
            models.CheckConstraint(
                condition=Q(department_at__isnull=True, department_by__isnull=True)
                | Q(department_at__isnull=False, department_by__isnull=False),
                name="finding_department_signed",
            ),
            models.CheckConstraint(
                condition=Q(service_at__isnull=True, service_by__isnull=True)
                | Q(service_at__isnull=False, service_by__isnull=False),
                name="finding_service_signed",
            ),
        ]

    @property
    def signed(self) -> bool:
        """Tell whether both have signed."""
        return self.department_at is not None and self.service_at is not None
