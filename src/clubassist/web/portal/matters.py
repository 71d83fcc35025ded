"""A member's matters as short rows, for the home page and the list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from clubassist.domain.cases.models import Case, State
from clubassist.web.portal.case_page import steps_of


class Matter(NamedTuple):
    """One matter in a list; `standing` is answered (read it), working, resolved or closed."""

    number: str
    title: str
    url: str
    told_at: datetime
    standing: str
    step: str
    position: int
    of: int


def matters(cases: Iterable[Case]) -> list[Matter]:
    """Return the cases as rows. No statements once their rules are known to this process."""
    return [_matter(case) for case in cases]


def _matter(case: Case) -> Matter:
    steps = steps_of(case)
    position = next((place for place, step in enumerate(steps, 1) if step.state == "current"), len(steps))
    standing = str(case.state)
    if case.state == State.OPEN:
        standing = "working" if case.awaits_reply else "answered"
    return Matter(
        case.number,
        case.title,
        reverse("portal_case", args=[case.number]),
        case.received_at,
        standing,
        steps[position - 1].title,
        position,
        len(steps),
    )
