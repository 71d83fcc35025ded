"""Waiting times: the mean and the quantiles of waits, with those that still go on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import Final, Self

from clubassist.pure.figures.survival import quantile, quantile_of

MEDIAN: Final = Fraction(1, 2)
P90: Final = Fraction(9, 10)
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long the case of this number waited: to the end, or so far. Raises ValueError for a negative time."""

    number: str
    elapsed: timedelta
    ended: bool

    def __post_init__(self) -> None:
        if self.elapsed < timedelta():
            raise ValueError(f"{self.number} cannot have waited {self.elapsed}: check its times.")


class Averaged(ABC):
    """What has a mean: `n` waits of `total` time together."""

    __slots__ = ()

    @property
    @abstractmethod
    def n(self) -> int:
        """How many waits the figures rest on."""

    @property
    @abstractmethod
    def total(self) -> timedelta:
        """Σ min(end, now), exact: each wait as long as it is known to be."""

    @property
    def mean(self) -> timedelta | None:
        """Σ min(end, now) ÷ n to the microsecond, None without waits; a lower bound ("≥") while any is open.

        An open case counts with its elapsed time, so that leaving cases unanswered never improves the mean (A02).
        """
        return self.total / self.n if self.n else None

    def mean_within(self, limit: timedelta) -> bool | None:
        """Tell whether the mean keeps `limit`, which itself is kept; None without waits.

        True may still become false while cases are open; false stays false while only they go on.
        """
        return self.total <= limit * self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Waiting(Averaged):
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
    def median(self) -> timedelta | None:
        """The median by Kaplan–Meier; None while it is not reached, and without waits."""
        return self._after(MEDIAN)

    @property
    def p90(self) -> timedelta | None:
        """The time within which nine of ten ended, by Kaplan–Meier; None as for the median."""
        return self._after(P90)

    def _after(self, share: Fraction) -> timedelta | None:
        return quantile(((wait.elapsed, wait.ended) for wait in self.waits), share)


@dataclass(frozen=True, slots=True)
class Spread(Averaged):
    """Waits as they are added up and kept: their sum, exact, and how many lasted so many whole minutes, rounded up.

    What was `paused` is in neither; it stands beside them.

    Its size does not grow with the cases, and those of several clubs can be added: the mean is exact, the quantiles are
    to the minute and never too short.
    """

    summed: timedelta = timedelta()
    ended: Counter[int] = field(default_factory=Counter)
    still_open: Counter[int] = field(default_factory=Counter)
    paused: timedelta = timedelta()

    @classmethod
    def of(cls, waits: Iterable[Wait], paused: timedelta = timedelta()) -> Self:
        """Add up some waits, and what was paused in all of them together."""
        found = tuple(waits)
        return cls(
            sum((wait.elapsed for wait in found), timedelta()),
            Counter(-(-wait.elapsed // MINUTE) for wait in found if wait.ended),
            Counter(-(-wait.elapsed // MINUTE) for wait in found if not wait.ended),
            paused,
        )

    def __add__(self, other: Spread) -> Spread:
        return Spread(
            self.summed + other.summed,
            self.ended + other.ended,
            self.still_open + other.still_open,
            self.paused + other.paused,
        )

    @property
    def gross_mean(self) -> timedelta | None:
        """The mean with what was paused; None without waits."""
        return (self.summed + self.paused) / self.n if self.n else None

    @property
    def n(self) -> int:
        """How many waits there are."""
        return self.ended.total() + self.still_open.total()

    @property
    def open(self) -> int:
        """How many of them still go on."""
        return self.still_open.total()

    @property
    def total(self) -> timedelta:
        """Σ min(end, now), exact."""
        return self.summed

    @property
    def median(self) -> timedelta | None:
        """The median by Kaplan–Meier to the minute; None while it is not reached, and without waits."""
        return self._after(MEDIAN)

    @property
    def p90(self) -> timedelta | None:
        """The time within which nine of ten ended, as the median."""
        return self._after(P90)

    def _after(self, share: Fraction) -> timedelta | None:
        minutes = quantile_of(self.ended, self.still_open, share)
        return None if minutes is None else minutes * MINUTE
