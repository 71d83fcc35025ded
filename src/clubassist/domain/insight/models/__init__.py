"""Months that were frozen, and what their figures rest on."""

from clubassist.domain.insight.models.frozen import FrozenMonth, FrozenTally

__all__ = ["FrozenMonth", "FrozenTally"]
