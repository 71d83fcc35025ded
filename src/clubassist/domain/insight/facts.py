"""What became true of figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from clubassist.core.journal import Fact


@dataclass(frozen=True, slots=True)
class MonthFrozen(Fact):
    """The figures of a club's month stand: the provisional ones, the final ones, or a restatement and its `reason`."""

    about: ClassVar[dict[str, str]] = {"club_id": "club"}
    club_id: int
    month: date
    version: int
    release: str
    reason: str
