"""How a case is judged: its kind and urgency, and whether it is complex."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from clubassist.core.journal import Fact
from clubassist.domain.cases.facts.life import ClockStarted


@dataclass(frozen=True, slots=True)
class CaseAssessed(Fact):
    """A colleague judged kind and urgency; the rules `suggested` this kind, before it was `previous` (B19).

    `clocks` run in place of those `stopped`, or for promises that only the new kind makes.
    """

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    kind: str
    urgency: str
    previous: str
    suggested: str
    stopped: tuple[int, ...]
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class ComplexityAsked(Fact):
    """Somebody asked for the longer limit of a complex case (F50)."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    request_id: int


@dataclass(frozen=True, slots=True)
class ComplexityDecided(Fact):
    """A manager approved or refused it; `clocks` took the place of those `stopped`, counted from receipt."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    request_id: int
    approved: bool
    stopped: tuple[int, ...]
    clocks: tuple[ClockStarted, ...]
