"""Phrases of the rules beside an answer: put in by a button, with what was typed kept (B22)."""

from __future__ import annotations

from typing import Final, NamedTuple

from clubassist.domain.cases.models import Case
from clubassist.domain.club.queries import policy_of
from clubassist.web.desk.page import said

MOST: Final = 6


class Offered(NamedTuple):
    """A phrase in the language of the conversation; `title` in that of the reader."""

    id: str
    title: str
    text: str


def phrases_for(case: Case) -> list[Offered]:
    """Return the phrases that suit the case as it is now, those for its very kind first; needs its conversation."""
    policy = policy_of(tuple(case.pack_versions))
    suiting = [row for row in policy.phrases if row.suits(case.kind, case.emotion, case.stage)]
    chinese = case.conversation.language.startswith("zh")
    nearest = sorted(suiting, key=lambda row: case.kind not in row.kinds)
    return [
        Offered(row.id, said(row.title), row.text.zh if chinese else row.text.en) for row in nearest[:MOST]
    ]


def with_phrase(case: Case, typed: str, phrase: str) -> str:
    """Return what was typed with the phrase of this id behind it; unchanged where there is none."""
    text = next((row.text for row in phrases_for(case) if row.id == phrase), "")
    if not text:
        return typed
    return f"{typed.rstrip()}\n{text}" if typed.strip() else text
