"""What an offer costs, set aside on the club's compensation account: one hold for each option that costs something."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.refusal import Refused
from clubassist.domain.cases.models import Offer, Option
from clubassist.domain.ledgers.actions import (
    approve_hold,
    commit_hold,
    lock_accounts,
    release_hold,
    take_hold,
)
from clubassist.domain.ledgers.models import Account, Hold, HoldState, Particulars
from clubassist.domain.ledgers.rules import Limits

COMPENSATION: Final = "compensation"
"""The kind of account that remedies are paid from, one for each year (B51)."""
FEN_OF_A_YUAN: Final = 100


def hold_for(
    offer: Offer, options: Iterable[Option], *, limits: Limits, actor: Actor, at: datetime
) -> dict[int, Hold]:
    """Set aside what each option costs; return the holds by their options' positions.

    The options of one offer are alternatives and do not add up against the maker's limit; the fund must cover them all.
    Raises Refused at the first option when the club has no fund this year, or at the one that is not covered.
    """
    costly = [option for option in options if option.cost]
    if not costly:
        return {}
    account = _fund(offer, costly[0], at)
    _check_cover(account, costly)
    case = offer.case
    return {
        option.position: take_hold(
            account=account,
            amount=option.cost,
            particulars=Particulars(
                kind=option.remedy[:20],
                reason=f"{case.number} #{offer.round}",
                clause=option.clause,
                cause=("case", str(case.pk)),
            ),
            key=f"offer-{offer.pk}-{option.position}",
            limits=limits,
            person=case.subject or case.reporter,
            choice=f"offer-{offer.pk}",
            actor=actor,
            at=at,
        )
        for option in costly
    }


def _fund(offer: Offer, option: Option, at: datetime) -> Account:
    """Return the account of the club's year, locked. Raises Refused when there is none."""
    club = offer.case.club
    year = at.astimezone(ZoneInfo(club.zone)).year
    found = Account.objects.filter(
        club=club, kind=COMPENSATION, period=str(year), person__isnull=True
    ).first()
    if found is None:
        mend = _("There is no money for remedies in %(year)s yet. Ask finance to set this year's budget.")
        raise Refused("fund-missing", field=f"option{option.position}_cost", mend=mend % {"year": year})
    return lock_accounts([found])[0]


def _check_cover(account: Account, options: list[Option]) -> None:
    """Raise Refused at the option with which the offer goes over the fund, with what is left (B06)."""
    left = account.available
    for option in options:
        if option.cost > left:
            mend = _("The fund does not cover this: ¥%(left)s is left.") % {"left": in_yuan(left)}
            raise Refused("fund-short", field=f"option{option.position}_cost", mend=mend)
        left -= option.cost


def in_yuan(fen: int) -> str:
    """Return an amount in yuan, with fen where there are any: 1,250 or 0.50."""
    yuan, rest = divmod(fen, FEN_OF_A_YUAN)
    return f"{yuan:,}.{rest:02d}" if rest else f"{yuan:,}"


def lock_funds(offer: Offer) -> None:
    """Lock the account behind an offer before the first of several of its holds is decided."""
    lock_accounts(hold.account for hold in _holds(offer))


def approve_holds(offer: Offer, *, limits: Limits, actor: Actor, at: datetime) -> None:
    """Approve what of the offer is above its maker's limit. Raises Refused above the actor's limit."""
    lock_funds(offer)
    for hold in _holds(offer):
        if hold.needs_approval:
            approve_hold(hold=hold, limits=limits, actor=actor, at=at)


def release_holds(offer: Offer, *, actor: Actor, at: datetime) -> None:
    """Set free what is still set aside for the offer."""
    for hold in _holds(offer):
        if hold.state == HoldState.HELD:
            release_hold(hold=hold, actor=actor, at=at)


def pay(offer: Offer, chosen: Option, *, at: datetime) -> None:
    """Let what the chosen option costs go out, and set the other options' costs free.

    It follows by rule from the member's answer, whoever gave it: so the system does it.
    """
    lock_funds(offer)
    if chosen.hold is not None:
        commit_hold(hold=chosen.hold, actor=SYSTEM, at=at)
    release_holds(offer, actor=SYSTEM, at=at)


def _holds(offer: Offer) -> list[Hold]:
    return list(Hold.objects.filter(option__offer=offer).select_related("account").order_by("pk"))
