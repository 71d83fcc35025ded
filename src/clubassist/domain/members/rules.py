"""Who may see how to reach a person."""

from __future__ import annotations

from clubassist.core.actor import Actor
from clubassist.domain.members.models import Person


def may_reveal(actor: Actor, person: Person) -> bool:
    """Tell whether `actor` may see a person's contacts in full, with a reason and a trace."""
    return actor.may("contact.reveal", person.club_id) or (
        actor.person is not None and actor.person == person.pk
    )
