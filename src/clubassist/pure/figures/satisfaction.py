"""Satisfaction after a case: who voted, how many are pleased, and whether they are enough to say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from clubassist.pure.figures.attainment import Figure
from clubassist.pure.figures.cohort import Cohort
from clubassist.pure.figures.split import Split

PLEASED: Final = 4
"""The least score of 1 to 5 that counts as satisfied, or as positive feedback (part C, A13)."""

ENOUGH: Final = 30
"""Fewer answers than these are shown with a warning (part C)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person said about one case or visit: a `score` of 1 to 5, or words that sound `positive` or not.

    Raises ValueError for another score, and for an answer that says nothing.
    """

    person: str
    about: str
    at: datetime
    score: int | None = None
    positive: bool | None = None

    def __post_init__(self) -> None:
        if self.score is None and self.positive is None:
            raise ValueError(f"The answer about {self.about} has neither a score nor words.")
        if self.score is not None and not 1 <= self.score <= 5:
            raise ValueError(f"{self.score} is no score from 1 to 5.")

    @property
    def pleased(self) -> bool:
        """Whether it counts as positive: the score decides, words only where there is none (A13)."""
        return self.score >= PLEASED if self.score is not None else bool(self.positive)


def votes(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """One vote for each person and case or visit: the latest; of two at one moment the less pleased (A13)."""
    latest: dict[tuple[str, str], Answer] = {}
    for answer in sorted(answers, key=lambda each: (each.at, not each.pleased, -(each.score or 0))):
        latest[answer.person, answer.about] = answer
    return tuple(sorted(latest.values(), key=lambda each: (each.about, each.person)))


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The figures of some votes, and the votes themselves as the rows behind them."""

    votes: tuple[Answer, ...]

    @classmethod
    def of(cls, answers: Iterable[Answer]) -> Satisfaction:
        """CSAT: only scores are valid answers, one for each person and case."""
        return cls(votes(answer for answer in answers if answer.score is not None))

    @property
    def figure(self) -> Figure:
        """Answers of 4 and 5 ÷ all, never an average of percentages; neutral ones are in the denominator."""
        return Figure(sum(vote.pleased for vote in self.votes), len(self.votes))

    @property
    def mean(self) -> Fraction | None:
        """The mean score, exact; None without votes."""
        scores = [vote.score for vote in self.votes if vote.score is not None]
        return Fraction(sum(scores), len(scores)) if scores else None

    @property
    def enough(self) -> bool:
        """Whether there are enough votes to show the figure without a warning."""
        return len(self.votes) >= ENOUGH


def satisfied(cohort: Cohort, answers: Iterable[Answer]) -> Split:
    """Cases whose person gave a 4 or 5 ÷ those with a score by the data date; the others are left out (A13, F63).

    An answer is about the case of this number.
    """
    given = Satisfaction.of(answer for answer in answers if answer.at <= cohort.at).votes
    pleased = {vote.about: vote.pleased for vote in sorted(given, key=lambda vote: vote.at)}
    numbers = [life.number for life in cohort.lives]
    return Split(
        counted=tuple(number for number in numbers if pleased.get(number) is True),
        rest=tuple(number for number in numbers if pleased.get(number) is False),
        left_out=tuple(number for number in numbers if number not in pleased),
    )


def positive_share(answers: Iterable[Answer]) -> Figure:
    """Positive ÷ all feedback, one vote for each person and case or visit; neutral is not positive (A13, F05)."""
    voted = votes(answers)
    return Figure(sum(vote.pleased for vote in voted), len(voted))
