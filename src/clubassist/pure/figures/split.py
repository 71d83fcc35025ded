"""A share with the cases behind it."""

from __future__ import annotations

from dataclasses import dataclass

from clubassist.pure.figures.attainment import Figure


@dataclass(frozen=True, slots=True)
class Split:
    """Cases (by number) parted by a question: those that count, the rest, and those it is not asked of yet.

    Every case stands in exactly one part, so the rows always add up to the figure (F63).
    """

    counted: tuple[str, ...]
    rest: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    @property
    def figure(self) -> Figure:
        """counted ÷ (counted + rest)."""
        return Figure(len(self.counted), len(self.counted) + len(self.rest))
