"""The interval against published vectors and its own properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubassist.pure.figures import wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (45, 50, 78.6, 95.7),
        (0, 10, 0.0, 27.8),
        (10, 10, 72.2, 100.0),
        (19, 20, 76.4, 99.1),
        (49, 50, 89.5, 99.6),
        (95, 100, 88.8, 97.8),
    ],
)
def test_wilson_agrees_with_published_intervals(successes: int, n: int, low: float, high: float) -> None:
    interval = wilson(successes, n)
    assert interval is not None
    assert (round(interval.low, 1), round(interval.high, 1)) == (low, high)


def test_wilson_of_nothing_is_nothing() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("successes", "n"), [(-1, 5), (6, 5), (0, -1)])
def test_wilson_refuses_what_is_not_a_share(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="not a share"):
        wilson(successes, n)


@given(n=st.integers(1, 100_000), data=st.data())
def test_wilson_holds_the_share_between_0_and_100(n: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, n))
    interval = wilson(successes, n)
    assert interval is not None
    share = successes * 100 / n
    assert 0 <= interval.low <= share + 1e-9
    assert share - 1e-9 <= interval.high <= 100


@given(n=st.integers(1, 10_000), data=st.data())
def test_wilson_of_the_opposite_is_mirrored(n: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, n))
    one, other = wilson(successes, n), wilson(n - successes, n)
    assert one is not None
    assert other is not None
    assert one.low == pytest.approx(100 - other.high)
    assert one.high == pytest.approx(100 - other.low)
