"""Wilson's score interval for a share (E. B. Wilson, JASA 22, 1927)."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple


class Interval(NamedTuple):
    """Where the true share may lie, both ends in percent."""

    low: float
    high: float


def wilson(successes: int, n: int, z: float = 1.959963985) -> Interval | None:
    """The interval of `successes` out of `n` in percent, at 95 % unless `z` says otherwise; None when n is 0.

    Raises ValueError unless 0 ≤ successes ≤ n.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a share.")
    if n == 0:
        return None
    share = successes / n
    square = z * z
    middle = share + square / (2 * n)
    half = z * sqrt(share * (1 - share) / n + square / (4 * n * n))
    scale = 100 / (1 + square / n)
    # The ends of "none" and "all" are exact; floating point would miss them by a hair.
    low = 0.0 if successes == 0 else (middle - half) * scale
    high = 100.0 if successes == n else (middle + half) * scale
    return Interval(low, high)
