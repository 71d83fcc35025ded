"""What becomes true about clubs and their rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from clubassist.core.journal import Fact


@dataclass(frozen=True, slots=True)
class ClubFounded(Fact):
    """A club of the chain is there, with its houses and opening hours."""

    about: ClassVar[dict[str, str]] = {"club_id": "club"}
    club_id: int
    code: str


@dataclass(frozen=True, slots=True)
class PackStored(Fact):
    """A new version of a pack is available for adoption."""

    about: ClassVar[dict[str, str]] = {"pack_version_id": "pack_version"}
    pack_version_id: int
    digest: str


@dataclass(frozen=True, slots=True)
class DraftWritten(Fact):
    """Somebody began a draft of a club's rules, or saved another text of it; the digest tells which text."""

    about: ClassVar[dict[str, str]] = {"draft_id": "draft", "club_id": "club"}
    draft_id: int
    club_id: int
    digest: str


@dataclass(frozen=True, slots=True)
class DraftDiscarded(Fact):
    """A draft of a club's rules was given up."""

    about: ClassVar[dict[str, str]] = {"draft_id": "draft", "club_id": "club"}
    draft_id: int
    club_id: int


@dataclass(frozen=True, slots=True)
class DraftPublished(Fact):
    """Somebody other than its author made a draft a version that its club adopts."""

    about: ClassVar[dict[str, str]] = {
        "draft_id": "draft",
        "club_id": "club",
        "pack_version_id": "pack_version",
    }
    draft_id: int
    club_id: int
    pack_version_id: int
    digest: str


@dataclass(frozen=True, slots=True)
class PackAdopted(Fact):
    """A club runs by a pack version from a date on."""

    about: ClassVar[dict[str, str]] = {"club_id": "club", "pack_version_id": "pack_version"}
    club_id: int
    pack_version_id: int
    effective_from: datetime
