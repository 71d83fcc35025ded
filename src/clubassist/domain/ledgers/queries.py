"""Reads of accounts: what is there, what can be spent, how it came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import F, Max, Q, Sum

from clubassist.core.actor import Actor, ActorKind
from clubassist.core.refusal import Missing
from clubassist.domain.ledgers.models import Account, Entry, Hold, Lot
from clubassist.domain.ledgers.rules import Limits
from clubassist.domain.people.models import Grant

MOST_ROWS: Final = 50


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds: `available` is what can be spent now, apart from what is held and what has ended."""

    balance: int
    held: int
    available: int


@dataclass(frozen=True, slots=True)
class Statement:
    """Entries of an account, newest first, each with the balance after it.

    `more` is where the next page begins: the number to give as `before`; None at the end.
    """

    rows: tuple[Entry, ...]
    more: int | None


def balance_of(account: Account, *, actor: Actor, at: datetime) -> Balance:
    """Return what the account holds at `at`. Raises Missing for an account out of sight."""
    row = Account.objects.visible_to(actor).filter(pk=account.pk).first()
    if row is None:
        raise Missing
    ended = _ended(row, at) if row.in_lots else 0
    return Balance(balance=row.balance, held=row.held, available=row.available - ended)


def _ended(account: Account, at: datetime) -> int:
    """Return what has ended and is not reserved: it is taken off before anything else happens on the account."""
    lots = Lot.objects.filter(account=account).ended(at)
    return int(lots.aggregate(left=Sum(F("remaining") - F("reserved"), default=0))["left"])


def statement(
    account: Account, *, actor: Actor, before: int | None = None, most: int = MOST_ROWS
) -> Statement:
    """Return a page of the account's entries. Raises Missing for an account out of sight."""
    if not Account.objects.visible_to(actor).filter(pk=account.pk).exists():
        raise Missing
    entries = Entry.objects.filter(account=account).order_by("-pk")
    if before is not None:
        entries = entries.filter(pk__lt=before)
    rows = tuple(entries[: most + 1])
    return Statement(rows=rows[:most], more=rows[most - 1].pk if len(rows) > most else None)


def given_for(account: Account, cause: tuple[str, str] | None, *, apart_from: str = "") -> int:
    """Return what is set aside or has gone out by holds on the account for one matter; 0 when there is none.

    Of the holds of one choice the largest counts; those of the choice `apart_from` do not.
    """
    if cause is None:
        return 0
    given = Hold.objects.given(account, cause)
    single = given.filter(choice="").aggregate(sum=Sum("amount", default=0))["sum"]
    choices = given.exclude(choice__in=("", apart_from)).values("choice").annotate(most=Max("amount"))
    return int(single) + sum(int(choice["most"]) for choice in choices)


def limit_of(actor: Actor, club_id: int, limits: Limits) -> int | None:
    """Return the most that `actor` may give for one matter at the club by any role; None: the system, no limit."""
    if actor.kind is ActorKind.SYSTEM:
        return None
    there = Q(club=club_id) | Q(club__isnull=True)
    roles = Grant.objects.running().filter(there, account=actor.account).values_list("role", flat=True)
    return max((limits.get(role, 0) for role in roles), default=0)
