"""What counts as met: how a figure stands against its goal."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from clubassist.pure.figures import Figure
from clubassist.pure.policy import Measure

NEAR_POINTS: Final = 5
"""A figure this many percentage points short of its goal, or fewer, is near it. Ours: no regulation says."""


class State(StrEnum):
    """How a clause stands.

    WITHHELD: the figure would give a small count away. CARRIED: something carries it out, but no figure measures it.
    GAP: nothing does.
    """

    MET = "met"
    NEAR = "near"
    MISSED = "missed"
    WITHHELD = "withheld"
    NO_SAMPLE = "no_sample"
    CARRIED = "carried"
    GAP = "gap"


WORST_FIRST: Final = (State.MISSED, State.NEAR, State.WITHHELD, State.MET, State.NO_SAMPLE)


def judge(figure: Figure, measure: Measure) -> State:
    """Return how a figure stands against the goal of its measure; without a sample nothing is met or missed."""
    value = figure.value
    if value is None:
        return State.NO_SAMPLE
    short = max(
        measure.at_least - value if measure.at_least is not None else 0,
        value - measure.at_most if measure.at_most is not None else 0,
    )
    if short <= 0:
        return State.MET
    return State.NEAR if short <= NEAR_POINTS else State.MISSED
