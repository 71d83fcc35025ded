"""The first lines of every action on an account: lock it, check the right, check what is given."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from clubassist.core.actor import Actor
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.ledgers import rules
from clubassist.domain.ledgers.models import Account, Hold, Particulars
from clubassist.domain.ledgers.queries import limit_of
from clubassist.domain.ledgers.rules import Limits

MOST_CHARACTERS = 60
MOST_CHARACTERS_OF_A_REASON = 200
MOST_CHARACTERS_OF = {"kind": 20, "reason": MOST_CHARACTERS_OF_A_REASON, "clause": 10}
MOST_CHARACTERS_OF_A_CAUSE = (30, 40)


def lock_accounts(accounts: Iterable[Account]) -> list[Account]:
    """Lock accounts for this transaction, always in the same order, so that two who want the same never wait in a ring.

    Call it before the first of several actions on different accounts in one transaction. One statement.
    """
    keys = {account.pk for account in accounts}
    return list(Account.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))


def locked(account: Account, *, actor: Actor, permission: str) -> Account:
    """Return the account locked for this transaction, if `actor` may do `permission` on it.

    Missing for an account that the actor may not know of, Refused (403) without the right.
    """
    row = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if not rules.may_know(actor, row):
        raise Missing
    if not rules.may(actor, permission, row.club_id):
        raise not_allowed()
    return row


def locked_hold(hold: Hold) -> Hold:
    """Return the hold as it is now, under the lock of its account: whoever decides on it waits here."""
    account = Account.objects.select_for_update(no_key=True).get(pk=hold.account_id)
    row = Hold.objects.select_related("person").get(pk=hold.pk)
    row.account = account
    return row


def not_allowed() -> Refused:
    """Return what a colleague without the right is told."""
    mend = _("Your role does not allow this here. Ask a manager of this club.")
    return Refused("not-allowed", mend=mend, status=403)


def check_particulars(account: Account, particulars: Particulars, *, spends: bool) -> None:
    """Raise Refused at the field when it is not said what an amount is for, or a cause is missing (B51)."""
    for field, most in MOST_CHARACTERS_OF.items():
        if not _is_text(getattr(particulars, field), most):
            mend = _("Say what it is for: its kind (up to 20 characters), the reason (200), the clause (10).")
            raise Refused(f"{field}-invalid", field=field, mend=mend)
    if particulars.cause is not None:
        if not all(map(_is_text, particulars.cause, MOST_CHARACTERS_OF_A_CAUSE)):
            mend = _("Name the matter by its kind (up to 30 characters) and its number (40).")
            raise Refused("cause-invalid", field="cause", mend=mend)
    elif spends and account.needs_cause:
        mend = _("Name the case: nothing is paid from this account without one.")
        raise Refused("cause-missing", field="cause", mend=mend)


def _is_text(text: str, most: int) -> bool:
    """Tell whether something is said, and the column keeps it as it was said, so that a repeat is known again."""
    return bool(text.strip()) and len(text) <= most


def check_reason(reason: str) -> None:
    """Raise Refused for a reason that is missing or too long."""
    if not _is_text(reason, MOST_CHARACTERS_OF_A_REASON):
        raise Refused("reason-invalid", field="reason", mend=_("Say why, in up to 200 characters."))


def check_key(key: str) -> None:
    """Raise Refused for a key that cannot tell one request from another."""
    if not 1 <= len(key) <= MOST_CHARACTERS or not key.isprintable():
        mend = _("Send a key of 1 to 60 printable characters.")
        raise Refused("key-invalid", field="key", mend=mend)


def check_cover(account: Account, amount: int) -> None:
    """Raise Refused when the account has not enough left for `amount` to go out."""
    if not rules.is_covered(account, amount):
        mend = _("Not enough is left on this account. Choose less, or have it topped up.")
        raise Refused("not-enough", field="amount", mend=mend)


def check_limit(account: Account, amount: int, *, limits: Limits, actor: Actor) -> None:
    """Raise Refused when `amount` is above the most that the actor's roles may give (B06)."""
    limit = limit_of(actor, account.club_id, limits)
    if limit is not None and amount > limit:
        mend = _("This is above your limit. Ask a colleague whose limit covers it.")
        raise Refused("above-limit", field="amount", mend=mend)


def key_reused() -> Refused:
    """Return what is told to who sends other content under a key that was used."""
    mend = _("This key was used for another request. Use a new one.")
    return Refused("key-reused", field="key", mend=mend)
