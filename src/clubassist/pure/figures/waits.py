"""Waiting times: the mean and the quantiles of waits, with those that still go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Final

from clubassist.pure.figures.survival import quantile

MEDIAN: Final = Fraction(1, 2)
P90: Final = Fraction(9, 10)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long the case of this number waited: to the end, or so far. Raises ValueError for a negative time."""

    number: str
    elapsed: timedelta
    ended: bool

    def __post_init__(self) -> None:
        if self.elapsed < timedelta():
            raise ValueError(f"{self.number} cannot have waited {self.elapsed}: check its times.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """The figures of some waits, and the waits themselves as the rows behind them (A02, F21)."""

    waits: tuple[Wait, ...]

    @property
    def n(self) -> int:
        """How many waits the figures rest on."""
        return len(self.waits)

    @property
    def open(self) -> int:
        """How many of them still go on."""
        return sum(not wait.ended for wait in self.waits)

    @property
    def total(self) -> timedelta:
        """Σ min(end, now), exact: each wait as long as it is known to be."""
        return sum((wait.elapsed for wait in self.waits), timedelta())

    @property
    def mean(self) -> timedelta | None:
        """Σ min(end, now) ÷ n to the microsecond, None without waits; a lower bound ("≥") while any is open.

        An open case counts with its elapsed time, so that leaving cases unanswered never improves the mean (A02).
        """
        return self.total / self.n if self.n else None

    @property
    def median(self) -> timedelta | None:
        """The median by Kaplan–Meier; None while it is not reached, and without waits."""
        return self._after(MEDIAN)

    @property
    def p90(self) -> timedelta | None:
        """The time within which nine of ten ended, by Kaplan–Meier; None as for the median."""
        return self._after(P90)

    def mean_within(self, limit: timedelta) -> bool | None:
        """Tell whether the mean keeps `limit`, which itself is kept; None without waits.

        True may still become false while cases are open; false stays false while only they go on.
        """
        return self.total <= limit * self.n if self.n else None

    def _after(self, share: Fraction) -> timedelta | None:
        return quantile(((wait.elapsed, wait.ended) for wait in self.waits), share)
