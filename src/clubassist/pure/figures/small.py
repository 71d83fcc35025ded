"""Small counts: which figures give away a count below five, alone or held against each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Final, TypeVar

FEWEST: Final = 5
"""The least count that may be shown to readers who must not recognise anybody; nothing at all may be shown too."""

Name = TypeVar("Name", bound=Hashable)
Cell = TypeVar("Cell", bound=Hashable)


def telling(figures: Mapping[Name, tuple[Mapping[Cell, int], ...]]) -> frozenset[Name]:
    """Return the figures that must be withheld so that the others give away no count from 1 to 4 (F25).

    A figure is one or more counts, shown all together or not at all; a count is what lies in each of its cells.
    Whatever group the shown counts mark off, such as the cells of one that another lacks, must hold none or at least
    `FEWEST`. The largest figures stay first: rather the part is withheld than the whole.
    """
    shown: list[Name] = []
    for name in sorted(figures, key=lambda each: -sum(sum(count.values()) for count in figures[each])):
        groups = _groups([count for each in (*shown, name) for count in figures[each]])
        if not any(0 < held < FEWEST for held in groups.values()):
            shown.append(name)
    return frozenset(figures) - frozenset(shown)


def _groups(counts: Sequence[Mapping[Cell, int]]) -> Counter[frozenset[int]]:
    """Return how many lie in each group that only these counts (their positions) have in common.

    Where one count has more in a cell than another, what it has more is a group too.
    """
    by_cell: defaultdict[Cell, dict[int, int]] = defaultdict(dict)
    for position, count in enumerate(counts):
        for cell, held in count.items():
            by_cell[cell][position] = held
    groups: Counter[frozenset[int]] = Counter()
    for helds in by_cell.values():
        for below, level in pairwise(sorted({0, *helds.values()})):
            groups[frozenset(position for position, held in helds.items() if held >= level)] += level - below
    return groups
