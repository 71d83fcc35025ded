"""Two ways to take a month: by what was received in it (targets), or by what happened in it (workload).

They are different types, and no figure takes both: a rate over this month's closings and last month's receipts could
pass 100 % and would say nothing (part C).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from clubassist.pure.figures.lives import CaseLife, Turn, one_for_each_matter
from clubassist.pure.figures.months import Span


@dataclass(frozen=True, slots=True)
class Cohort:
    """The cases received in `span`, as they stood `at` the data date. Raises ValueError for a case from outside.

    A case belongs to the month of its receipt, whenever it is answered or solved.
    """

    span: Span
    at: datetime
    lives: tuple[CaseLife, ...]

    def __post_init__(self) -> None:
        strange = [life.number for life in self.lives if not self.takes(life)]
        if strange:
            raise ValueError(f"Not received in this period by the data date: {', '.join(strange)}.")

    def takes(self, life: CaseLife) -> bool:
        """Tell whether a case was received in the period, and by the data date."""
        return self.span.start <= life.received_at < self.span.end and life.received_at <= self.at

    @classmethod
    def of(cls, lives: Iterable[CaseLife], span: Span, at: datetime) -> Self:
        """Choose the cohort: one case for each matter, without what is not counted, nothing that came after `at`.

        Give the duplicates too, and what they were merged into, from whichever month. Raises as
        `one_for_each_matter`.
        """
        empty = cls(span, at, ())
        chosen = (life for life in one_for_each_matter(lives) if life.counted and empty.takes(life))
        return cls(span, at, tuple(sorted((life.as_at(at) for life in chosen), key=lambda life: life.number)))


@dataclass(frozen=True, slots=True)
class Flow:
    """What happened in `span`, by its own date: the numbers of the cases it happened to, each once."""

    span: Span
    received: tuple[str, ...]
    answered: tuple[str, ...]
    resolved: tuple[str, ...]
    reopened: tuple[str, ...]

    @classmethod
    def of(cls, lives: Iterable[CaseLife], span: Span) -> Self:
        """Count the events of the period, of cases from whichever month. Raises as `one_for_each_matter`."""
        counted = sorted(
            (life for life in one_for_each_matter(lives) if life.counted), key=lambda life: life.number
        )

        def during(*times: datetime | None) -> bool:
            return any(at is not None and span.start <= at < span.end for at in times)

        def turned(life: CaseLife, turn: Turn) -> bool:
            return during(*(at for at, what in life.turns if what is turn))

        return cls(
            span,
            received=tuple(life.number for life in counted if during(life.received_at)),
            answered=tuple(life.number for life in counted if during(life.responded_at)),
            resolved=tuple(life.number for life in counted if turned(life, Turn.RESOLVED)),
            reopened=tuple(life.number for life in counted if turned(life, Turn.REOPENED)),
        )
