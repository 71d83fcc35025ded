"""What a pack says of goals: the results that the service aims at, and the numbers that its clauses give them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from clubassist.pure.policy.terms import ClauseId, Code, Filled, Row, Text


class Aim(Row):
    """A number that a clause gives a goal. While no measure of the goal proves the clause, it is shown as a gap."""

    clause: ClauseId
    title: Text
    target: Text | None = None
    """What is to be reached, in words; left out where no number is set."""


class Goal(Row):
    """A result that the service is to have. Measures name it as their `goal`; it gathers them on the goal board."""

    code: Code
    title: Text
    clauses: Annotated[tuple[ClauseId, ...], Filled]
    aims: Annotated[tuple[Aim, ...], Field(alias="aim")] = ()
    """What the clauses ask of it, measured or not."""
