"""Months that are over: their figures as they were published, and every restatement beside them (A05)."""

from __future__ import annotations

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from clubassist.core.actor import Actor, Everywhere
from clubassist.core.models.journal import APPEND_ONLY
from clubassist.domain.club.models import Club

RELEASES: Final = ("provisional", "final")
MONTH_OVER: Final = "month_over"
REASONS: Final = (
    MONTH_OVER,
    "reopened",
    "merged",
    "unmerged",
    "complexity",
    "replanned",
    "reclassified",
    "withdrawn",
)
"""Why a version was made: the month was over for so many days, or something was known better afterwards."""


class FrozenMonthQuerySet(models.QuerySet["FrozenMonth"]):
    """Frozen months as an actor may see them."""

    def visible_to(self, actor: Actor) -> FrozenMonthQuerySet:
        """Return those of clubs whose figures the actor may read."""
        scopes = actor.scopes("clause.read")
        return self if isinstance(scopes, Everywhere) else self.filter(club__in=scopes)


class FrozenMonth(models.Model):
    """One version of all figures of a club's month, as at the data date `at`; never changed, only followed by another.

    `month` is its first day. Beside the provisional and the final version, each further one restates the one before:
    the `reason` is what was known better. It was made at `frozen_at`.
    """

    club = models.ForeignKey(Club, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    version = models.PositiveSmallIntegerField()
    release = models.CharField(max_length=12)
    reason = models.CharField(max_length=12)
    at = models.DateTimeField()
    frozen_at = models.DateTimeField()

    objects = FrozenMonthQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["club", "month", "version"], name="frozen_version_once"),
            models.UniqueConstraint(
                fields=["club", "month", "release"],
                condition=Q(reason=MONTH_OVER),
                name="frozen_release_once",
            ),
            models.CheckConstraint(condition=Q(release__in=RELEASES), name="frozen_release"),
            models.CheckConstraint(condition=Q(reason__in=REASONS), name="frozen_reason"),
        ]
        triggers = [*APPEND_ONLY]


class FrozenTallyQuerySet(models.QuerySet["FrozenTally"]):
    """Tallies of frozen months; seen with their month."""

    def visible_to(self, actor: Actor) -> FrozenTallyQuerySet:
        """Return the tallies of months whose figures the actor may read."""
        return self.filter(frozen__in=FrozenMonth.objects.visible_to(actor).values("pk"))


class FrozenTally(models.Model):
    """How many cases, or clocks for `attainment`, of one sort a frozen month has, and which: `ids`, newest first.

    `part` is what they count as, `gross` what they would had no clock stood still (empty but for clocks).
    Where the formula is of time, `waited` is how long all of them waited together, `ended` and `still_open` how many
    for so many minutes (`{"90": 2}`); what was `paused` is in none of
    them. So a figure costs the same however many cases it counts.
    """

    frozen = models.ForeignKey(FrozenMonth, on_delete=models.PROTECT, related_name="tallies")
    formula = models.CharField(max_length=20)
    promise = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    urgency = models.CharField(max_length=10)
    complexity = models.CharField(max_length=10)
    strictness = models.CharField(max_length=10)
    part = models.CharField(max_length=12)
    gross = models.CharField(max_length=12)
    sensitive = models.BooleanField()
    rows = models.PositiveIntegerField()
    waited = models.DurationField()
    ended = models.JSONField()
    still_open = models.JSONField()
    paused = models.DurationField()
    ids = ArrayField(models.BigIntegerField())

    objects = FrozenTallyQuerySet.as_manager()

    class Meta:
        triggers = [*APPEND_ONLY]
