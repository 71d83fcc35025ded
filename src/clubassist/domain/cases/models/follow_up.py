"""Follow-up calls after a case was solved: the promised ones and every try at them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import models
from django.db.models import Q

from clubassist.core.actor import Actor
from clubassist.domain.cases.models.case import Case
from clubassist.domain.people.models import Account
from clubassist.pure.figures import Assent

ENDS: Final = ("solved", "not_solved", "no_objection", "dropped")
"""How a follow-up ends; "dropped" when the case was opened again before it, or a manager skipped it."""
TRIES: Final = ("not_reached", "left_message", "solved", "not_solved")

ASSENT: Final = Assent()
"""How many tries and how long a silence after them end a call without an objection (A05)."""


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Follow-ups; seen with their case."""

    def visible_to(self, actor: Actor) -> FollowUpQuerySet:
        """Return the follow-ups of the cases the actor may read."""
        return self.filter(case__in=Case.objects.visible_to(actor).values("pk"))

    def open(self) -> FollowUpQuerySet:
        """Return follow-ups that have not ended."""
        return self.filter(ended_at__isnull=True)

    def to_call(self, at: datetime) -> FollowUpQuerySet:
        """Return the call-back queue: what has not ended and whose day has come, the oldest first (F52).

        What was tried in vain comes back once the member's time to object is over (A05).
        """
        over = Q(second_try_at__isnull=True) | Q(second_try_at__lte=at - ASSENT.objection)
        return self.open().filter(over, opens_at__lte=at).order_by("opens_at", "pk")


class FollowUp(models.Model):
    """A call that we owe after solving a case, from `opens_at` on; its clock is the case's of the same `promise`.

    `outcome` is one of ENDS. A score (1 to 5) is what the member gave; `second_try_at` is when the second unanswered
    try was made: from then on, seven days without an objection count as agreed (A05).
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="follow_ups")
    promise = models.CharField(max_length=40)
    opens_at = models.DateTimeField()
    second_try_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    score = models.PositiveSmallIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["opens_at"], condition=Q(ended_at__isnull=True), name="follow_up_open")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "promise"], condition=Q(ended_at__isnull=True), name="follow_up_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | Q(ended_at__isnull=False, outcome__in=ENDS),
                name="follow_up_outcome",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5), name="follow_up_score"
            ),
        ]

    @property
    def objection_until(self) -> datetime | None:
        """Return until when the member may object after two tries in vain; None before the second (A05)."""
        return None if self.second_try_at is None else self.second_try_at + ASSENT.objection


class TryQuerySet(models.QuerySet["Try"]):
    """Tries; seen with their case."""

    def visible_to(self, actor: Actor) -> TryQuerySet:
        """Return the tries of the cases the actor may read."""
        return self.filter(follow_up__case__in=Case.objects.visible_to(actor).values("pk"))


class Try(models.Model):
    """One try at a follow-up call, by a colleague, or the member's own answer on their page (`by` empty)."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="tries")
    outcome = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    objects = TryQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(outcome__in=TRIES), name="try_outcome")]
