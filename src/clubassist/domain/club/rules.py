"""Who may change by which rules a club runs."""

from __future__ import annotations

from clubassist.core.actor import Actor, ActorKind
from clubassist.domain.club.models import Club, Draft


def may_found(actor: Actor) -> bool:
    """Tell whether `actor` may add a club: the installation's operator at the command line."""
    return actor.kind is ActorKind.SYSTEM


def may_adopt(actor: Actor, club: Club) -> bool:
    """Tell whether `actor` may put a pack version into force at `club`."""
    return actor.kind is ActorKind.SYSTEM or actor.may("policy.adopt", club.pk)


def may_write(actor: Actor, draft: Draft) -> bool:
    """Tell whether `actor` may change the text of a draft: it is theirs."""
    return draft.author == actor.key and may_adopt(actor, draft.club)


def may_publish(actor: Actor, draft: Draft) -> bool:
    """Tell whether `actor` may publish a draft: somebody who may adopt rules and did not write it."""
    return draft.author != actor.key and may_adopt(actor, draft.club)
