"""Keeping the lots of an account in step with its entries; called under the account's lock."""

from __future__ import annotations

from datetime import datetime

from clubassist.core.actor import SYSTEM
from clubassist.core.journal import record
from clubassist.domain.ledgers import rules
from clubassist.domain.ledgers.facts import LotExpired
from clubassist.domain.ledgers.models import Account, Draw, Entry, Hold, Lot

EXPIRED = "expired"


def take_off_ended(account: Account, at: datetime) -> int:
    """Take what has ended, and is not reserved, off the account before anything else happens on it.

    One entry for each lot, by the system and under the clause that brought the lot. Records LotExpired for each.
    Returns how many lots there were; `account` then shows what is left.
    """
    if not account.in_lots:
        return 0
    ended = list(Lot.objects.filter(account=account).spendable().ended(at).select_related("entry"))
    for lot in ended:
        entry = Entry.objects.create(
            account=account,
            amount=-lot.free,
            kind=EXPIRED,
            clause=lot.entry.clause,
            actor=SYSTEM.key,
            at=at,
        )
        Draw.objects.create(lot=lot, entry=entry, amount=lot.free)
        fact = LotExpired(ledger_id=account.pk, lot_id=lot.pk, posted_id=entry.pk, amount=entry.amount)
        record(fact, actor=SYSTEM, at=at, scope=account.club_id)
    if ended:
        account.refresh_from_db(fields=["balance", "held"])
    return len(ended)


def bring(entry: Entry, amount: int, *, expires_at: datetime | None) -> None:
    """Keep `amount` of a credit as a lot of its own."""
    Lot.objects.create(
        account=entry.account, entry=entry, amount=amount, remaining=amount, expires_at=expires_at
    )


def take(account: Account, amount: int, *, entry: Entry | None = None, hold: Hold | None = None) -> None:
    """Take `amount` out of the lots for an entry, or reserve it for a hold: the lot that ends first goes first."""
    given = rules.shares(Lot.objects.filter(account=account).spendable(), amount)
    Draw.objects.bulk_create(Draw(lot=lot, entry=entry, hold=hold, amount=part) for lot, part in given)


def take_reserved(hold: Hold, entry: Entry) -> None:
    """Take out of the lots for an entry what its hold had reserved there, ended meanwhile or not."""
    drawn = Draw.objects.filter(hold=hold).order_by("pk")
    Draw.objects.bulk_create(Draw(lot_id=draw.lot_id, entry=entry, amount=draw.amount) for draw in drawn)


def give_back(entry: Entry, reversal: Entry, *, at: datetime, until: datetime) -> None:
    """Give back to the lots what `entry` took; what has ended since comes back as one lot that lasts `until`."""
    late = 0
    for draw in Draw.objects.filter(entry=entry).select_related("lot").order_by("pk"):
        if draw.lot.expires_at is not None and draw.lot.expires_at <= at:
            late += draw.amount
        else:
            Draw.objects.create(lot=draw.lot, entry=reversal, amount=-draw.amount)
    if late:
        bring(reversal, late, expires_at=until)
