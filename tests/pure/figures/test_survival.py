"""Quantiles with open cases: published curves, the plain quantile, and a slow calculation straight from the formula."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from math import ceil
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubassist.pure.figures import quantile
from tests.pure.figures.lives import steady

HOUR: Final = timedelta(hours=1)
MEDIAN: Final = Fraction(1, 2)
P90: Final = Fraction(9, 10)

# E. A. Freireich and others, Blood 21, 1963: weeks of remission, the trial every textbook of survival begins with.
# A minus sign marks a patient who was still in remission.
TREATED = [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35]
UNTREATED = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
# Drawn at random; the expected quantiles were computed with lifelines 0.30.3.
TWENTY = [24, 7, 36, 5, 37, 4, 40, 14, 32, 35, -28, 21, -30, 38, 30, -24, -20, 16, 12, 16]
TEN = [37, -8, 15, 38, 4, 37, -38, 26, 4, 15]

durations = st.lists(st.tuples(st.integers(0, 12).map(lambda n: n * HOUR), st.booleans()), max_size=12)
shares = st.fractions(min_value=Fraction(1, 20), max_value=Fraction(19, 20), max_denominator=20)


def waits(signed: list[int]) -> list[tuple[timedelta, bool]]:
    return [(abs(each) * HOUR, each > 0) for each in signed]


@pytest.mark.parametrize(
    ("signed", "median", "p90"),
    [(TREATED, 23, None), (UNTREATED, 8, 17), (TWENTY, 30, 38), (TEN, 26, None), ([-21], None, None)],
)
def test_quantile_agrees_with_published_curves(
    signed: list[int], median: int | None, p90: int | None
) -> None:
    found = (quantile(waits(signed), MEDIAN), quantile(waits(signed), P90))
    assert found == tuple(None if each is None else each * HOUR for each in (median, p90))


def test_quantile_of_nothing_is_none() -> None:
    assert quantile([], MEDIAN) is None


@pytest.mark.parametrize("share", [Fraction(0), Fraction(1), Fraction(-1, 2)])
def test_quantile_refuses_what_is_no_share(share: Fraction) -> None:
    with pytest.raises(ValueError, match="not a share"):
        quantile([], share)


@steady
@given(ended=st.lists(st.integers(0, 40), min_size=1, max_size=40), share=shares)
def test_without_open_ones_it_is_the_plain_quantile(ended: list[int], share: Fraction) -> None:
    plain = sorted(ended)[ceil(len(ended) * share) - 1]
    assert quantile([(each * HOUR, True) for each in ended], share) == plain * HOUR


@steady
@given(found=durations, share=shares)
def test_quantile_equals_the_formula_calculated_slowly(
    found: list[tuple[timedelta, bool]], share: Fraction
) -> None:
    survived = Fraction(1)
    expected = None
    for at in sorted({lasted for lasted, ended in found if ended}):
        waiting = sum(lasted >= at for lasted, _ in found)
        ending = sum(ended and lasted == at for lasted, ended in found)
        survived *= Fraction(waiting - ending, waiting)
        if survived <= 1 - share:
            expected = at
            break
    assert quantile(found, share) == expected


@steady
@given(found=durations, share=shares, data=st.data())
def test_quantile_does_not_depend_on_the_order(
    found: list[tuple[timedelta, bool]], share: Fraction, data: st.DataObject
) -> None:
    assert quantile(data.draw(st.permutations(found)), share) == quantile(found, share)


@steady
@given(found=durations, share=shares, data=st.data())
def test_leaving_a_case_open_longer_never_makes_it_faster(
    found: list[tuple[timedelta, bool]], share: Fraction, data: st.DataObject
) -> None:
    before = quantile(found, share)
    worse = [each if each[1] else (each[0] + data.draw(st.integers(0, 5)) * HOUR, False) for each in found]
    after = quantile(worse, share)
    assert after is None or (before is not None and before <= after)
