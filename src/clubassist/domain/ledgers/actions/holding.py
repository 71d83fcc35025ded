"""Setting amounts aside, and deciding what becomes of them."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.ledgers import rules
from clubassist.domain.ledgers.actions.access import (
    check_cover,
    check_key,
    check_particulars,
    key_reused,
    locked,
    locked_hold,
    not_allowed,
)
from clubassist.domain.ledgers.actions.lots import take, take_off_ended, take_reserved
from clubassist.domain.ledgers.facts import HoldCommitted, HoldReleased, HoldTaken
from clubassist.domain.ledgers.models import Account, Entry, Hold, HoldState, Particulars
from clubassist.domain.ledgers.queries import given_for, limit_of
from clubassist.domain.ledgers.rules import Limits
from clubassist.domain.members.models import Person


@action
def take_hold(
    *,
    account: Account,
    amount: int,
    particulars: Particulars,
    key: str,
    limits: Limits,
    actor: Actor,
    at: datetime,
    person: Person | None = None,
    choice: str = "",
) -> Hold:
    """Set `amount` aside, for `person` if it is for somebody; the same once more by the same actor gives the same hold.

    It waits for approval by somebody else (B06) when it is for the actor, and when it is above the actor's limit
    (`limits` by role) together with what the account gave for the same cause before. Holds of one `choice` are
    alternatives: they do not add up, for one at most is committed. Records HoldTaken. Raises Refused for another
    request under the key, with less than `amount` left, or without saying what it is for.
    """
    account = locked(account, actor=actor, permission="ledger.hold")
    check_key(key)
    check_key(choice or key)
    if earlier := Hold.objects.filter(account=account, key=key).first():
        # Who asked belongs to it: given another's hold as their own, somebody could approve what they asked for.
        content = (earlier.amount, earlier.particulars, earlier.person_id, earlier.choice, earlier.asked_by)
        if content != (amount, particulars, person.pk if person else None, choice, actor.key):
            raise key_reused()
        return earlier
    if not rules.is_amount(amount) or amount < 0:
        raise Refused("amount-invalid", field="amount", mend=_("Give a whole number above zero."))
    check_particulars(account, particulars, spends=True)
    take_off_ended(account, at)
    check_cover(account, amount)
    above = _is_above(account, amount, particulars, choice, limits, actor)
    hold = Hold.objects.create(
        account=account,
        person=person,
        amount=amount,
        key=key,
        choice=choice,
        asked_by=actor.key,
        asked_at=at,
        needs_approval=above or rules.is_self(actor, person),
        **particulars.columns(),
    )
    if account.in_lots:
        take(account, amount, hold=hold)
    fact = HoldTaken(
        ledger_id=account.pk,
        hold_id=hold.pk,
        amount=amount,
        clause=particulars.clause,
        needs_approval=hold.needs_approval,
    )
    record(fact, actor=actor, at=at, scope=account.club_id)
    return hold


def _is_above(
    account: Account, amount: int, particulars: Particulars, choice: str, limits: Limits, actor: Actor
) -> bool:
    """Tell whether `amount`, with what the account gave for the same matter before, is above the actor's limit."""
    limit = limit_of(actor, account.club_id, limits)
    given = given_for(account, particulars.cause, apart_from=choice)
    return limit is not None and given + amount > limit


@action
def commit_hold(*, hold: Hold, actor: Actor, at: datetime) -> Entry:
    """Let the amount go out as an entry; once more gives the same entry. Records HoldCommitted.

    Raises Refused for a hold that was released, that still needs approval, or without the right.
    """
    hold = _deciding(hold, actor)
    if hold.state == HoldState.COMMITTED:
        return Entry.objects.get(hold=hold)
    if hold.state == HoldState.RELEASED:
        raise Refused("hold-released", mend=_("This amount was set free again. Set it aside anew."))
    if hold.needs_approval and hold.approved_at is None:
        raise Refused(
            "approval-missing", mend=_("A colleague whose limit covers it has to approve this first.")
        )
    # First the hold, then the entry: the amount must not count twice against the floor.
    end(hold, HoldState.COMMITTED, actor=actor, at=at)
    columns = hold.particulars.columns()
    entry = Entry.objects.create(
        account=hold.account, amount=-hold.amount, hold=hold, actor=actor.key, at=at, **columns
    )
    if hold.account.in_lots:
        take_reserved(hold, entry)
    fact = HoldCommitted(ledger_id=hold.account_id, hold_id=hold.pk, posted_id=entry.pk, amount=entry.amount)
    record(fact, actor=actor, at=at, scope=hold.account.club_id)
    return entry


@action
def release_hold(*, hold: Hold, actor: Actor, at: datetime) -> Hold:
    """Set the amount free again; once more changes nothing. Records HoldReleased.

    Raises Refused for a hold that was committed, or without the right.
    """
    hold = _deciding(hold, actor)
    if hold.state == HoldState.COMMITTED:
        raise Refused(
            "hold-committed", mend=_("This amount has gone out already. Reverse its entry instead.")
        )
    if hold.state == HoldState.HELD:
        end(hold, HoldState.RELEASED, actor=actor, at=at)
        fact = HoldReleased(ledger_id=hold.account_id, hold_id=hold.pk, amount=hold.amount)
        record(fact, actor=actor, at=at, scope=hold.account.club_id)
    return hold


def _deciding(hold: Hold, actor: Actor) -> Hold:
    """Return the hold under its account's lock, if `actor` may decide on it."""
    hold = locked_hold(hold)
    if not rules.may_end(actor, hold):
        raise not_allowed() if rules.may_know(actor, hold.account) else Missing
    return hold


def end(hold: Hold, state: HoldState, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Write down how a hold ended; the database sets its amount and its lots free."""
    hold.state, hold.ended_by, hold.ended_at, hold.ended_reason = state, actor.key, at, reason
    hold.save(update_fields=["state", "ended_by", "ended_at", "ended_reason"])
