"""Figures with what they rest on: numerator, denominator, period, and how far a small sample can be trusted."""

from clubassist.pure.figures.attainment import Figure, attainment
from clubassist.pure.figures.cohort import Cohort, Flow
from clubassist.pure.figures.lives import CaseLife, Turn, one_for_each_matter
from clubassist.pure.figures.months import (
    FINAL_DAY,
    PROVISIONAL_DAY,
    Release,
    Span,
    closes,
    month_of,
    month_span,
    months_before,
    release_of,
)
from clubassist.pure.figures.promises import Attained, Marks, Outcome, Promise, attained, outcome
from clubassist.pure.figures.quarters import CAP, STEP, Comparison, Verdict, answers_needed, quarter_target
from clubassist.pure.figures.resolution import (
    Assent,
    ResolutionTime,
    Standing,
    handling_rate,
    reopen_rate,
    resolution_rate,
    resolution_time,
    solved_at,
    standing,
    stood_still,
)
from clubassist.pure.figures.response import first_response
from clubassist.pure.figures.satisfaction import (
    ENOUGH,
    Answer,
    Satisfaction,
    positive_share,
    satisfied,
    votes,
)
from clubassist.pure.figures.small import FEWEST, telling
from clubassist.pure.figures.split import Split
from clubassist.pure.figures.survival import quantile
from clubassist.pure.figures.waits import Spread, Wait, Waiting
from clubassist.pure.figures.wilson import Interval, wilson

__all__ = [
    "CAP",
    "ENOUGH",
    "FEWEST",
    "FINAL_DAY",
    "PROVISIONAL_DAY",
    "STEP",
    "Answer",
    "Assent",
    "Attained",
    "CaseLife",
    "Cohort",
    "Comparison",
    "Figure",
    "Flow",
    "Interval",
    "Marks",
    "Outcome",
    "Promise",
    "Release",
    "ResolutionTime",
    "Satisfaction",
    "Span",
    "Split",
    "Spread",
    "Standing",
    "Turn",
    "Verdict",
    "Wait",
    "Waiting",
    "answers_needed",
    "attained",
    "attainment",
    "closes",
    "first_response",
    "handling_rate",
    "month_of",
    "month_span",
    "months_before",
    "one_for_each_matter",
    "outcome",
    "positive_share",
    "quantile",
    "quarter_target",
    "release_of",
    "reopen_rate",
    "resolution_rate",
    "resolution_time",
    "satisfied",
    "solved_at",
    "standing",
    "stood_still",
    "telling",
    "votes",
    "wilson",
]
