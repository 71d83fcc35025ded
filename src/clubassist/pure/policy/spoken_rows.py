"""What a pack says to members: the notices of what happens, and phrases for whoever writes to them."""

from __future__ import annotations

from typing import Annotated, Literal

from clubassist.pure.policy.terms import (
    ClauseId,
    Code,
    Filled,
    KindPattern,
    NoticeText,
    Row,
    Text,
    covers_kind,
)


class Notice(Row):
    """A message the member gets when something happens to the case."""

    event: Literal[
        "case.opened",
        "case.stage",
        "clock.moved",
        "offer.sent",
        "offer.declined",
        "offer.declined_manager",
        "offer.withdrawn",
        "case.resolved",
        "case.not_agreed",
        "case.reopened",
        "case.closed",
    ]
    kinds: Annotated[tuple[KindPattern, ...], Filled]
    title: Text
    text: NoticeText
    clauses: tuple[ClauseId, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.event} {' '.join(self.kinds)}"


class Phrase(Row):
    """A sentence that helps to find the right tone, offered beside an answer to put in or leave out."""

    id: Code
    kinds: Annotated[tuple[KindPattern, ...], Filled]
    emotion: tuple[Literal["calm", "upset", "angry"], ...] = ()
    """For whom: how the member feels; left out, for everybody."""
    during: tuple[Code, ...] = ()
    """In which stages of the playbook; left out, in all."""
    title: Text
    text: Text
    clauses: tuple[ClauseId, ...] = ()

    def suits(self, kind: str, emotion: str, stage: str) -> bool:
        """Whether it fits such a case in this stage."""
        felt = not self.emotion or emotion in self.emotion
        return covers_kind(self.kinds, kind) and felt and (not self.during or stage in self.during)
