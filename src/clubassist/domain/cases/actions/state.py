"""The one function that changes a case's state, from the facts about it."""

from __future__ import annotations

from clubassist.domain.cases.models import Case, State


def derive_state(case: Case) -> None:
    """Set `state` from what is true: closed once closed, resolved once resolved, else open. Does not save."""
    if case.closed_at is not None:
        case.state = State.CLOSED
    elif case.resolved_at is not None:
        case.state = State.RESOLVED
    else:
        case.state = State.OPEN
