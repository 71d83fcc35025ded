"""How cases belong together: links between different matters, merges of one matter told twice (A21, F20)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from clubassist.core.actor import Actor
from clubassist.domain.cases.models.case import Case
from clubassist.domain.people.models import Account


class LinkKind(models.TextChoices):
    """What the other case is to this one."""

    PARENT = "parent"
    CAUSED_BY = "caused_by"
    RELATED = "related"


class LinkQuerySet(models.QuerySet["Link"]):
    """Links; seen when both cases are."""

    def visible_to(self, actor: Actor) -> LinkQuerySet:
        """Return the links between cases the actor may read."""
        seen = Case.objects.visible_to(actor).values("pk")
        return self.filter(case__in=seen, other__in=seen)


class Link(models.Model):
    """`other` is the parent of `case`, its cause, or related to it. Each case keeps its own clocks (A21).

    A case has one parent at most: a new one takes the child over.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links_to")
    kind = models.CharField(max_length=10, choices=LinkKind.choices)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "other", "kind"], name="link_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(kind="parent"), name="link_one_parent"),
            models.CheckConstraint(condition=~Q(case=F("other")), name="link_not_itself"),
            models.CheckConstraint(condition=Q(kind__in=LinkKind.values), name="link_kind_known"),
        ]


class MergeQuerySet(models.QuerySet["Merge"]):
    """Merges; seen with the kept case."""

    def visible_to(self, actor: Actor) -> MergeQuerySet:
        """Return the merges into cases the actor may read."""
        return self.filter(kept__in=Case.objects.visible_to(actor).values("pk"))

    def standing(self) -> MergeQuerySet:
        """Return merges that have not been undone."""
        return self.filter(undone_at__isnull=True)


class Merge(models.Model):
    """`merged` was found to be the same matter as `kept`, which both numbers open from then on.

    `before` is how both cases and their clocks stood, by model and id: all that undoing needs.
    """

    kept = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="merges")
    merged = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    before = models.JSONField()

    objects = MergeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="merge_once"
            ),
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="merge_not_itself"),
        ]
