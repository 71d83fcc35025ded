"""What counts as met: how a figure stands against its goal."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from fractions import Fraction
from typing import Final

from clubassist.pure.figures import FEWEST, Outcome
from clubassist.pure.policy import Measure

NEAR_POINTS: Final = 5
"""A figure this many percentage points short of its goal, or fewer, is near it. Ours: no regulation says."""


class State(StrEnum):
    """How a clause stands.

    WITHHELD: to say it would give a small count away. CARRIED: something carries it out, but no figure measures it.
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


def judge(value: Fraction | None, measure: Measure) -> State:
    """Return how a figure, in percent or hours, stands against its goal; without a sample nothing is met or missed."""
    if value is None:
        return State.NO_SAMPLE
    short = max(
        measure.at_least - value if measure.at_least is not None else 0,
        value - measure.at_most if measure.at_most is not None else 0,
    )
    if short <= 0:
        return State.MET
    return State.NEAR if short <= NEAR_POINTS and not measure.takes_time else State.MISSED


def veiled(state: State, counts: Counter[str]) -> State:
    """Return what may be told of the state of a withheld figure that has these counts behind closed doors.

    "Missed" says only that there was a late one; "near" would say that there were few. A figure without a small count
    of its own is withheld as a part of others: any state would say that this part is not the small one.
    """
    small = any(0 < count < FEWEST for count in counts.values())
    if not small or counts[Outcome.MET] + counts[Outcome.LATE] < FEWEST:
        return State.WITHHELD
    return State.MISSED if state is State.NEAR else state
