"""One spelling for many: full-width, traditional and capital letters become half-width, simplified and small."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

from opencc import OpenCC


class Folded(NamedTuple):
    """Folded text; `places[i]` is the position in the original of its character i."""

    text: str
    places: tuple[int, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded part [start, end) stands in the original; start < end."""
        return self.places[start], self.places[end - 1] + 1


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def fold(text: str) -> Folded:
    """Fold a text for comparing; invisible format characters are left out. Never for showing."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        # An ellipsis would become three full stops: three ends of a sentence.
        plain = character if character == "…" else unicodedata.normalize("NFKC", character).lower()
        for one in plain:
            if unicodedata.category(one) != "Cf":
                characters.append(one)
                places.append(place)
    return Folded(_simplified("".join(characters)), tuple(places))


def _simplified(text: str) -> str:
    """Simplify without moving any character: whole phrases where their length stays, else one by one."""
    converter = _to_simplified()
    whole: str = converter.convert(text)
    if len(whole) == len(text):
        return whole
    return "".join(_same_length(one, converter.convert(one)) for one in text)


def _same_length(before: str, after: str) -> str:
    return after if len(after) == len(before) else before
