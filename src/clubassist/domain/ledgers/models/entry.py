"""Entries: what came in and went out, never changed."""

from __future__ import annotations

from typing import Final

import pgtrigger
from django.db import models
from django.db.models import Q

from clubassist.core.actor import Actor
from clubassist.core.models.journal import APPEND_ONLY
from clubassist.domain.ledgers.models.account import Account, seen_by
from clubassist.domain.ledgers.models.hold import Hold
from clubassist.domain.ledgers.models.particulars import WithParticulars

# Before the insert, for the entry tells the balance. So entries are never inserted with ON CONFLICT DO NOTHING
# (`ignore_conflicts`): what is then left out would be counted all the same.
ADDED_UP: Final = pgtrigger.Trigger(
    name="added_up",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        UPDATE ledgers_account SET balance = balance + NEW.amount WHERE id = NEW.account_id
        RETURNING balance INTO NEW.balance;
        RETURN NEW;
    """,
)


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries as an actor may see them."""

    def visible_to(self, actor: Actor) -> EntryQuerySet:
        """Return the entries of accounts that the actor may see."""
        return self.filter(seen_by(actor, "account__"))


class Entry(WithParticulars):
    """One credit (above zero) or debit (below zero); `balance` is the account's just after it.

    It exists once for its `key`, for the `hold` it commits, and for the entry that it `reverses`.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries", db_index=False)
    amount = models.BigIntegerField()
    balance = models.BigIntegerField(db_default=0)
    key = models.CharField(max_length=60, blank=True)
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, null=True, related_name="entry")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    actor = models.CharField(max_length=60)
    at = models.DateTimeField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["account", "id"], name="entry_statement")]
        constraints = [
            *WithParticulars.Meta.constraints,
            models.CheckConstraint(condition=~Q(amount=0), name="entry_amount_not_zero"),
            models.UniqueConstraint(
                fields=["account", "key"], condition=~Q(key=""), name="entry_once_for_its_key"
            ),
        ]
        triggers = [ADDED_UP, *APPEND_ONLY]
