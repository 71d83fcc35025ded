"""Whether satisfaction rose as it should: the contract's vectors, and the interval against published ones."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubassist.pure.figures import Comparison, Figure, Verdict, answers_needed, quarter_target
from tests.pure.figures.lives import steady


def share(percent: int, n: int) -> Figure:
    return Figure(percent * n // 100, n)


figures = st.integers(1, 3000).flatmap(lambda n: st.builds(Figure, st.integers(0, n), st.just(n)))


@pytest.mark.req("F02")
@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (share(78, 1000), share(84, 1000), Verdict.MET),
        (Figure(16, 20), Figure(17, 20), Verdict.INCONCLUSIVE),
        (share(78, 1000), share(83, 1000), Verdict.MET),
        (share(78, 1000), Figure(829, 1000), Verdict.NOT_MET),
        (share(78, 1000), share(70, 1000), Verdict.NOT_MET),
        # Two points are left up to the cap, and above it the goal is to hold.
        (share(93, 1000), share(95, 1000), Verdict.MET),
        (share(93, 1000), share(94, 1000), Verdict.NOT_MET),
        (share(97, 1000), share(95, 1000), Verdict.MET),
        (share(97, 1000), share(94, 1000), Verdict.NOT_MET),
        # All and none of a few: the plain normal interval would have no width at all.
        (Figure(5, 5), Figure(5, 5), Verdict.INCONCLUSIVE),
        (Figure(0, 5), Figure(5, 5), Verdict.INCONCLUSIVE),
    ],
)
def test_verdict_on_two_quarters(before: Figure, after: Figure, verdict: Verdict) -> None:
    assert Comparison(before, after).verdict is verdict


@pytest.mark.parametrize(("before", "after"), [(Figure(0, 0), Figure(9, 9)), (Figure(9, 9), Figure(0, 0))])
def test_a_quarter_without_answers_has_no_verdict(before: Figure, after: Figure) -> None:
    found = Comparison(before, after)
    assert (found.change, found.interval, found.verdict) == (None, None, None)


@pytest.mark.req("F02")
def test_target_rises_5_points_each_quarter_up_to_the_cap() -> None:
    assert [quarter_target(Fraction(78), k) for k in range(6)] == [78, 83, 88, 93, 95, 95]
    assert quarter_target(Fraction(93), 1) == 95


def test_target_never_falls_with_a_new_baseline() -> None:
    assert quarter_target(Fraction(70), 1, before=Fraction(88)) == 88


def test_target_refuses_a_quarter_before_the_baseline() -> None:
    with pytest.raises(ValueError, match="lie before it"):
        quarter_target(Fraction(80), -1)


@pytest.mark.parametrize(
    ("before", "after", "low", "high"),
    [
        # The first two-sample case of Newcombe 1998, and others computed with statsmodels 0.15.0.
        (Figure(48, 80), Figure(56, 70), 5.24, 33.39),
        (Figure(780, 1000), Figure(840, 1000), 2.56, 9.42),
        (Figure(16, 20), Figure(17, 20), -19.19, 28.71),
        (Figure(0, 10), Figure(10, 10), 60.75, 100.0),
        (Figure(5, 5), Figure(5, 5), -43.45, 43.45),
    ],
)
def test_interval_of_the_change_agrees_with_published_ones(
    before: Figure, after: Figure, low: float, high: float
) -> None:
    interval = Comparison(before, after).interval
    assert interval is not None
    assert (round(interval.low, 2), round(interval.high, 2)) == (low, high)


def test_about_900_answers_are_needed_to_see_80_become_85() -> None:
    assert answers_needed(Fraction(80), Fraction(85)) == 906


@pytest.mark.parametrize(("before", "after"), [(80, 80), (-1, 50), (50, 101)])
def test_answers_needed_refuses_what_is_no_change(before: int, after: int) -> None:
    with pytest.raises(ValueError, match="no change"):
        answers_needed(Fraction(before), Fraction(after))


@steady
@given(baseline=st.fractions(0, 100))
def test_targets_are_monotone_and_capped(baseline: Fraction) -> None:
    targets = [quarter_target(baseline, k) for k in range(25)]
    assert all(one <= other <= 95 for one, other in pairwise(targets))


@steady
@given(before=figures, after=figures)
def test_the_interval_holds_the_change_and_is_mirrored(before: Figure, after: Figure) -> None:
    one, other = Comparison(before, after), Comparison(after, before)
    assert one.change is not None
    assert one.change == -(other.change or 0)
    assert one.interval is not None
    assert other.interval is not None
    assert -100 - 1e-9 <= one.interval.low <= one.change + 1e-9
    assert one.change - 1e-9 <= one.interval.high <= 100 + 1e-9
    assert one.interval.low == pytest.approx(-other.interval.high)


@steady
@given(before=figures, after=figures)
def test_a_verdict_asks_width_first_and_then_the_exact_change(before: Figure, after: Figure) -> None:
    found = Comparison(before, after)
    assert found.interval is not None
    if found.verdict is Verdict.INCONCLUSIVE:
        assert found.interval.high - found.interval.low > 10
        return
    up = after.numerator * before.denominator - before.numerator * after.denominator
    risen = 100 * up >= 5 * before.denominator * after.denominator
    held = 100 * after.numerator >= 95 * after.denominator
    assert (found.verdict is Verdict.MET) == (risen or held)
