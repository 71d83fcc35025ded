"""Who may see a person's name and how to reach them."""

from __future__ import annotations

from clubassist.core import vault
from clubassist.core.actor import Actor
from clubassist.domain.members.models import Person


def shown_name(name: str, *, club_id: int, actor: Actor) -> str:
    """Return what `actor` may read of a member's name in a matter of this club.

    All of it for those who may look members up there, else masked: 张*.
    """
    return name if actor.may("member.find", club_id) else vault.mask_name(name)


def may_reveal(actor: Actor, person: Person) -> bool:
    """Tell whether `actor` may see a person's contacts in full, with a reason and a trace."""
    return actor.may("contact.reveal", person.club_id) or (
        actor.person is not None and actor.person == person.pk
    )
