"""Attainment with the pauses that the rules allow, and as if no clock had ever stood still (A06, B90)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clubassist.core.actor import SYSTEM, Actor
from clubassist.domain.cases.actions import pause_clock, resume_clock
from clubassist.domain.cases.clocks import calendar_of, solution_goes_on
from clubassist.domain.cases.models import Case, Clock, Pause
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Club
from clubassist.domain.insight.actions import freeze_month
from clubassist.domain.insight.behind import Question, clause_cases
from clubassist.domain.insight.queries import MeasureFigure, clause_board
from clubassist.domain.insight.tallies import GROSS
from clubassist.domain.people.queries import staff_actor
from clubassist.pure.figures import Outcome, Promise, Release, attained
from clubassist.pure.policy import Pack, shipped_pack
from clubassist.pure.worktime import Interval
from tests.domain.insight.cohorts import LATER, MID_MONTH, NOVEMBER, book_of, figure_of, row_of
from tests.makers.cases import make_case
from tests.makers.people import make_account

HOUR = timedelta(hours=1)
SOLUTION = "complaint-solution"


def paused_case(
    club: Club, actor: Actor, *, begins: float = 10, ends: float | None = 20, met: float | None = None
) -> Case:
    """Open a complaint whose solution stands still between these hours after receipt, and is kept after so many."""
    case = make_case(club, at=MID_MONTH)
    clock = solution(case)
    evidence = "等会员补收据"
    at = MID_MONTH + timedelta(hours=begins)
    pause_clock(clock=clock, reason="member", evidence=evidence, actor=actor, at=at)
    if ends is not None:
        resume_clock(clock=solution(case), actor=actor, at=MID_MONTH + timedelta(hours=ends))
    if met is not None:
        Clock.objects.filter(pk=clock.pk).update(met_at=MID_MONTH + timedelta(hours=met), next_alarm_at=None)
    return case


def solution(case: Case) -> Clock:
    """Return the clock of the solution as it is now."""
    return Clock.objects.select_related("case__club").get(case=case, promise="solution")


def figure(club: Club, actor: Actor) -> MeasureFigure:
    """Return how the promise of a solution stands."""
    return figure_of(row_of("F03", club, actor=actor), SOLUTION)


@pytest.mark.req("B90", "A06")
def test_what_is_in_time_but_for_its_pause_is_met_net_and_late_gross(club: Club, cy: Actor) -> None:
    paused_case(club, cy, met=30)
    shown = figure(club, cy)
    assert (shown.figure.numerator, shown.figure.denominator) == (1, 1)
    assert (shown.gross_figure.numerator, shown.gross_figure.denominator) == (0, 1)
    assert shown.state == "met"


@pytest.mark.req("B90", "A06")
@pytest.mark.parametrize(
    ("met", "net", "gross"),
    [
        (23, Outcome.MET, Outcome.MET),
        (24, Outcome.MET, Outcome.MET),
        (34, Outcome.MET, Outcome.LATE),
        (34.01, Outcome.LATE, Outcome.LATE),
    ],
)
def test_both_limits_are_kept_to_the_hair(
    club: Club, cy: Actor, met: float, net: Outcome, gross: Outcome
) -> None:
    paused_case(club, cy, met=met)
    shown = figure(club, cy)
    assert (dict(shown.counts), dict(shown.gross)) == ({net: 1}, {gross: 1})


@pytest.mark.req("B90")
def test_a_clock_that_still_stands_is_pending_net_and_late_gross_once_its_first_time_is_over(
    club: Club, cy: Actor
) -> None:
    paused_case(club, cy, ends=None)
    shown = figure(club, cy)
    assert (dict(shown.counts), dict(shown.gross)) == ({Outcome.PENDING: 1}, {Outcome.LATE: 1})
    assert shown.figure.value is None
    assert shown.gross_figure.value == 0


@pytest.mark.req("B90", "A06")
def test_it_is_what_the_promises_themselves_say(club: Club, cy: Actor) -> None:
    """By opening hours too, with several pauses: against the arithmetic that knows no database."""
    document = shipped_pack("common").document()
    document["version"] = "2026.9"
    for row in document["deadlines"]:
        if row["id"] == "complaint-solution":
            row |= {"target": "6 h", "calendar": "opening"}
    version = store_pack(pack=Pack.from_document(document), actor=SYSTEM, at=MID_MONTH)
    adopt_pack(club=club, version=version, effective_from=MID_MONTH, actor=SYSTEM, at=MID_MONTH)
    for begins, ends, met in ((1, 3, 5), (1, 3, 7), (1, 3, 9), (1, 20, 23), (1, 3, None), (2, None, None)):
        paused_case(club, cy, begins=begins, ends=ends, met=met)
    clocks = Clock.objects.filter(promise="solution").select_related("case__club")
    promises = [
        Promise(
            str(clock.pk),
            calendar_of(clock),
            clock.started_at,
            clock.target,
            clock.met_at,
            clock.stopped_at,
            tuple(
                Interval(pause.paused_at, pause.resumed_at or LATER + timedelta(days=900))
                for pause in Pause.objects.filter(clock=clock)
            ),
        )
        for clock in clocks
    ]
    expected = attained(promises, LATER)
    shown = figure(club, cy)
    assert shown.gross_figure == expected.without_pauses.figure
    assert shown.figure == expected.with_pauses.figure
    assert shown.gross_figure != shown.figure


@pytest.mark.req("B90", "F63")
def test_the_rows_behind_the_gross_figure_are_those_it_counts_live_and_frozen(club: Club, cy: Actor) -> None:
    late = paused_case(club, cy, met=30)
    kept = paused_case(club, cy, met=20)
    december_20 = LATER + timedelta(days=10)
    for frozen in (False, True):
        if frozen:
            freeze_month(club=club, month=NOVEMBER, release=Release.PROVISIONAL, actor=SYSTEM, at=december_20)
        book = book_of(club)
        shown = figure_of(row_of("F03", club, actor=cy, at=december_20), SOLUTION)
        found = {}
        for part in GROSS:
            asked = Question("F03", shown.measure, part, book, [club], NOVEMBER, cy, december_20)
            found[part] = [row.number for row in clause_cases(asked)[0]]
            assert len(found[part]) == shown.count_of(part)
        assert found == {"gross_late": [late.number], "gross_met": [kept.number]}


@pytest.mark.req("F25")
def test_a_small_count_of_the_gross_figure_withholds_both(club: Club, cy: Actor) -> None:
    for _ in range(9):
        paused_case(club, cy, met=20)
    boss = staff_actor(make_account("boss", "management", club))
    assert not figure(club, boss).withheld
    paused_case(club, cy, met=30)
    shown = figure(club, boss)
    assert (shown.withheld, shown.gross_figure.value, sum(shown.gross.values())) == (True, None, 0)


@pytest.mark.req("B90", "F52")
def test_a_solution_taken_up_again_has_a_gross_time_of_its_own(club: Club, cy: Actor) -> None:
    case = paused_case(club, cy, met=20)
    solution_goes_on(case, at=MID_MONTH + 40 * HOUR)
    going_on = Clock.objects.filter(case=case, promise="solution").latest("pk")
    assert going_on.gross_due_at == going_on.due_at == MID_MONTH + 54 * HOUR


def test_the_board_takes_no_statement_more(club: Club, cy: Actor, django_assert_num_queries: object) -> None:
    paused_case(club, cy, met=30)
    book = book_of(club)
    with django_assert_num_queries(3):  # type: ignore[operator]
        clause_board(book=book, clubs=[club], month=NOVEMBER, actor=cy, at=LATER)
