"""Where the lines of a trend lie."""

from __future__ import annotations

from fractions import Fraction

from clubassist.web.shared.charts import Step, trend


def step(value: int | None, goal: int | None = 98, *, good: bool = True) -> Step:
    """Return a step in whole numbers."""
    return Step(None if value is None else Fraction(value), None if goal is None else Fraction(goal), good)


def test_higher_values_lie_higher_and_goals_are_steps_around_their_time() -> None:
    drawn = trend([step(90, good=False), step(100, 95)])
    assert drawn.lines == ["6.0,58.0 234.0,6.0"]
    assert [(mark.x, mark.y, mark.good) for mark in drawn.marks] == [
        ("6.0", "58.0", False),
        ("234.0", "6.0", True),
    ]
    assert drawn.goals == ["6.0,16.4 120.0,16.4", "120.0,32.0 234.0,32.0"]


def test_a_time_without_a_value_interrupts_the_line() -> None:
    drawn = trend([step(90), step(91), step(None), step(92), step(None, None), step(93), step(94)])
    assert [len(line.split()) for line in drawn.lines] == [2, 2]
    assert len(drawn.marks) == 5
    assert len(drawn.goals) == 6


def test_what_never_changes_lies_in_the_middle_and_nothing_draws_nothing() -> None:
    assert {mark.y for mark in trend([step(98), step(98)]).marks} == {"32.0"}
    assert trend([step(98)]).marks[0].x == "6.0"
    assert trend([])[2:] == ([], [], [])
