"""Small counts: which figures give away a count below five, alone or held against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

FEWEST: Final = 5
"""The least count that may be shown to readers who must not recognise anybody; nothing at all may be shown too."""

Name = TypeVar("Name", bound=Hashable)
Cell = TypeVar("Cell", bound=Hashable)


def telling(figures: Mapping[Name, tuple[Mapping[Cell, int], ...]]) -> frozenset[Name]:
    """Return the figures that must be withheld so that the others give away no count from 1 to 4.

    A figure is one or more counts that are shown together; a count is what lies in each of its cells. Whatever group
    the shown counts mark off, such as the cells of one that another lacks, must hold none or at least `FEWEST`. The
    largest figures stay first: rather the part is withheld than the whole.
    """
    shown: list[Name] = []
    for name in sorted(figures, key=lambda each: -sum(sum(count.values()) for count in figures[each])):
        counts = [count for each in (*shown, name) for count in figures[each]]
        groups: Counter[tuple[bool, ...]] = Counter()
        for cell, held in {cell: held for count in counts for cell, held in count.items()}.items():
            groups[tuple(cell in count for count in counts)] += held
        if not any(0 < held < FEWEST for held in groups.values()):
            shown.append(name)
    return frozenset(figures) - frozenset(shown)
