"""Who may change what our people may do."""

from __future__ import annotations

from collections.abc import Callable

from clubassist.core.actor import Actor, ActorKind, Scopes
from clubassist.domain.people.roles import EVERY_PERMISSION, heads_of, works_in


def may_grant(actor: Actor) -> bool:
    """Tell whether `actor` may give or take roles: for now the installation's operator at the command line."""
    return actor.kind is ActorKind.SYSTEM


def unknown_scopes(scopes: frozenset[str]) -> frozenset[str]:
    """Return the scopes that name no permission. Departments are a club's own matter: any may be named."""
    beginnings = (works_in(""), heads_of(""))
    return frozenset(scope for scope in scopes - EVERY_PERMISSION if not scope.startswith(beginnings))


def departments_of(actor: Actor, permission: Callable[[str], str]) -> dict[str, Scopes]:
    """Return the departments for which `actor` holds `works_in` or `heads_of`, and in which clubs."""
    beginning = permission("")
    return {
        name.removeprefix(beginning): scopes
        for name, scopes in actor.permissions.items()
        if name.startswith(beginning)
    }
