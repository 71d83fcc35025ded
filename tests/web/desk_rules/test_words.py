"""A figure in one sentence, for those who hear the page."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from fractions import Fraction

import pytest
from django.utils.translation import override

from clubassist.domain.insight.queries import MeasureFigure
from clubassist.domain.insight.rules import State, judge
from clubassist.pure.figures import Outcome, Spread, Wait
from clubassist.pure.policy import shipped_pack
from clubassist.web.desk.rules.figure_words import aloud, hours, value

HOUR = timedelta(hours=1)


def figure(met: int, late: int, *, withheld: bool = False) -> MeasureFigure:
    """A figure against a goal of 98 %."""
    measure = next(each for each in shipped_pack("common").measures if each.id == "complaint-first-response")
    counts: Counter[str] = Counter({Outcome.MET: met, Outcome.LATE: late})
    measure = measure.model_copy(update={"at_least": 98})
    share = Fraction(met * 100, met + late) if met + late else None
    state = State.WITHHELD if withheld else judge(share, measure)
    return MeasureFigure(measure, counts, counts, Spread(), state, late > 0, withheld)


def mean(*waits: timedelta, still_open: int = 0) -> MeasureFigure:
    """A mean time against a goal of 12 h, of which the last so many still go on."""
    measure = next(each for each in shipped_pack("common").measures if each.id == "response-time")
    ended = len(waits) - still_open
    spread = Spread.of(Wait(str(n), length, ended=n < ended) for n, length in enumerate(waits))
    goal = Fraction(spread.total // timedelta.resolution, spread.n * (HOUR // timedelta.resolution))
    counts = Counter({"ended": ended, "still_open": still_open})
    return MeasureFigure(
        measure, counts, Counter(), spread, judge(goal, measure), broken=False, withheld=False
    )


@pytest.mark.parametrize(
    ("shown", "english", "chinese"),
    [
        (figure(49, 1), "98% (49/50), goal ≥ 98%, Met", "98%（49/50），目标 ≥ 98%，达标"),
        (figure(48, 2), "96% (48/50), goal ≥ 98%, Near", "96%（48/50），目标 ≥ 98%，接近"),
        (figure(1, 1), "50% (1/2), goal ≥ 98%, Not met", "50%（1/2），目标 ≥ 98%，未达标"),
        (figure(0, 0), "No sample this month, goal ≥ 98%", "本期无样本，目标 ≥ 98%"),
        (figure(0, 0, withheld=True), "Withheld, goal ≥ 98%", "不显示，目标 ≥ 98%"),
        (
            mean(12 * HOUR, 12 * HOUR),
            "12:00 h (2 cases), goal ≤ 12 h, Met",
            "12:00 小时（2 件），目标 ≤ 12 小时，达标",
        ),
        (
            mean(11 * HOUR, 14 * HOUR, still_open=1),
            "≥ 12:30 h (2 cases), goal ≤ 12 h, Goal not reached",
            "≥ 12:30 小时（2 件），目标 ≤ 12 小时，未达目标",
        ),
    ],
)
def test_a_figure_is_one_sentence_with_what_it_rests_on(
    shown: MeasureFigure, english: str, chinese: str
) -> None:
    with override("en"):
        assert aloud(shown) == english
    with override("zh-hans"):
        assert aloud(shown) == chinese


@pytest.mark.req("F21")
def test_a_mean_that_is_over_by_a_second_never_looks_kept() -> None:
    with override("en"):
        assert hours(12 * HOUR + timedelta(seconds=1)) == "12:01 h"
        assert value(mean(100 * HOUR)) == "100:00 h"
