"""Accounts: a fund of a club, the points of a member, the pieces in stock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pgtrigger
from django.db import models
from django.db.models import F, Q

from clubassist.core.actor import Actor, Everywhere
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers.models.kept import KEPT, summed
from clubassist.domain.members.models import Person


class Unit(models.TextChoices):
    """What is counted, always in whole numbers."""

    FEN = "fen"
    POINTS = "points"
    PIECES = "pieces"


def seen_by(actor: Actor, account: str = "", *, permissions: Iterable[str] = ("ledger.read",)) -> Q:
    """Return the condition that the actor may see rows of an account; `account` is the path to it ("account__").

    That is where the actor holds one of `permissions`, and on the actor's own account.
    """
    seen = Q(pk__in=[]) if actor.person is None else Q(**{f"{account}person": actor.person})
    for permission in permissions:
        scopes = actor.scopes(permission)
        if isinstance(scopes, Everywhere):
            return ~Q(pk__in=[])
        seen |= Q(**{f"{account}club__in": scopes})
    return seen


class AccountQuerySet(models.QuerySet["Account"]):
    """Accounts as an actor may see them."""

    def visible_to(self, actor: Actor) -> AccountQuerySet:
        """Return the accounts of the clubs where the actor reads ledgers, and the actor's own."""
        return self.filter(seen_by(actor))


OPENS_EMPTY: Final = pgtrigger.Protect(
    name="opens_empty",
    operation=pgtrigger.Insert,
    condition=pgtrigger.Condition("NEW.balance <> 0 OR NEW.held <> 0"),
)


class Account(models.Model):
    """Something that is counted, of a club or (`person`) of one of its members.

    `kind` and `period` name it: ("compensation", "2026"). `balance` is the sum of its entries and `held` of its open
    holds; the database keeps both. What is available never falls below `floor` (empty: it may fall without end).
    `in_lots`: what comes in may expire, and the oldest goes first. `needs_cause`: nothing goes out without one (B51).
    """

    club = models.ForeignKey(Club, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=30)
    period = models.CharField(max_length=10, blank=True)
    unit = models.CharField(max_length=10, choices=Unit.choices)
    floor = models.BigIntegerField(null=True)
    in_lots = models.BooleanField(default=False)
    needs_cause = models.BooleanField(default=False)
    balance = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["club", "kind", "period", "person"], nulls_distinct=False, name="account_once"
            ),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="account_unit_known"),
            models.CheckConstraint(condition=Q(held__gte=0), name="account_held_not_negative"),
            models.CheckConstraint(
                condition=Q(floor__isnull=True) | Q(balance__gte=F("floor") + F("held")),
                name="account_above_floor",
            ),
            models.CheckConstraint(
                condition=Q(in_lots=False) | Q(floor__isnull=False, floor=0), name="account_lots_from_zero"
            ),
        ]
        triggers = [OPENS_EMPTY, summed("balance", "held"), *KEPT]

    @property
    def available(self) -> int:
        """What is neither spent nor held. Lots that have ended are still in it until they are taken off."""
        return self.balance - self.held
