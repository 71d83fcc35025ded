"""Figures that are shown give away no count from 1 to 4, however they are held against each other."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubassist.pure.figures import FEWEST, telling

CELLS = "abcd"
HELD = st.fixed_dictionaries({cell: st.sampled_from([0, 1, 2, 4, 5, 6, 40]) for cell in CELLS})
FIGURES = st.lists(st.lists(st.sets(st.sampled_from(CELLS), min_size=1), min_size=1, max_size=2), max_size=4)


@pytest.mark.req("F25")
@given(held=HELD, figures=FIGURES)
def test_no_combination_of_shown_counts_gives_a_small_group_away(
    held: dict[str, int], figures: list[list[set[str]]]
) -> None:
    named = {
        name: tuple({cell: held[cell] for cell in count} for count in counts)
        for name, counts in enumerate(figures)
    }
    withheld = telling(named)
    shown = [count for name, counts in enumerate(figures) if name not in withheld for count in counts]
    for signs in product((-1, 0, 1), repeat=len(shown)):
        group = {
            cell: sum(sign for sign, count in zip(signs, shown, strict=True) if cell in count)
            for cell in CELLS
        }
        if set(group.values()) <= {0, 1}:
            assert not 0 < sum(held[cell] * times for cell, times in group.items()) < FEWEST


@pytest.mark.parametrize(
    ("figures", "withheld"),
    [
        ({"one": ({"a": 0},)}, set()),
        ({"one": ({"a": 1},)}, {"one"}),
        ({"one": ({"a": 4},)}, {"one"}),
        ({"one": ({"a": 5},)}, set()),
        ({"share of 7": ({"a": 5}, {"b": 2})}, {"share of 7"}),
        ({"part": ({"a": 6},), "whole": ({"a": 6, "b": 2},)}, {"part"}),
        ({"part": ({"a": 2},), "whole": ({"a": 2, "b": 6},)}, {"part"}),
        ({"left": ({"a": 6},), "right": ({"b": 6},), "whole": ({"a": 6, "b": 6, "c": 1},)}, {"right"}),
        ({"part": ({"a": 6},), "whole": ({"a": 6, "b": 5},)}, set()),
        ({"less": ({"a": 6},), "more": ({"a": 7},)}, {"less"}),
        ({"less": ({"a": 6},), "more": ({"a": 11},)}, set()),
    ],
)
def test_the_part_is_withheld_rather_than_the_whole(
    figures: dict[str, tuple[dict[str, int], ...]], withheld: set[str]
) -> None:
    assert telling(figures) == withheld
