"""Cases as the real action opens them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import Opened, Report, open_case
from clubassist.domain.cases.models import Case
from clubassist.domain.club.models import Club
from tests.makers.people import GUEST


def make_report(**changes: Any) -> Report:
    """Return a complete report of a venue complaint, with changes."""
    given: dict[str, Any] = {
        "kind": "complaint.venue",
        "narrative": "二号场地板翘起，训练时绊了一下。",
        "place": "二号场",
        "people": "本人",
        "occurred_words": "今天上午九点半",
        "channel": "web",
    }
    return Report(**(given | changes))


def open_one(club: Club, *, at: datetime, actor: Actor = GUEST, **changes: Any) -> Opened:
    """Open a case and return it with its tracking code."""
    return open_case(report=make_report(**changes), club=club, actor=actor, at=at)


def make_case(club: Club, *, at: datetime, actor: Actor = GUEST, **changes: Any) -> Case:
    """Open a case and return it."""
    return open_one(club, at=at, actor=actor, **changes).case
