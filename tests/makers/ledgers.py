"""Accounts with something on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from clubassist.core.actor import SYSTEM, Actor
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers.actions import open_account, post_entry, take_hold
from clubassist.domain.ledgers.models import Account, Entry, Hold, Particulars, Unit
from clubassist.domain.members.models import Person
from tests.makers.clubs import LONG_AGO

LIMITS: Final = {"agent": 10_000, "service_manager": 100_000, "finance": 1_000_000, "management": 1_000_000}


def because(**changes: Any) -> Particulars:
    """Return what a compensation is for, with changes."""
    given: dict[str, Any] = {
        "kind": "compensation",
        "reason": "更衣室漏水，赔付洗衣费",
        "clause": "B51",
        "cause": ("case", "1"),
    }
    return Particulars(**(given | changes))


def post(account: Account, amount: int, *, at: datetime, actor: Actor = SYSTEM, **changes: Any) -> Entry:
    """Post an entry, by the system unless an actor is given."""
    given: dict[str, Any] = {"particulars": because(), "key": f"{amount} {at}", "limits": LIMITS}
    return post_entry(account=account, amount=amount, actor=actor, at=at, **(given | changes))


def hold(account: Account, amount: int, *, at: datetime, actor: Actor = SYSTEM, **changes: Any) -> Hold:
    """Set an amount aside, by the system unless an actor is given."""
    given: dict[str, Any] = {"particulars": because(), "key": f"{amount} {at}", "limits": LIMITS}
    return take_hold(account=account, amount=amount, actor=actor, at=at, **(given | changes))


def make_fund(club: Club, amount: int = 0, **changes: Any) -> Account:
    """Return a club's compensation fund with `amount` fen on it."""
    given: dict[str, Any] = {"kind": "compensation", "unit": Unit.FEN, "period": "2026", "needs_cause": True}
    account = open_account(club=club, actor=SYSTEM, at=LONG_AGO, **(given | changes))
    if amount:
        post(account, amount, at=LONG_AGO, particulars=because(kind="topup", cause=None), key="opening")
    account.refresh_from_db()
    return account


def make_points(person: Person) -> Account:
    """Return a member's points, none yet."""
    return open_account(
        club=person.club,
        person=person,
        kind="points",
        unit=Unit.POINTS,
        in_lots=True,
        actor=SYSTEM,
        at=LONG_AGO,
    )
