"""Attainment counts decided promises only, and says nothing about none."""

from __future__ import annotations

import pytest

from clubassist.pure.figures import Figure, attainment


def test_attainment_is_the_kept_share_of_the_decided() -> None:
    figure = attainment(49, 1)
    assert (figure.numerator, figure.denominator, figure.value) == (49, 50, 98.0)
    interval = figure.interval
    assert interval is not None
    assert (round(interval.low, 1), round(interval.high, 1)) == (89.5, 99.6)


def test_attainment_of_nothing_is_neither_0_nor_100() -> None:
    assert attainment(0, 0) == Figure(0, 0)
    assert attainment(0, 0).value is None
    assert attainment(0, 0).interval is None


def test_attainment_of_only_breaches_is_0() -> None:
    assert attainment(0, 3).value == 0.0


@pytest.mark.parametrize(("met", "breached"), [(-1, 2), (2, -1)])
def test_attainment_refuses_negative_counts(met: int, breached: int) -> None:
    with pytest.raises(ValueError, match="not counts"):
        attainment(met, breached)
