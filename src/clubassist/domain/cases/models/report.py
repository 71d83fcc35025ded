"""The closing report of a case and who has read it."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from clubassist.core.actor import Actor, Everywhere
from clubassist.domain.cases.models.case import Case
from clubassist.domain.people.models import Account, Grant


class ReportQuerySet(models.QuerySet["Report"]):
    """Closing reports; seen with their case."""

    def visible_to(self, actor: Actor) -> ReportQuerySet:
        """Return the reports of the cases the actor may read.

        Who may read reports but no cases stands in where no service manager but the author works at the club: they see
        the report while nobody has read it, not the case behind it, and nothing of a sensitive one (F25).
        """
        seen = Q(case__in=Case.objects.visible_to(actor).values("pk"))
        if scopes := actor.scopes("report.read"):
            there = Q() if isinstance(scopes, Everywhere) else Q(case__club__in=scopes)
            managers = Grant.objects.running().filter(role="service_manager", account__is_active=True)
            here = managers.filter(Q(club=OuterRef("case__club")) | Q(club__isnull=True))
            nobody_else = ~Exists(here.exclude(account=OuterRef("written_by")))
            own = Q(nobody_else, written_by__isnull=False, read_at__isnull=True)
            seen |= own & Q(case__sensitive=False) & there
        return self.filter(seen)

    def unread(self) -> ReportQuerySet:
        """Return reports that no superior has read."""
        return self.filter(read_at__isnull=True)


class Report(models.Model):
    """What was done about a case, why it came about (`cause`, a code of the pack), and the superior's receipt (B28).

    One for each time the case was solved: a reopened case is reported anew, the earlier report stays. `prevention` says
    what shall keep it from happening again, and `department` who sees to that; both or neither (B29).
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    resolved_at = models.DateTimeField()
    cause = models.CharField(max_length=40)
    text = models.TextField()
    prevention = models.CharField(max_length=300, blank=True)
    department = models.CharField(max_length=20, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["written_at"], condition=Q(read_at__isnull=True), name="report_unread")
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "resolved_at"], name="report_once"),
            models.CheckConstraint(
                condition=Q(read_by__isnull=True) | ~Q(read_by=F("written_by")),
                name="report_read_by_another",
            ),
        ]
