"""The mean time to solve a complaint: net of its pauses, gross beside it, open ones with their time so far."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from clubassist.core.actor import SYSTEM, Actor
from clubassist.domain.cases.actions import pause_clock, resolve, resume_clock
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.club.models import Club
from clubassist.domain.insight.actions import freeze_month
from clubassist.domain.insight.queries import MeasureFigure
from clubassist.domain.people.models import Account
from clubassist.pure.figures import Release
from tests.domain.insight.cohorts import LATER, MID_MONTH, NOVEMBER, figure_of, row_of
from tests.makers.cases import make_case
from tests.web.desk_rules.conftest import NOW, Read
from tests.web.desk_rules.test_measures import table

HOUR = timedelta(hours=1)
TIME = "complaint-resolution-time"


def solved_case(club: Club, actor: Actor, *, after: int, paused: tuple[int, int] | None = None) -> Case:
    """Solve a complaint so many hours after receipt; its solution's clock stood still between these hours."""
    case = make_case(club, at=MID_MONTH)
    if paused is not None:
        begun, ended = (MID_MONTH + hours * HOUR for hours in paused)
        clock = Clock.objects.get(case=case, promise="solution")
        pause_clock(clock=clock, reason="member", evidence="等收据", actor=actor, at=begun)
        clock = Clock.objects.select_related("case__club").get(pk=clock.pk)
        resume_clock(clock=clock, actor=actor, at=ended)
        case.refresh_from_db()
    at = MID_MONTH + after * HOUR
    resolve(case=case, resolution="solved", text="好了。", reason="当场", actor=actor, at=at)
    return case


def figure(club: Club, actor: Actor) -> MeasureFigure:
    """Return the figure late in November."""
    return figure_of(row_of("F63", club, actor=actor), TIME)


@pytest.mark.req("F63", "B90")
def test_the_mean_leaves_pauses_out_and_keeps_them_beside_it(club: Club, cy: Actor) -> None:
    solved_case(club, cy, after=30, paused=(5, 15))
    solved_case(club, cy, after=10)
    waits = figure(club, cy).waits
    assert waits is not None
    assert (waits.mean, waits.gross_mean) == (15 * HOUR, 20 * HOUR)
    assert (waits.median, waits.p90) == (10 * HOUR, 20 * HOUR)
    shown = figure(club, cy)
    assert shown.value == 15
    assert shown.gross_value == 20


@pytest.mark.req("F63")
def test_an_open_case_counts_with_its_time_so_far_and_misses_the_goal(club: Club, cy: Actor) -> None:
    solved_case(club, cy, after=10)
    make_case(club, at=LATER - 200 * HOUR)
    shown = figure(club, cy)
    assert shown.waits is not None
    assert (shown.waits.mean, shown.waits.open, shown.state) == (105 * HOUR, 1, "missed")


@pytest.mark.req("F63", "B90")
@pytest.mark.parametrize("clause", ["F63", "B90"])
def test_the_page_says_both_and_its_rows_tell_the_pause(
    club: Club, cy: Actor, cy_account: Account, read: Read, clause: str
) -> None:
    case = solved_case(club, cy, after=30, paused=(5, 15))
    page = f"/rules/{clause}/?measure={TIME}&outcome=ended"
    html = read(cy_account, page)
    for words in ("20:00 h", "Pauses counted as waiting: 30:00 h", "≤ 72 h", "Solved<small>1</small>"):
        assert words in html
    assert '<td data-label="Minutes paused" class="sa-num">600</td>' in html
    assert "暂停也算等待时：30:00 小时" in read(cy_account, page, lang="zh")
    row = table(cy_account, f"/rules/{clause}/rows.csv?measure={TIME}&outcome=ended").splitlines()[1]
    assert re.match(rf"{case.number},.*,600$", row)
    for board in ("/rules/", "/rules/goals/"):
        assert "Pauses counted as waiting: 30:00 h" in read(cy_account, board)


@pytest.mark.req("F63")
def test_a_frozen_month_keeps_what_was_paused(club: Club, cy: Actor) -> None:
    solved_case(club, cy, after=30, paused=(5, 15))
    december = NOW + timedelta(days=10)
    live = figure(club, cy)
    freeze_month(club=club, month=NOVEMBER, release=Release.PROVISIONAL, actor=SYSTEM, at=december)
    kept = figure_of(row_of("F63", club, actor=cy, at=december), TIME)
    assert kept.spread == live.spread
    assert kept.gross_value == 30
