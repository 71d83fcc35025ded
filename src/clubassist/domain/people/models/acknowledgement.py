"""Who has read which rules."""

from __future__ import annotations

from django.db import models

from clubassist.core.actor import Actor
from clubassist.domain.club.models import PackVersion
from clubassist.domain.people.models.account import Account


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    """Acknowledgements as an actor may see them."""

    def visible_to(self, actor: Actor) -> AcknowledgementQuerySet:
        """Return the actor's own; who has not confirmed at a club is told by `queries.waiting_readers`."""
        return self.filter(account=actor.account)


class Acknowledgement(models.Model):
    """A colleague has read a version of the rules and works by it (B01)."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="acknowledgements")
    version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "version"], name="acknowledgement_once")]
