"""Text as the words an index holds, and what somebody looks for in it (design: search).

Chinese has no spaces, so a run of Han characters is held as its pairs of neighbours: whoever types any two characters
of it finds it. Everything else is held by its words and numbers, found by how they begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from clubassist.pure.text.fold import Folded, fold

LONGEST: Final = 60
"""Characters of one word that count; what is longer is found by its beginning."""
MOST: Final = 12
"""Runs of characters that one search looks for; more would only slow it down."""
AROUND: Final = 24
"""Characters of context before the first found word of an excerpt."""

_HAN: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN: Final = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_PRIVATE: Final = re.compile(
    r"(?<!\d)(?:(?:\+|00)?86[ .-]?)?1[ .-]?[3-9](?:[ .-]?\d){9}(?!\d)|(?<!\d)\d(?:[ .-]?\d){16}[ .-]?[\dx]"
)
"""Mobile and identity card numbers: looked up in the vault only, never as words."""


def lexemes(text: str) -> set[str]:
    """Return the words by which a text is found; no phone or identity card numbers."""
    found: set[str] = set()
    for run in _runs(_PRIVATE.sub(" ", fold(text).text)):
        if _is_han(run):
            found.update(run[place : place + 2] for place in range(len(run)))
        else:
            found.add(run[:LONGEST])
    return found


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for: all of its `runs` must be there, wherever."""

    runs: tuple[str, ...]

    @classmethod
    def of(cls, typed: str) -> Sought:
        """Read what was typed, traditional characters and capitals as any others."""
        return cls(tuple(dict.fromkeys(_runs(fold(typed).text)))[:MOST])

    def __bool__(self) -> bool:
        return bool(self.runs)

    def query(self, weight: str = "") -> str:
        """Return what PostgreSQL matches with `lexemes`, in the writing of its type tsquery; only words of `weight`."""
        return " & ".join(dict.fromkeys(part for run in self.runs for part in _matching(run, weight)))

    def excerpt(self, text: str, length: int = 90) -> list[tuple[str, bool]] | None:
        """Return the part of a text around the first thing found, as (words, found) in order; None without any."""
        folded = fold(text)
        spots = sorted(_origins(folded, self.runs))
        if not spots:
            return None
        begin = max(0, spots[0][0] - AROUND)
        end = min(len(text), begin + length)
        parts = [("…", False)] if begin else []
        place = begin
        for start, stop in spots:
            if place <= start and stop <= end:
                parts += [(text[place:start], False), (text[start:stop], True)]
                place = stop
        parts += [(text[place:end], False), ("…" if end < len(text) else "", False)]
        return [part for part in parts if part[0]]


def tsvector(words: Iterable[str], *, weight: str = "D") -> str:
    """Return words in the writing of PostgreSQL's type tsvector, each of a weight (A to D)."""
    place = 1 if weight == "D" else 2  # a word of two weights keeps both
    return " ".join(f"'{word}':{place}{weight}" for word in sorted(words))


def _runs(folded: str) -> list[str]:
    return _RUN.findall(folded)


def _is_han(run: str) -> bool:
    return re.match(f"[{_HAN}]", run) is not None


def _matching(run: str, weight: str) -> Iterator[str]:
    """Yield what must match for a run: its pairs, or what begins as it does."""
    if _is_han(run) and len(run) > 1:
        mark = f":{weight}" if weight else ""
        yield from (f"'{run[place : place + 2]}'{mark}" for place in range(len(run) - 1))
    else:
        yield f"'{run[:LONGEST]}':*{weight}"


def _origins(folded: Folded, runs: Iterable[str]) -> Iterator[tuple[int, int]]:
    for run in runs:
        place = folded.text.find(run)
        while place >= 0:
            yield folded.origin(place, place + len(run))
            place = folded.text.find(run, place + len(run))
