"""Correcting entries: never by a change, always by the opposite entry."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Refused
from clubassist.domain.ledgers.actions.access import check_cover, check_reason, locked
from clubassist.domain.ledgers.actions.lots import give_back, take_off_ended
from clubassist.domain.ledgers.facts import EntryReversed
from clubassist.domain.ledgers.models import Draw, Entry, Lot

CORRECTION: Final = "correction"
GRACE: Final = timedelta(days=7)
"""How long what comes back into a lot that has ended may still be spent (part C of the requirements)."""


@action
def reverse_entry(
    *, entry: Entry, reason: str, actor: Actor, at: datetime, grace: timedelta = GRACE
) -> Entry:
    """Post the exact opposite of an entry; the same reason again gives the same correction. Records EntryReversed.

    What a debit took returns to its lots; what has ended since may be spent for `grace`. A credit is taken back out
    of its own lot. Raises Refused for a correction, for an entry that was reversed with another reason, and for a
    credit that was spent or has ended.
    """
    check_reason(reason)
    account = locked(entry.account, actor=actor, permission="ledger.post")
    if earlier := Entry.objects.filter(reverses=entry).first():
        if earlier.reason != reason.strip():
            raise Refused(
                "reversed-already", mend=_("This entry is reversed already. Look at its correction.")
            )
        return earlier
    if entry.reverses_id is not None:
        raise Refused("is-correction", mend=_("A correction stays as it is. Post a new entry."))
    take_off_ended(account, at)
    lot = Lot.objects.filter(entry=entry).first()
    if lot is not None and lot.free < entry.amount:
        raise Refused("spent-already", mend=_("Some of it is spent, held or ended. Reverse that first."))
    if entry.amount > 0:
        check_cover(account, entry.amount)
    columns = entry.particulars.columns() | {"kind": CORRECTION, "reason": reason.strip()}
    reversal = Entry.objects.create(
        account=account, amount=-entry.amount, reverses=entry, actor=actor.key, at=at, **columns
    )
    if lot is not None:
        Draw.objects.create(lot=lot, entry=reversal, amount=lot.amount)
    elif account.in_lots:
        give_back(entry, reversal, at=at, until=at + grace)
    fact = EntryReversed(
        ledger_id=account.pk, posted_id=reversal.pk, reversed_id=entry.pk, amount=reversal.amount
    )
    record(fact, actor=actor, at=at, scope=account.club_id)
    return reversal
