"""Lots: what came in together and ends together; draws: what was taken out of which lot."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import pgtrigger
from django.db import models
from django.db.models import F, Q

from clubassist.core.actor import Actor
from clubassist.core.models.journal import APPEND_ONLY
from clubassist.domain.ledgers.models.account import Account, seen_by
from clubassist.domain.ledgers.models.entry import Entry
from clubassist.domain.ledgers.models.hold import Hold
from clubassist.domain.ledgers.models.kept import KEPT, summed


class LotQuerySet(models.QuerySet["Lot"]):
    """Lots as an actor may see them."""

    def visible_to(self, actor: Actor) -> LotQuerySet:
        """Return the lots of accounts that the actor may see."""
        return self.filter(seen_by(actor, "account__"))

    def spendable(self) -> LotQuerySet:
        """Return lots with something left that is not reserved, first the one that ends first."""
        left = self.filter(remaining__gt=F("reserved"))
        return left.order_by(F("expires_at").asc(nulls_last=True), "pk")

    def ended(self, at: datetime) -> LotQuerySet:
        """Return lots that have ended; the last moment no longer counts."""
        return self.filter(expires_at__lte=at)


STARTS_WHOLE: Final = pgtrigger.Protect(
    name="starts_whole",
    operation=pgtrigger.Insert,
    condition=pgtrigger.Condition("NEW.remaining <> NEW.amount OR NEW.reserved <> 0"),
)


class Lot(models.Model):
    """What one credit brought, until `expires_at` (empty: for good).

    `remaining` is what no entry has taken yet, `reserved` the part of it that open holds will take.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lots", db_index=False)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="lot")
    amount = models.BigIntegerField()
    remaining = models.BigIntegerField()
    reserved = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)

    objects = LotQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["account", "expires_at", "id"], condition=Q(remaining__gt=0), name="lot_oldest_first"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(reserved__gte=0, remaining__gte=F("reserved"), amount__gte=F("remaining")),
                name="lot_holds_what_is_left",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="lot_amount_positive"),
        ]
        triggers = [
            STARTS_WHOLE,
            summed("remaining", "reserved"),
            pgtrigger.ReadOnly(name="counts_only", exclude=["remaining", "reserved"]),
            *KEPT,
        ]

    @property
    def free(self) -> int:
        """What can still be taken."""
        return self.remaining - self.reserved


class DrawQuerySet(models.QuerySet["Draw"]):
    """Draws as an actor may see them."""

    def visible_to(self, actor: Actor) -> DrawQuerySet:
        """Return the draws on accounts that the actor may see."""
        return self.filter(seen_by(actor, "lot__account__"))


TAKEN: Final = pgtrigger.Trigger(
    name="taken",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    func="""
        UPDATE ledgers_lot
        SET remaining = remaining - CASE WHEN NEW.hold_id IS NULL THEN NEW.amount ELSE 0 END,
            reserved = reserved + CASE WHEN NEW.hold_id IS NULL THEN 0 ELSE NEW.amount END
        WHERE id = NEW.lot_id;
        RETURN NULL;
    """,
)


class Draw(models.Model):
    """What an entry takes out of a lot (below zero: gives back), or an open hold reserves in it."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="draws")
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, null=True, related_name="draws", db_index=False
    )
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, null=True, related_name="draws", db_index=False)
    amount = models.BigIntegerField()

    objects = DrawQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "lot"], name="draw_once_by_an_entry"),
            models.UniqueConstraint(fields=["hold", "lot"], name="draw_once_by_a_hold"),
            models.CheckConstraint(
                condition=(Q(entry__isnull=False, hold__isnull=True) & ~Q(amount=0))
                | Q(entry__isnull=True, hold__isnull=False, amount__gt=0),
                name="draw_by_one",
            ),
        ]
        triggers = [TAKEN, *APPEND_ONLY]
