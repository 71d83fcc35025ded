"""Finding out what is true and agreeing on a remedy (B23-B27)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from clubassist.core.journal import Fact
from clubassist.domain.cases.facts.life import ClockStarted


@dataclass(frozen=True, slots=True)
class EvidenceAdded(Fact):
    """There is something more to judge the matter by."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    evidence_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class FileAttached(Fact):
    """A file came with a message or a piece of evidence; `digest` is the SHA-256 of what lies sealed on the disk."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    file_id: UUID
    digest: str


@dataclass(frozen=True, slots=True)
class FindingWritten(Fact):
    """It was written down what we hold to be true; `voided` signatures under what stood there count no longer (B23)."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    finding_id: int
    conclusion: str
    department: str
    voided: int
    stopped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingSigned(Fact):
    """The finding was signed for one `side`: department or service (B23)."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    finding_id: int
    side: str


@dataclass(frozen=True, slots=True)
class OfferMade(Fact):
    """An offer was drawn up and its costs set aside: the dearest option costs `cost` fen (B24)."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    offer_id: int
    round: int
    cost: int
    needs_approval: bool


@dataclass(frozen=True, slots=True)
class OfferApproved(Fact):
    """Somebody who did not make the offer, and whose limit covers it, agreed to it (B06)."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    offer_id: int


@dataclass(frozen=True, slots=True)
class OfferSent(Fact):
    """The member was told what we offer; `met` are the clocks that this satisfied (B25)."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    offer_id: int
    round: int
    met: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OfferAccepted(Fact):
    """The member chose an option of the offer; `clocks` are what we owe from now on (B26)."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    offer_id: int
    round: int
    cost: int
    channel: str
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class OfferDeclined(Fact):
    """The member does not agree; `manager_next`: a service manager decides on the next offer (B27)."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    offer_id: int
    round: int
    channel: str
    manager_next: bool


@dataclass(frozen=True, slots=True)
class OfferWithdrawn(Fact):
    """The offer stands no longer; what was set aside for it is free."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    offer_id: int
    round: int


@dataclass(frozen=True, slots=True)
class RoutesTold(Fact):
    """The member was told who outside the club can help when we do not agree (B27)."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    message_id: int
