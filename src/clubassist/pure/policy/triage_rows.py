"""The rows of triage.toml: lists of words, and what a message says that holds words of several lists."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from clubassist.pure.policy.terms import (
    ClauseId,
    Code,
    Complexity,
    Filled,
    Row,
    Text,
    Urgency,
    Whole,
    Words,
    YesNo,
    refuse,
)
from clubassist.pure.text import fold

Emotion = Literal["calm", "upset", "angry"]


MOST_GAPS = 3
"""Each gap multiplies the ways in which a word can be looked for."""


def _heard(word: str) -> str:
    if not re.search(r"\w", word) and not re.search(r"[^\s…*]", fold(word).text):
        raise refuse(f"nothing can be found by “{word}”", "Write a word; * and … only stand beside one.")
    if word.count("…") > MOST_GAPS:
        raise refuse(f"“{word}” has too many gaps", f"Use … at most {MOST_GAPS} times in a word.")
    return word


SearchWord = Annotated[Words, AfterValidator(_heard)]
"""A word that leaves something to look for once it is folded."""


class Vocabulary(Row):
    """Words that mean one thing here. `…` inside a word stands for up to eight characters of the same sentence.

    Latin words match whole; with `*` at the end, their beginning.
    """

    id: Code
    words: Annotated[tuple[SearchWord, ...], Filled]
    apart: tuple[SearchWord, ...] = ()
    """Phrases that hold one of the words but mean something else (伤心 is no injury)."""
    denied_by: Code | None = None
    """The list of negations: a word right after one of them does not count (没有受伤)."""


class TriageRule(Row):
    """What to propose when one word of each list stands in one sentence. Without lists the rule always holds."""

    id: Code
    title: Text
    of: tuple[Code, ...] = ()
    within: Annotated[Whole, Field(ge=0, le=1000)] = 0
    """At most so many characters (Chinese) or words (Latin) between the words; 0 = the whole sentence."""
    unless: tuple[Code, ...] = ()
    """Not when a word of these lists stands in the same sentence."""
    unless_anywhere: tuple[Code, ...] = ()
    """Not when a word of these lists stands anywhere in the message."""
    kind: Code | None = None
    weight: Annotated[Whole, Field(ge=0, le=1000)] = 0
    urgency: Urgency | None = None
    emotion: Emotion | None = None
    complexity: Complexity | None = None
    safety: YesNo = False
    names: tuple[Code, ...] = ()
    """The words found of these lists name the person complained of."""
    clauses: tuple[ClauseId, ...] = ()

    @model_validator(mode="after")
    def _proposes_something(self) -> Self:
        if (self.kind is None) != (self.weight == 0):
            raise refuse("kind and weight do not go together", "Give both or neither.")
        if not any((self.kind, self.urgency, self.emotion, self.complexity, self.safety, self.names)):
            mend = "Add kind with weight, urgency, emotion, complexity, safety or names."
            raise refuse("the rule proposes nothing", mend)
        return self
