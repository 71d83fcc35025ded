"""Small charts, made on the server: where their lines and marks lie. A table beside them says the same in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

WIDTH: Final = 240
HEIGHT: Final = 64
EDGE: Final = 6
"""How far from the edges the outermost marks lie."""


class Mark(NamedTuple):
    """One value of a trend; `good` is whether it reached its goal."""

    x: str
    y: str
    good: bool


class Trend(NamedTuple):
    """A line of values over steps of goals, as points of an SVG. A time without a value interrupts the line."""

    width: int
    height: int
    lines: list[str]
    goals: list[str]
    marks: list[Mark]


class Step(NamedTuple):
    """What a trend shows of one time: the value and the goal, if there are any."""

    value: Fraction | None
    goal: Fraction | None
    good: bool


def trend(steps: Sequence[Step]) -> Trend:
    """Return how steps at even distances lie, the oldest first. The scale reaches from the least to the greatest."""
    heights = [each for step in steps for each in (step.value, step.goal) if each is not None]
    least, greatest = min(heights, default=Fraction(0)), max(heights, default=Fraction(0))
    wide = Fraction(WIDTH - 2 * EDGE, max(len(steps) - 1, 1))

    def x(place: Fraction) -> str:
        return f"{float(EDGE + wide * place):.1f}"

    def y(height: Fraction) -> str:
        share = (height - least) / (greatest - least) if greatest > least else Fraction(1, 2)
        return f"{float(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share):.1f}"

    half = Fraction(1, 2)
    last = Fraction(max(len(steps) - 1, 1))
    goals = [
        f"{x(max(place - half, Fraction(0)))},{y(goal)} {x(min(place + half, last))},{y(goal)}"
        for place, goal in _there(step.goal for step in steps)
    ]
    runs: list[list[str]] = [[]]
    for place, step in enumerate(steps):
        if step.value is None:
            runs.append([])
        else:
            runs[-1].append(f"{x(Fraction(place))},{y(step.value)}")
    marks = [
        Mark(x(Fraction(place)), y(step.value), step.good)
        for place, step in enumerate(steps)
        if step.value is not None
    ]
    lines = [" ".join(run) for run in runs if len(run) > 1]
    return Trend(WIDTH, HEIGHT, lines, goals, marks)


def _there(values: Iterable[Fraction | None]) -> Iterator[tuple[Fraction, Fraction]]:
    return ((Fraction(place), value) for place, value in enumerate(values) if value is not None)
