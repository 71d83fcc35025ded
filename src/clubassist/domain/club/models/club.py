"""Clubs, their venues and the areas in them."""

from __future__ import annotations

from django.db import models

from clubassist.core.actor import Actor, Everywhere


class ClubQuerySet(models.QuerySet["Club"]):
    """Clubs; their names and promises are public, so everybody sees every open one."""

    def visible_to(self, actor: Actor) -> ClubQuerySet:
        """Return the clubs that `actor` may know of: all that have not closed."""
        return self.filter(closed_at__isnull=True)

    def where(self, actor: Actor, permission: str) -> ClubQuerySet:
        """Return the clubs in which `actor` holds `permission`."""
        scopes = actor.scopes(permission)
        open_clubs = self.filter(closed_at__isnull=True)
        return open_clubs if isinstance(scopes, Everywhere) else open_clubs.filter(pk__in=scopes)


class Club(models.Model):
    """One club of the chain (the database is the chain). `code` is short and stable, for links and imports."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    phone = models.CharField(max_length=20)
    closed_at = models.DateTimeField(null=True)

    objects = ClubQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class VenueQuerySet(models.QuerySet["Venue"]):
    """Venues, public like their clubs."""

    def visible_to(self, actor: Actor) -> VenueQuerySet:
        """Return the venues of clubs that have not closed."""
        return self.filter(club__closed_at__isnull=True)


class Venue(models.Model):
    """A house of a club: 滨江馆."""

    club = models.ForeignKey(Club, on_delete=models.PROTECT, related_name="venues")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)

    objects = VenueQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["club", "name"], name="venue_name_once")]

    def __str__(self) -> str:
        return self.name


class AreaQuerySet(models.QuerySet["Area"]):
    """Areas, public like their venues."""

    def visible_to(self, actor: Actor) -> AreaQuerySet:
        """Return the areas of clubs that have not closed."""
        return self.filter(venue__club__closed_at__isnull=True)


class Area(models.Model):
    """A part of a venue that people name when they report: 二号场. `position` is its digit in the call form."""

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="areas")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()

    objects = AreaQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["venue", "name"], name="area_name_once")]

    def __str__(self) -> str:
        return self.name
