"""What becomes true about our own people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from clubassist.core.journal import Fact


@dataclass(frozen=True, slots=True)
class RoleGranted(Fact):
    """An account holds a role in a club (None: everywhere), in a department or none, maybe as its head.

    `until` is when it runs out by itself.
    """

    about: ClassVar[dict[str, str]] = {"account_id": "account", "club_id": "club"}
    account_id: int
    role: str
    club_id: int | None
    department: str = ""
    heads: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoleEnded(Fact):
    """An account no longer holds a role."""

    about: ClassVar[dict[str, str]] = {"account_id": "account", "club_id": "club"}
    account_id: int
    role: str
    club_id: int | None


@dataclass(frozen=True, slots=True)
class PasswordSet(Fact):
    """An account has another password; its sessions elsewhere ended."""

    about: ClassVar[dict[str, str]] = {"account_id": "account"}
    account_id: int


@dataclass(frozen=True, slots=True)
class AccountDeactivated(Fact):
    """An account can no longer sign in; its sessions and tokens are worth nothing."""

    about: ClassVar[dict[str, str]] = {"account_id": "account"}
    account_id: int


@dataclass(frozen=True, slots=True)
class AccountReactivated(Fact):
    """An account can sign in again."""

    about: ClassVar[dict[str, str]] = {"account_id": "account"}
    account_id: int


@dataclass(frozen=True, slots=True)
class TokenRevoked(Fact):
    """An API token is worth nothing any more."""

    about: ClassVar[dict[str, str]] = {"account_id": "account"}
    account_id: int
    token_id: int


@dataclass(frozen=True, slots=True)
class TokenIssued(Fact):
    """An account has a new API token."""

    about: ClassVar[dict[str, str]] = {"account_id": "account"}
    account_id: int
    token_id: int
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RulesConfirmed(Fact):
    """A colleague confirmed that they have read a version of the rules (B01)."""

    about: ClassVar[dict[str, str]] = {"account_id": "account"}
    account_id: int
    version_id: int
