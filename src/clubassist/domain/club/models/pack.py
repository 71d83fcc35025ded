"""Versions of policy packs, and which club runs by which from when."""

from __future__ import annotations

import pgtrigger
from django.db import models

from clubassist.core.actor import Actor
from clubassist.domain.club.models.club import Club


class PackVersionQuerySet(models.QuerySet["PackVersion"]):
    """Pack versions; the rules are no secret."""

    def visible_to(self, actor: Actor) -> PackVersionQuerySet:
        """Return all versions: members read the promises too."""
        return self.all()


class PackVersion(models.Model):
    """One immutable version of a pack; `document` is the checked pack, `digest` its SHA-256 in hex."""

    name = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    author = models.CharField(max_length=60)
    stored_at = models.DateTimeField()

    objects = PackVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="pack_version_once"),
        ]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    """Adoptions; the rules are no secret."""

    def visible_to(self, actor: Actor) -> AdoptionQuerySet:
        """Return all adoptions."""
        return self.all()


class Adoption(models.Model):
    """A club runs by a pack version from `effective_from` on, until the next adoption of the same pack."""

    club = models.ForeignKey(Club, on_delete=models.PROTECT, related_name="adoptions")
    pack_version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="adoptions")
    effective_from = models.DateTimeField()
    adopted_by = models.CharField(max_length=60)
    adopted_at = models.DateTimeField()

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["club", "-effective_from"], name="adoption_in_force")]
