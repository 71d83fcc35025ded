"""What a pack says of offers: what may be offered, up to which amount by whom, and where else a member can turn."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from clubassist.pure.policy.terms import ClauseId, Code, Department, Filled, Role, Row, Stricter, Text, Whole


class Limit(Row):
    """The most that one who holds `role` may offer for one matter, in fen; a role without a row may offer no money."""

    role: Role
    most: Annotated[Whole, Field(ge=0, le=10**12), Stricter.LOWER]
    clauses: Annotated[tuple[ClauseId, ...], Filled]


class Remedy(Row):
    """A kind of thing to offer; `department` is who carries it out unless the offer names another."""

    code: Code
    title: Text
    department: Department | None = None


class Route(Row):
    """Somebody outside the club to whom a member can turn when we do not agree (B27)."""

    code: Code
    title: Text
    text: Text
    clauses: tuple[ClauseId, ...] = ()
