"""What becomes true about what is counted. Amounts are whole numbers in the account's unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from clubassist.core.journal import Fact


@dataclass(frozen=True, slots=True)
class LedgerOpened(Fact):
    """There is an account to count on."""

    about: ClassVar[dict[str, str]] = {"ledger_id": "ledger", "person_id": "person"}
    ledger_id: int
    kind: str
    unit: str
    floor: int | None
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class EntryPosted(Fact):
    """An account was credited (above zero) or debited (below zero)."""

    about: ClassVar[dict[str, str]] = {"ledger_id": "ledger"}
    ledger_id: int
    posted_id: int
    amount: int
    kind: str
    clause: str


@dataclass(frozen=True, slots=True)
class EntryReversed(Fact):
    """An entry was corrected by its opposite."""

    about: ClassVar[dict[str, str]] = {"ledger_id": "ledger"}
    ledger_id: int
    posted_id: int
    reversed_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class LotExpired(Fact):
    """What was left of a lot, and not reserved, is gone."""

    about: ClassVar[dict[str, str]] = {"ledger_id": "ledger"}
    ledger_id: int
    lot_id: int
    posted_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class HoldTaken(Fact):
    """An amount is set aside; nothing else can spend it."""

    about: ClassVar[dict[str, str]] = {"ledger_id": "ledger", "hold_id": "hold"}
    ledger_id: int
    hold_id: int
    amount: int
    clause: str
    needs_approval: bool


@dataclass(frozen=True, slots=True)
class HoldApproved(Fact):
    """Somebody with a higher limit agreed to a hold."""

    about: ClassVar[dict[str, str]] = {"ledger_id": "ledger", "hold_id": "hold"}
    ledger_id: int
    hold_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class HoldDeclined(Fact):
    """A hold that needed approval did not get it; its amount is free again."""

    about: ClassVar[dict[str, str]] = {"ledger_id": "ledger", "hold_id": "hold"}
    ledger_id: int
    hold_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class HoldCommitted(Fact):
    """A hold became an entry."""

    about: ClassVar[dict[str, str]] = {"ledger_id": "ledger", "hold_id": "hold"}
    ledger_id: int
    hold_id: int
    posted_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class HoldReleased(Fact):
    """The amount of a hold is free again."""

    about: ClassVar[dict[str, str]] = {"ledger_id": "ledger", "hold_id": "hold"}
    ledger_id: int
    hold_id: int
    amount: int
