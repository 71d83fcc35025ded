"""Quarter against quarter: what satisfaction should rise to, and whether it did (F02, reading A03)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, hypot, sqrt
from statistics import NormalDist
from typing import Final

from clubassist.pure.figures.attainment import Figure
from clubassist.pure.figures.wilson import Interval

STEP: Final = Fraction(5)
"""How many percentage points each quarter adds (F02)."""

CAP: Final = Fraction(95)
"""Where the rise ends and the goal becomes to hold, in percent: the goal of positive feedback."""


class Verdict(StrEnum):
    """Whether the goal was reached. INCONCLUSIVE: the sample is too small to tell."""

    MET = "met"
    NOT_MET = "not_met"
    INCONCLUSIVE = "inconclusive"


def quarter_target(
    baseline: Fraction,
    quarters: int,
    *,
    before: Fraction | None = None,
    step: Fraction = STEP,
    cap: Fraction = CAP,
) -> Fraction:
    """min(cap, max(before, baseline + step · quarters)) in percent: monotone and capped.

    `before` is the target of the quarter before, under which a new baseline never lets it fall. Raises ValueError
    for a negative number of quarters.
    """
    if quarters < 0:
        raise ValueError(f"{quarters} quarters after the baseline lie before it.")
    rising = baseline + step * quarters
    return min(cap, rising if before is None else max(before, rising))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two quarters' shares, the earlier one first, against a rise of `step` points that ends at `cap` percent."""

    before: Figure
    after: Figure
    step: Fraction = STEP
    cap: Fraction = CAP

    @property
    def change(self) -> Fraction | None:
        """after − before in percentage points, exact; None when either has no sample."""
        if not (self.before.denominator and self.after.denominator):
            return None
        return _percent(self.after) - _percent(self.before)

    @property
    def needed(self) -> Fraction | None:
        """The points that were needed: the step, or what was left up to the cap; none or less means to hold it."""
        return min(self.step, self.cap - _percent(self.before)) if self.before.denominator else None

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval of the change in points, from the two Wilson intervals; None without a change.

        Newcombe, Statistics in Medicine 17, 1998, method 10. Unlike the plain normal one it does not shrink to
        nothing where all or none are satisfied.
        """
        before, after = self.before.interval, self.after.interval
        if before is None or after is None:
            return None
        was, now = float(_percent(self.before)), float(_percent(self.after))
        return Interval(
            now - was - hypot(now - after.low, before.high - was),
            now - was + hypot(after.high - now, was - before.low),
        )

    @property
    def verdict(self) -> Verdict | None:
        """Inconclusive when half the interval is wider than the step; else met from exactly the needed points on."""
        change, needed, interval = self.change, self.needed, self.interval
        if change is None or needed is None or interval is None:
            return None
        if (interval.high - interval.low) / 2 > self.step:
            return Verdict.INCONCLUSIVE
        return Verdict.MET if change >= needed else Verdict.NOT_MET


def answers_needed(before: Fraction, after: Fraction, *, power: float = 0.8, error: float = 0.05) -> int:
    """How many answers each quarter needs so that a change between these percentages is seen.

    n = (z₁₋ₑ/₂ √(2p̄q̄) + z_power √(p₁q₁ + p₂q₂))² ÷ (p₂ − p₁)², two-sided at `error` (Fleiss, Statistical Methods for
    Rates and Proportions). Raises ValueError when there is no change, or a percentage is out of range.
    """
    if before == after or not (0 <= before <= 100 and 0 <= after <= 100):
        raise ValueError(f"There is no change to see from {before} % to {after} %.")
    was, now = float(before / 100), float(after / 100)
    middle = (was + now) / 2
    normal = NormalDist()
    pooled = normal.inv_cdf(1 - error / 2) * sqrt(2 * middle * (1 - middle))
    apart = normal.inv_cdf(power) * sqrt(was * (1 - was) + now * (1 - now))
    return ceil(((pooled + apart) / (now - was)) ** 2)


def _percent(figure: Figure) -> Fraction:
    return Fraction(figure.numerator * 100, figure.denominator)
