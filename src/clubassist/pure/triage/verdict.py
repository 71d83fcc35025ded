"""A proposal: what triage would choose, and every rule and word that speaks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from clubassist.pure.policy import Emotion, Text, TriageRule, Urgency


class Found(NamedTuple):
    """Words of the message as they were typed, where (characters [start, end)), and the list they are of."""

    words: str
    start: int
    end: int
    list: str


class Reason(NamedTuple):
    """A rule that holds, with the words that make it hold; a rule without words always holds."""

    rule: TriageRule
    found: tuple[Found, ...]

    @property
    def said(self) -> Text:
        """The reason for a reader: the meaning of the rule, then the words that were found."""
        if not self.found:
            return self.rule.title
        words = [one.words for one in self.found]
        zh, en = "、".join(f"“{one}”" for one in words), ", ".join(f"“{one}”" for one in words)
        return Text(zh=f"{self.rule.title.zh}：{zh}", en=f"{self.rule.title.en}: {en}")


@dataclass(frozen=True)
class Verdict:
    """Never a decision: a person confirms it or chooses something else (B19)."""

    kind: str | None
    """None where no rule proposes a kind."""
    urgency: Urgency
    emotion: Emotion
    complex: bool
    """Something hints at a complex case; whether it is one, a manager approves."""
    safety: bool
    """Somebody's safety may be at stake."""
    persons: tuple[str, ...]
    """The people complained of, in the words of the message."""
    confidence: float
    """From 0 to 1: how clearly the proposed kind leads the next one. Not a probability."""
    reasons: tuple[Reason, ...]
    """What speaks for the kind comes first, then what speaks for the rest."""
