"""Attainment: kept promises out of those that are decided."""

from __future__ import annotations

from dataclasses import dataclass

from clubassist.pure.figures.wilson import Interval, wilson


@dataclass(frozen=True, slots=True)
class Figure:
    """A share with its numerator and denominator. Over nothing it has no value: never 0 %, never 100 %."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """The share in percent, or None without a sample."""
        return self.numerator * 100 / self.denominator if self.denominator else None

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval of the share in percent, or None without a sample."""
        return wilson(self.numerator, self.denominator)


def attainment(met: int, breached: int) -> Figure:
    """SLA attainment: met ÷ (met + breached). Promises still in time belong in neither number.

    Raises ValueError for a negative count.
    """
    if met < 0 or breached < 0:
        raise ValueError(f"{met} met and {breached} breached are not counts.")
    return Figure(met, met + breached)
