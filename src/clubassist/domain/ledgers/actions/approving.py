"""Deciding on what is above the limit of who asked."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.ledgers import rules
from clubassist.domain.ledgers.actions.access import check_limit, check_reason, locked_hold, not_allowed
from clubassist.domain.ledgers.actions.holding import end
from clubassist.domain.ledgers.facts import HoldApproved, HoldDeclined
from clubassist.domain.ledgers.models import Hold, HoldState
from clubassist.domain.ledgers.queries import given_for
from clubassist.domain.ledgers.rules import Limits


@action
def approve_hold(*, hold: Hold, limits: Limits, actor: Actor, at: datetime) -> Hold:
    """Agree to a hold that needs it (B06); once more by the same person changes nothing. Records HoldApproved.

    Raises Refused for the actor's own, when all that the account gives for the hold's cause is above the actor's limit
    too, for a hold that ended, or that somebody else approved.
    """
    hold = _judged(hold, actor)
    given = given_for(hold.account, hold.particulars.cause, apart_from=hold.choice)
    counted = hold.cause_kind and not hold.choice  # then this hold is in it
    check_limit(hold.account, given if counted else given + hold.amount, limits=limits, actor=actor)
    if hold.approved_at is not None:
        if hold.approved_by != actor.key:
            raise _approved_already()
        return hold
    hold.approved_by, hold.approved_at = actor.key, at
    hold.save(update_fields=["approved_by", "approved_at"])
    fact = HoldApproved(ledger_id=hold.account_id, hold_id=hold.pk, amount=hold.amount)
    record(fact, actor=actor, at=at, scope=hold.account.club_id)
    return hold


@action
def decline_hold(*, hold: Hold, reason: str, actor: Actor, at: datetime) -> Hold:
    """Say no to a hold that needs approval: its amount is free again. Records HoldDeclined.

    Raises Refused without a reason, for the actor's own, and for a hold that was approved or that ended.
    """
    check_reason(reason)
    hold = _judged(hold, actor)
    if hold.approved_at is not None:
        raise _approved_already()
    end(hold, HoldState.RELEASED, actor=actor, at=at, reason=reason.strip())
    fact = HoldDeclined(ledger_id=hold.account_id, hold_id=hold.pk, amount=hold.amount)
    record(fact, actor=actor, at=at, scope=hold.account.club_id)
    return hold


def _approved_already() -> Refused:
    return Refused("approved-already", mend=_("This is approved already. Look at it again."))


def _judged(hold: Hold, actor: Actor) -> Hold:
    """Return the hold under its account's lock, if it needs approval and `actor` may give or refuse it."""
    hold = locked_hold(hold)
    if not rules.may_know(actor, hold.account):
        raise Missing
    # A machine's word is nobody's, and what the system does needs nobody's approval.
    if actor.account is None or actor.machine or not actor.may("ledger.approve", hold.account.club_id):
        raise not_allowed()
    if rules.is_own(actor, hold):
        mend = _("Nobody approves what they asked for or what is for them. Ask another colleague.")
        raise Refused("own-request", mend=mend, status=403)
    if hold.state != HoldState.HELD:
        raise Refused("hold-ended", mend=_("This was decided meanwhile. Look at it again."))
    if not hold.needs_approval:
        raise Refused("approval-not-needed", mend=_("This needs no approval."))
    return hold
