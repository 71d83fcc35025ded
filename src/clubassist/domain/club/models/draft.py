"""Drafts: a pack as a club writes it, before anybody runs by it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from clubassist.core.actor import Actor, Everywhere
from clubassist.domain.club.models.club import Club
from clubassist.domain.club.models.pack import PackVersion


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts; unlike the rules in force they concern only those who decide on them."""

    def visible_to(self, actor: Actor) -> DraftQuerySet:
        """Return the drafts of the clubs where the actor puts rules into force."""
        scopes = actor.scopes("policy.adopt")
        return self.all() if isinstance(scopes, Everywhere) else self.filter(club__in=scopes)

    def open(self) -> DraftQuerySet:
        """Return drafts that are still being written or reviewed, the newest first."""
        return self.filter(published_at__isnull=True, discarded_at__isnull=True).order_by(
            "-changed_at", "-pk"
        )


class Draft(models.Model):
    """The text of a pack in one piece of TOML. Its author writes it, somebody else publishes it (F13).

    `digest` is the SHA-256 of the text in hex: what a reviewer read is what is published. `base` is the version that it
    began with, `version` the one that it became. People stand here as the keys of their actors (`staff:12`).
    """

    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="drafts")
    base = models.ForeignKey(PackVersion, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    digest = models.CharField(max_length=64)
    author = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_by = models.CharField(max_length=60, blank=True)
    published_at = models.DateTimeField(null=True)
    version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, null=True, related_name="drafts")
    discarded_by = models.CharField(max_length=60, blank=True)
    discarded_at = models.DateTimeField(null=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by="", version__isnull=True)
                | (Q(published_at__isnull=False, version__isnull=False) & ~Q(published_by="")),
                name="draft_published_whole",
            ),
            models.CheckConstraint(condition=~Q(published_by=F("author")), name="draft_published_by_another"),
            models.CheckConstraint(
                condition=Q(discarded_at__isnull=True, discarded_by="")
                | (Q(discarded_at__isnull=False) & ~Q(discarded_by="")),
                name="draft_discarded_whole",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(discarded_at__isnull=True), name="draft_ends_once"
            ),
        ]

    @property
    def open(self) -> bool:
        """Whether it is still being written or reviewed."""
        return self.published_at is None and self.discarded_at is None
