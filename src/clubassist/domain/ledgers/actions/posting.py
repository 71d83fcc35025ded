"""Posting entries, and taking off what has ended."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Refused
from clubassist.domain.ledgers import rules
from clubassist.domain.ledgers.actions.access import (
    check_cover,
    check_key,
    check_limit,
    check_particulars,
    key_reused,
    locked,
)
from clubassist.domain.ledgers.actions.lots import bring, take, take_off_ended
from clubassist.domain.ledgers.facts import EntryPosted
from clubassist.domain.ledgers.models import Account, Entry, Lot, Particulars
from clubassist.domain.ledgers.rules import Limits


@action
def post_entry(
    *,
    account: Account,
    amount: int,
    particulars: Particulars,
    key: str,
    limits: Limits,
    actor: Actor,
    at: datetime,
    expires_at: datetime | None = None,
) -> Entry:
    """Credit (above zero) or debit (below zero) the account; the same key and content again gives the same entry.

    `limits` are the club's amounts by role. A credit may end at `expires_at` where the account keeps lots; a debit
    takes the oldest first. Records EntryPosted. Raises Refused for other content under the key, above the actor's
    limit, with less than `amount` left, or without saying what it is for.
    """
    account = locked(account, actor=actor, permission="ledger.post")
    check_key(key)
    if earlier := Entry.objects.filter(account=account, key=key).first():
        return _same(earlier, amount, particulars, expires_at)
    if not rules.is_amount(amount):
        raise Refused("amount-invalid", field="amount", mend=_("Give a whole number other than zero."))
    check_particulars(account, particulars, spends=amount < 0)
    _check_end(account, amount, expires_at, at)
    check_limit(account, abs(amount), limits=limits, actor=actor)
    take_off_ended(account, at)
    if amount < 0:
        check_cover(account, -amount)
    entry = Entry.objects.create(
        account=account, amount=amount, key=key, actor=actor.key, at=at, **particulars.columns()
    )
    if account.in_lots and amount > 0:
        bring(entry, amount, expires_at=expires_at)
    elif account.in_lots:
        take(account, -amount, entry=entry)
    fact = EntryPosted(
        ledger_id=account.pk,
        posted_id=entry.pk,
        amount=amount,
        kind=particulars.kind,
        clause=particulars.clause,
    )
    record(fact, actor=actor, at=at, scope=account.club_id)
    return entry


def _same(entry: Entry, amount: int, particulars: Particulars, expires_at: datetime | None) -> Entry:
    """Return the entry that this key posted, if it is the one asked for now."""
    lot = Lot.objects.filter(entry=entry).first()
    content = (entry.amount, entry.particulars, lot.expires_at if lot else None)
    if content != (amount, particulars, expires_at):
        raise key_reused()
    return entry


def _check_end(account: Account, amount: int, expires_at: datetime | None, at: datetime) -> None:
    if expires_at is not None and not (account.in_lots and amount > 0 and expires_at > at):
        mend = _("Choose a later time, and only for a credit to an account whose credits can end.")
        raise Refused("expiry-impossible", field="expires_at", mend=mend)


@action
def expire_lots(*, account: Account, actor: Actor, at: datetime) -> int:
    """Take what has ended by `at`, and no hold has reserved, off the account; return how many lots that were.

    Whatever spends or sets aside does so first; this is for accounts that rest. Records LotExpired.
    """
    return take_off_ended(locked(account, actor=actor, permission="ledger.post"), at)
