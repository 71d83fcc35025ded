"""Figures with what they rest on: numerator, denominator, period, and how far a small sample can be trusted."""

from clubassist.pure.figures.attainment import Figure, attainment
from clubassist.pure.figures.months import Span, month_of, month_span, months_before
from clubassist.pure.figures.small import FEWEST, telling
from clubassist.pure.figures.wilson import Interval, wilson

__all__ = [
    "FEWEST",
    "Figure",
    "Interval",
    "Span",
    "attainment",
    "month_of",
    "month_span",
    "months_before",
    "telling",
    "wilson",
]
