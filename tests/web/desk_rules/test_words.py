"""A figure in one sentence, for those who hear the page."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils.translation import override

from clubassist.domain.insight.queries import MeasureFigure
from clubassist.domain.insight.rules import State, judge
from clubassist.pure.figures import Outcome, attainment
from clubassist.pure.policy import shipped_pack
from clubassist.web.desk.rules.words import aloud


def figure(met: int, late: int, *, withheld: bool = False) -> MeasureFigure:
    """A figure against a goal of 98 %."""
    measure = next(each for each in shipped_pack("common").measures if each.id == "complaint-first-response")
    counts = Counter({Outcome.MET: met, Outcome.LATE: late})
    measure = measure.model_copy(update={"at_least": 98})
    state = State.WITHHELD if withheld else judge(attainment(met, late), measure)
    return MeasureFigure(measure, counts, state, late > 0, withheld)


@pytest.mark.parametrize(
    ("shown", "english", "chinese"),
    [
        (figure(49, 1), "98% (49/50), goal ≥ 98%, Met", "98%（49/50），目标 ≥ 98%，达标"),
        (figure(48, 2), "96% (48/50), goal ≥ 98%, Near", "96%（48/50），目标 ≥ 98%，接近"),
        (figure(1, 1), "50% (1/2), goal ≥ 98%, Not met", "50%（1/2），目标 ≥ 98%，未达标"),
        (figure(0, 0), "No sample this month, goal ≥ 98%", "本期无样本，目标 ≥ 98%"),
        (figure(0, 0, withheld=True), "Withheld, goal ≥ 98%", "不显示，目标 ≥ 98%"),
    ],
)
def test_a_figure_is_one_sentence_with_what_it_rests_on(
    shown: MeasureFigure, english: str, chinese: str
) -> None:
    with override("en"):
        assert aloud(shown) == english
    with override("zh-hans"):
        assert aloud(shown) == chinese
