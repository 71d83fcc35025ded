"""Where the words of a list stand in a folded text."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from clubassist.pure.policy import Vocabulary
from clubassist.pure.text import fold

LONGEST = 120
"""A sentence of more characters is cut here, so that no message can make the search slow."""
MOST = 8
"""Of one list so many words of a sentence count."""

_SENTENCE = re.compile(rf"[。!?;\n]+|\.(?=\s|$)|[^。!?;\n]{{{LONGEST}}}")
_CLAUSE = re.compile(r"[,、:]|(?<![a-z0-9'])\s+|\s+(?![a-z0-9'])")
_STEP = re.compile(r"[a-z0-9']+|[^\s,、:.。!?;\"“”()]")
_GAP = "[^。!?;\n]{0,8}?"
_LATIN = re.compile(r"[a-z0-9]")


class Hit(NamedTuple):
    """A word of a list in the folded text: characters [start, end)."""

    start: int
    end: int
    list: str


class Marks:
    """A folded text with its sentences, clauses and steps: a step is one Chinese character or one Latin word."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._sentences = [match.end() for match in _SENTENCE.finditer(text)]
        self._clauses = sorted(self._sentences + [match.end() for match in _CLAUSE.finditer(text)])
        self._steps = [match.start() for match in _STEP.finditer(text)]

    def sentence(self, place: int) -> int:
        """The number of the sentence around this place."""
        return bisect_right(self._sentences, place)

    def clause(self, place: int) -> int:
        """The number of the clause around this place; commas and Chinese spaces part clauses too."""
        return bisect_right(self._clauses, place)

    def between(self, start: int, end: int) -> int:
        """How many steps begin in [start, end)."""
        return bisect_right(self._steps, end - 1) - bisect_right(self._steps, start - 1)


class WordList:
    """A vocabulary made ready for searching."""

    def __init__(self, row: Vocabulary) -> None:
        self.id = row.id
        self.denied_by = row.denied_by
        self._words = _pattern(row.words)
        self._apart = _pattern(row.apart) if row.apart else None

    def hits(self, marks: Marks) -> list[Hit]:
        """The words of the list, from left to right, but none that begins in a phrase kept apart."""
        apart = self._apart.finditer(marks.text) if self._apart else ()
        covered = {place for match in apart for place in range(*match.span())}
        return [
            Hit(*match.span(), self.id)
            for match in self._words.finditer(marks.text)
            if match.start() not in covered
        ]


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_one(word) for word in sorted(words, key=len, reverse=True)))


def _one(word: str) -> str:
    folded, opened = fold(word.removesuffix("*")).text, word.endswith("*")
    parts = [r"\s+".join(re.escape(bit) for bit in part.split()) for part in folded.split("…")]
    before = "(?<![a-z0-9])" if _LATIN.match(folded) else ""
    after = "(?![a-z0-9])" if _LATIN.match(folded[-1]) and not opened else ""
    return before + _GAP.join(parts) + after
