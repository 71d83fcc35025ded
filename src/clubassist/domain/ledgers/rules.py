"""Who may do what with an account, and which lots go first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from clubassist.core.actor import Actor, ActorKind
from clubassist.domain.ledgers.models import Account, Hold, Lot
from clubassist.domain.members.models import Person

PERMISSIONS: Final = ("ledger.read", "ledger.hold", "ledger.approve", "ledger.post")
MOST: Final = 10**12
"""Ten thousand million yuan; sums of entries stay far within 64 bits."""

Limits = Mapping[str, int]
"""Role → the most that one who holds it may give for one matter; a role that is not named gives nothing."""


def may(actor: Actor, permission: str, club_id: int) -> bool:
    """Tell whether `actor` may do this with ledgers of the club; what runs by rule acts as the system."""
    return actor.kind is ActorKind.SYSTEM or actor.may(permission, club_id)


def may_know(actor: Actor, account: Account) -> bool:
    """Tell whether `actor` may learn that the account is there."""
    own = actor.person is not None and actor.person == account.person_id
    return own or any(may(actor, permission, account.club_id) for permission in PERMISSIONS)


def is_party(actor: Actor, hold: Hold) -> bool:
    """Tell whether the hold is for the actor: for their person, or for a matter that a link in their hand opens."""
    if actor.person is not None and actor.person == hold.person_id:
        return True
    return (hold.cause_kind, hold.cause_id) in actor.held


def may_end(actor: Actor, hold: Hold) -> bool:
    """Tell whether `actor` may commit or release the hold: a colleague with the right, or who it is for."""
    return is_party(actor, hold) or may(actor, "ledger.hold", hold.account.club_id)


def is_own(actor: Actor, hold: Hold) -> bool:
    """Tell whether the hold is the actor's own: asked by them, or for them. Nobody approves their own (B06)."""
    return actor.key == hold.asked_by or is_party(actor, hold) or is_self(actor, hold.person)


def is_self(actor: Actor, person: Person | None) -> bool:
    """Tell whether the person is the actor: a colleague is often a member too."""
    if person is None:
        return False
    return person.pk == actor.person or (actor.account is not None and person.account_id == actor.account)


def is_amount(amount: object) -> bool:
    """Tell whether this is an amount to post: a whole number, not zero, and not beyond all measure."""
    return type(amount) is int and 0 < abs(amount) <= MOST


def is_covered(account: Account, amount: int) -> bool:
    """Tell whether `amount` can go out with what is left still at the floor or above."""
    return account.floor is None or account.available - amount >= account.floor


def shares(lots: Iterable[Lot], amount: int) -> list[tuple[Lot, int]]:
    """Return how much of `amount` each of the lots gives, in their order, until it is reached."""
    given: list[tuple[Lot, int]] = []
    for lot in lots:
        if amount <= 0:
            break
        given.append((lot, min(lot.free, amount)))
        amount -= lot.free
    return given
