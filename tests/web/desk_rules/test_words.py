"""A figure in one sentence, for those who hear the page."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils.translation import override

from clubassist.domain.insight.queries import MeasureFigure
from clubassist.pure.figures import Outcome
from clubassist.pure.policy import shipped_pack
from clubassist.web.desk.rules.words import aloud

MET_OR_LATE = frozenset({Outcome.MET, Outcome.LATE})


def figure(met: int, late: int, *, withheld: frozenset[Outcome] = frozenset()) -> MeasureFigure:
    """A figure against a goal of 98 %."""
    measure = next(each for each in shipped_pack("common").measures if each.id == "complaint-first-response")
    counts = Counter({Outcome.MET: met, Outcome.LATE: late})
    return MeasureFigure(measure.model_copy(update={"at_least": 98}), counts, late, withheld)


@pytest.mark.parametrize(
    ("shown", "english", "chinese"),
    [
        (figure(49, 1), "98% (49/50), goal ≥ 98%, Met", "98%（49/50），目标 ≥ 98%，达标"),
        (figure(48, 2), "96% (48/50), goal ≥ 98%, Near", "96%（48/50），目标 ≥ 98%，接近"),
        (figure(1, 1), "50% (1/2), goal ≥ 98%, Not met", "50%（1/2），目标 ≥ 98%，未达标"),
        (figure(0, 0), "No sample this month, goal ≥ 98%", "本期无样本，目标 ≥ 98%"),
        (figure(0, 0, withheld=MET_OR_LATE), "Fewer than 5, goal ≥ 98%", "少于 5，目标 ≥ 98%"),
    ],
)
def test_a_figure_is_one_sentence_with_what_it_rests_on(
    shown: MeasureFigure, english: str, chinese: str
) -> None:
    with override("en"):
        assert aloud(shown) == english
    with override("zh-hans"):
        assert aloud(shown) == chinese
