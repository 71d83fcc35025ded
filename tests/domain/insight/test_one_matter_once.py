"""What stands still is not late, and what was replaced or merged counts once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import ask_complex, decide_complex, merge_cases, pause_clock, reclassify
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.club.models import Club
from clubassist.domain.insight.behind import Question, all_cases
from clubassist.domain.insight.queries import measures_of
from clubassist.domain.members.models import Person
from tests.domain.insight.cohorts import LATER, MID_MONTH, NOVEMBER, book_of, counts, figure_of, row_of
from tests.makers.cases import make_case

SOLUTION = "complaint-solution"
URGENT = "complaint-first-response-urgent"
HOUR = timedelta(hours=1)


def in_november(club: Club, person: Person) -> Case:
    return make_case(club, at=MID_MONTH, subject=person)


@pytest.mark.req("B90")
def test_a_clock_that_stands_still_is_not_late(club: Club, ann_person: Person, bo: Actor, cy: Actor) -> None:
    clock = in_november(club, ann_person).clocks.get(promise="solution")
    assert counts(figure_of(row_of("F03", club, actor=cy), SOLUTION)) == {"late": 1}
    pause_clock(clock=clock, reason="part", evidence="订单 12", actor=bo, at=MID_MONTH + HOUR)
    assert counts(figure_of(row_of("F03", club, actor=cy), SOLUTION)) == {"pending": 1}


@pytest.mark.req("F20")
def test_a_merged_matter_counts_once(club: Club, ann_person: Person, bo: Actor, cy: Actor) -> None:
    case, twin = (in_november(club, ann_person) for _ in range(2))
    assert counts(figure_of(row_of("F03", club, actor=cy), SOLUTION)) == {"late": 2}
    merge_cases(case=twin, into=case, actor=bo, at=MID_MONTH + HOUR)
    assert counts(figure_of(row_of("F03", club, actor=cy), SOLUTION)) == {"late": 1}


@pytest.mark.req("F50")
def test_the_ordinary_limit_of_a_complex_case_counts_nowhere(
    club: Club, ann_person: Person, bo: Actor, cy: Actor
) -> None:
    case = in_november(club, ann_person)
    request = ask_complex(case=case, reason="要等厂家鉴定。", actor=bo, at=MID_MONTH + 30 * HOUR)
    decide_complex(request=request, approve=True, actor=cy, at=MID_MONTH + 30 * HOUR)
    Clock.objects.running().filter(case=case, promise="solution").update(met_at=MID_MONTH + 70 * HOUR)
    figures = [counts(figure) for figure in row_of("F50", club, actor=cy).figures]
    assert {"met": 1} in figures
    assert all("late" not in one for one in figures)


@pytest.mark.req("F14", "B19")
def test_a_late_clock_stays_late_under_the_urgency_it_started_with(
    club: Club, ann_person: Person, cy: Actor
) -> None:
    case = make_case(club, at=MID_MONTH, subject=ann_person, urgency="urgent")
    assert counts(figure_of(row_of("F14", club, actor=cy), URGENT)) == {"late": 1}
    later = MID_MONTH + 30 * HOUR
    reclassify(case=case, kind="complaint.venue", urgency="normal", reason="不急", actor=cy, at=later)
    figure = figure_of(row_of("F14", club, actor=cy), URGENT)
    assert counts(figure) == {"late": 1}
    (urgent,) = (measure for measure in measures_of("F14", book_of(club)) if measure.id == URGENT)
    asked = Question("F14", urgent, "late", book_of(club), [club], NOVEMBER, cy, LATER)
    assert [row.number for row in all_cases(asked)] == [case.number]


@pytest.mark.req("F50")
def test_the_limit_of_a_complex_case_counts_as_complex(
    club: Club, ann_person: Person, bo: Actor, cy: Actor
) -> None:
    case = in_november(club, ann_person)
    request = ask_complex(case=case, reason="要等厂家鉴定。", actor=bo, at=MID_MONTH + HOUR)
    decide_complex(request=request, approve=True, actor=cy, at=MID_MONTH + 2 * HOUR)
    told = case.clocks.filter(replaced_by=None, promise__in=["first_response", "solution"])
    sorts = set(told.values_list("promise", "complexity"))
    assert sorts == {("first_response", "ordinary"), ("solution", "complex")}
