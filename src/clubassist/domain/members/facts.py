"""What becomes true about the people we serve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from clubassist.core.journal import Fact


@dataclass(frozen=True, slots=True)
class PersonRegistered(Fact):
    """A member, guest or prospect is known to a club."""

    about: ClassVar[dict[str, str]] = {"person_id": "person"}
    person_id: UUID
    standing: str


@dataclass(frozen=True, slots=True)
class AccountGiven(Fact):
    """A member can sign in."""

    about: ClassVar[dict[str, str]] = {"person_id": "person", "account_id": "account"}
    person_id: UUID
    account_id: int
