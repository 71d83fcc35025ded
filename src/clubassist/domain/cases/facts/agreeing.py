"""Finding out what is true and agreeing on a remedy (B23-B27)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clubassist.domain.cases.facts.life import CaseFact, ClockStarted


@dataclass(frozen=True, slots=True)
class EvidenceAdded(CaseFact):
    """There is something more to judge the matter by."""

    evidence_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class FileAttached(CaseFact):
    """A file came with a message or a piece of evidence; `digest` is the SHA-256 of what lies sealed on the disk."""

    file_id: UUID
    digest: str


@dataclass(frozen=True, slots=True)
class FindingWritten(CaseFact):
    """It was written down what we hold to be true; `voided` signatures under what stood there count no longer (B23)."""

    finding_id: int
    conclusion: str
    department: str
    voided: int
    stopped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingSigned(CaseFact):
    """The finding was signed for one `side`: department or service (B23)."""

    finding_id: int
    side: str


@dataclass(frozen=True, slots=True)
class OfferMade(CaseFact):
    """An offer was drawn up and its costs set aside: the dearest option costs `cost` fen (B24)."""

    offer_id: int
    round: int
    cost: int
    needs_approval: bool


@dataclass(frozen=True, slots=True)
class OfferApproved(CaseFact):
    """Somebody who did not make the offer, and whose limit covers it, agreed to it (B06)."""

    offer_id: int


@dataclass(frozen=True, slots=True)
class OfferSent(CaseFact):
    """The member was told what we offer; `met` are the clocks that this satisfied (B25)."""

    offer_id: int
    round: int
    met: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OfferAccepted(CaseFact):
    """The member chose an option of the offer; `clocks` are what we owe from now on (B26)."""

    offer_id: int
    round: int
    cost: int
    channel: str
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class OfferDeclined(CaseFact):
    """The member does not agree; `manager_next`: a service manager decides on the next offer (B27)."""

    offer_id: int
    round: int
    channel: str
    manager_next: bool


@dataclass(frozen=True, slots=True)
class OfferWithdrawn(CaseFact):
    """The offer stands no longer; what was set aside for it is free.

    `awaited`: the member knew of it and waits for another one; `clocks` are what we owe again.
    """

    offer_id: int
    round: int
    awaited: bool = False
    clocks: tuple[ClockStarted, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutesTold(CaseFact):
    """The member was told who outside the club can help when we do not agree (B27)."""

    message_id: int
    met: tuple[int, ...] = ()
