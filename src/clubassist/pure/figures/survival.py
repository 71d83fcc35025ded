"""How long until it happens, with what has not happened yet: the product-limit estimate.

Kaplan and Meier, JASA 53, 1958:  S(t) = ∏ (nᵢ − dᵢ) / nᵢ  over the times tᵢ ≤ t at which dᵢ of the nᵢ that still
waited came to an end. What is open leaves the count of the waiting without an end (right-censored). Leaving open
cases out instead would make slow clubs look fast.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction
from typing import TypeVar

Length = TypeVar("Length", timedelta, int)

Duration = tuple[timedelta, bool]
"""How long something lasted, and whether it came to an end then (true) or is only known to have lasted so long."""


def quantile(durations: Iterable[Duration], share: Fraction) -> timedelta | None:
    """The shortest time after which at least `share` have come to an end, as `quantile_of`."""
    ended: Counter[timedelta] = Counter()
    still_open: Counter[timedelta] = Counter()
    for lasted, came_to_an_end in durations:
        (ended if came_to_an_end else still_open)[lasted] += 1
    return quantile_of(ended, still_open, share)


def quantile_of(ended: Counter[Length], still_open: Counter[Length], share: Fraction) -> Length | None:
    """The shortest time after which at least `share` have come to an end: the first t with S(t) ≤ 1 − share.

    Given is how many ended after each length, and how many are only known to have lasted so long. None while the curve
    stays above, so "not reached", and for none at all. Without open ones it is the plain quantile. Exact: counted in
    integers, so that a curve that meets 1 − share to the hair is not missed. Raises ValueError unless 0 < share < 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"{share} is not a share between 0 and 1.")
    # Between two open ones the factors cancel, and S(t) = before · left / start. So it comes down to 1 − share once
    # `few` are left: below · start / above, where above and below are the share and what the open ones cut off.
    above, below = share.denominator, share.denominator - share.numerator
    start = left = ended.total() + still_open.total()
    few = below * start // above
    for lasted in sorted(ended | still_open):
        left -= ended[lasted]
        if left <= few:
            return lasted
        if lasted in still_open:
            above, below = above * left, below * start
            start = left = left - still_open[lasted]
            few = below * start // above
    return None
