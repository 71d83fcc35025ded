"""Opening accounts."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Refused
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers import rules
from clubassist.domain.ledgers.actions.access import not_allowed
from clubassist.domain.ledgers.facts import LedgerOpened
from clubassist.domain.ledgers.models import Account, Unit
from clubassist.domain.members.models import Person


@action
def open_account(
    *,
    club: Club,
    kind: str,
    unit: Unit,
    actor: Actor,
    at: datetime,
    period: str = "",
    person: Person | None = None,
    floor: int | None = 0,
    in_lots: bool = False,
    needs_cause: bool = False,
) -> Account:
    """Open an account of the club, or of a member; the same once more gives the account that is there.

    Records LedgerOpened. Raises Refused (403) without the right, for a floor above zero (an account opens empty), for
    lots with another floor than zero, and when the account is there by other rules.
    """
    if not rules.may(actor, "ledger.post", club.pk):
        raise not_allowed()
    if floor is not None and not -rules.MOST <= floor <= 0:
        mend = _("Give a whole number from −1,000,000,000,000 to 0, or none.")
        raise Refused("floor-invalid", field="floor", mend=mend)
    if in_lots and floor != 0:
        raise Refused(
            "lots-from-zero",
            field="floor",
            mend=_("What comes in lots cannot be overdrawn: set the floor to 0."),
        )
    given = {"unit": unit, "floor": floor, "in_lots": in_lots, "needs_cause": needs_cause}
    account, created = Account.objects.get_or_create(
        club=club, kind=kind, period=period, person=person, defaults={**given, "opened_at": at}
    )
    if any(getattr(account, field) != value for field, value in given.items()):
        mend = _("This account exists with other rules. Choose another kind or period.")
        raise Refused("account-differs", field="kind", mend=mend)
    if created:
        person_id = person.pk if person else None
        fact = LedgerOpened(ledger_id=account.pk, kind=kind, unit=unit, floor=floor, person_id=person_id)
        record(fact, actor=actor, at=at, scope=club.pk)
    return account
