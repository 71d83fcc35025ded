"""When a club is open: weekly windows, and days that differ (holidays, make-up workdays)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from clubassist.core.actor import Actor
from clubassist.domain.club.models.club import Club


class OpeningWindowQuerySet(models.QuerySet["OpeningWindow"]):
    """Opening hours hang on the door: public."""

    def visible_to(self, actor: Actor) -> OpeningWindowQuerySet:
        """Return all windows."""
        return self.all()


class OpeningWindow(models.Model):
    """One window of a weekday (0 = Monday), in minutes after local midnight; past 1440 runs into the next day."""

    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField()
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()

    objects = OpeningWindowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="window_weekday"),
            models.CheckConstraint(
                condition=Q(opens__lt=1440) & Q(closes__lte=2880) & Q(opens__lt=F("closes")),
                name="window_order",
            ),
        ]


class SpecialDayQuerySet(models.QuerySet["SpecialDay"]):
    """Special days hang on the door: public."""

    def visible_to(self, actor: Actor) -> SpecialDayQuerySet:
        """Return all special days."""
        return self.all()


class SpecialDay(models.Model):
    """A date whose windows replace the weekly ones; no windows means closed. `windows` is [[opens, closes], …]."""

    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="special_days")
    date = models.DateField()
    windows = models.JSONField(default=list)
    note = models.CharField(max_length=60, blank=True)

    objects = SpecialDayQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["club", "date"], name="special_day_once")]
