"""Who may change what our people may do."""

from __future__ import annotations

from clubassist.core.actor import Actor, ActorKind
from clubassist.domain.people.roles import EVERY_PERMISSION


def may_grant(actor: Actor) -> bool:
    """Tell whether `actor` may give or take roles: for now the installation's operator at the command line."""
    return actor.kind is ActorKind.SYSTEM


def unknown_scopes(scopes: frozenset[str]) -> frozenset[str]:
    """Return the scopes that name no permission."""
    return scopes - EVERY_PERMISSION
