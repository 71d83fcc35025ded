"""Who acts: a signed-in person, a guest with a link, or the system itself.

An actor carries what it may do, already worked out from roles: a permission maps to the scopes (ids of
clubs, but this floor does not know the word) in which it holds. Queries ask `scopes()`, rules ask `may()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, final
from uuid import UUID


@final
class Everywhere:
    """All scopes, those of tomorrow too."""

    def __contains__(self, scope: object) -> bool:
        return True

    def __repr__(self) -> str:
        return "EVERYWHERE"


EVERYWHERE: Final = Everywhere()
Scopes = frozenset[int] | Everywhere
NOWHERE: Final[frozenset[int]] = frozenset()


class ActorKind(StrEnum):
    """What sort of actor; stored on journal entries and messages."""

    STAFF = "staff"
    MEMBER = "member"
    GUEST = "guest"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts and what they may do.

    `person` is the member's own file, `held` the subjects that a link in their hand opens, as (kind, id) pairs.
    `machine` tells that an integration acts by itself: what it says is automatic, it is nobody's word.
    """

    kind: ActorKind
    account: int | None = None
    name: str = ""
    person: UUID | None = None
    permissions: Mapping[str, Scopes] = field(default_factory=dict)
    held: frozenset[tuple[str, str]] = frozenset()
    machine: bool = False

    def scopes(self, permission: str) -> Scopes:
        """Return where the actor holds `permission`; empty when nowhere."""
        return self.permissions.get(permission, NOWHERE)

    def may(self, permission: str, scope: int) -> bool:
        """Tell whether the actor holds `permission` in `scope`."""
        return scope in self.scopes(permission)

    def may_somewhere(self, permission: str) -> bool:
        """Tell whether the actor holds `permission` in at least one scope (for menus and pages)."""
        scopes = self.scopes(permission)
        return isinstance(scopes, Everywhere) or bool(scopes)

    def only(self, permissions: frozenset[str]) -> Actor:
        """Return the same actor narrowed to `permissions` (an API token's scopes)."""
        kept = {name: scopes for name, scopes in self.permissions.items() if name in permissions}
        return replace(self, permissions=kept)

    def holding(self, kind: str, subject: str) -> Actor:
        """Return the same actor with one more subject that a link in their hand opens."""
        return replace(self, held=self.held | {(kind, subject)})

    @property
    def key(self) -> str:
        """Return a short text that names the actor in logs and rows: `staff:12`."""
        if self.account is not None:
            return f"{self.kind}:{self.account}"
        if self.person is not None:
            return f"{self.kind}:{self.person}"
        return str(self.kind)


SYSTEM: Final = Actor(kind=ActorKind.SYSTEM, name="system")
ANONYMOUS: Final = Actor(kind=ActorKind.GUEST)
