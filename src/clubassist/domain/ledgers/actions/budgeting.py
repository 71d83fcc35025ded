"""Giving a club an amount to spend in a year."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.refusal import Refused
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers import rules
from clubassist.domain.ledgers.actions.opening import open_account
from clubassist.domain.ledgers.actions.posting import post_entry
from clubassist.domain.ledgers.models import Account, Particulars, Unit
from clubassist.domain.ledgers.rules import Limits


@action
def open_budget(
    *, club: Club, kind: str, year: int, amount: int, clause: str, limits: Limits, actor: Actor, at: datetime
) -> Account:
    """Open the club's account of this kind for a year with `amount` fen on it; nothing goes out without a cause (B51).

    The same once more gives the account that is there. Records LedgerOpened and EntryPosted. Raises Refused for an
    amount that is not above zero, for another amount than the year began with, and without the right.
    """
    if not rules.is_amount(amount) or amount < 0:
        raise Refused("amount-invalid", field="amount", mend=_("Give a whole number above zero."))
    period = str(year)
    account = open_account(
        club=club, kind=kind, unit=Unit.FEN, period=period, needs_cause=True, actor=actor, at=at
    )
    post_entry(
        account=account,
        amount=amount,
        particulars=Particulars(kind="budget", reason=period, clause=clause),
        key=f"budget-{period}",
        limits=limits,
        actor=actor,
        at=at,
    )
    account.refresh_from_db()
    return account
