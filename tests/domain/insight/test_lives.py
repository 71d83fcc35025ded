"""What figures know of a case is what the actions wrote."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import (
    decline_offer,
    log_follow_up,
    member_confirms,
    member_objects,
    merge_cases,
    pause_clock,
    reply,
    resolve,
    resume_clock,
    tell_routes,
    withdraw_offer,
)
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.club.models import Club
from clubassist.domain.insight.lives import Lived, lives
from clubassist.domain.members.models import Person
from clubassist.pure.figures import Turn
from clubassist.pure.worktime import Interval
from tests.makers.cases import make_case, offer_one, solve, work_up_to

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def lived(case: Case) -> Lived:
    """Return the life of a case."""
    (found,) = lives(Case.objects.filter(pk=case.pk))
    return found


@pytest.fixture
def case(club: Club, ann_person: Person, at: datetime) -> Case:
    """Ann's complaint."""
    return make_case(club, at=at, subject=ann_person)


def told_solved(case: Case, actor: Actor, at: datetime) -> Case:
    """Tell the member that it is solved, without the steps before."""
    case.refresh_from_db()
    return resolve(case=case, resolution="solved", text="修好了。", reason="当场解决", actor=actor, at=at)


def test_a_new_case_waits_for_everything(case: Case, club: Club, at: datetime) -> None:
    found = lived(case)
    assert found[:6] == (case.pk, club.pk, "complaint.venue", "normal", "ordinary", False)
    life = found.life
    assert (life.number, life.received_at, life.awaited) == (case.number, at, True)
    assert (life.responded_at, life.proposed_at, life.turns, life.pauses) == (None, None, (), ())
    assert found.answers == ()


@pytest.mark.req("A07", "A01")
def test_the_first_answer_is_a_persons_and_the_first_solution_an_offer(
    case: Case, bo: Actor, at: datetime
) -> None:
    reply(case=case, text="在查。", actor=bo, at=at + HOUR)
    reply(case=case, text="还在查。", actor=bo, at=at + 2 * HOUR)
    work_up_to(case, "propose", actor=bo, at=at + 3 * HOUR)
    offer_one(case, actor=bo, at=at + 4 * HOUR)
    life = lived(case).life
    assert (life.responded_at, life.proposed_at) == (at + HOUR, at + 4 * HOUR)


def test_what_is_solved_at_once_was_a_solution_too(case: Case, cy: Actor, at: datetime) -> None:
    told_solved(case, cy, at + HOUR)
    life = lived(case).life
    assert (life.responded_at, life.proposed_at) == (at + HOUR, at + HOUR)
    assert life.turns == ((at + HOUR, Turn.RESOLVED),)


@pytest.mark.req("A08", "B27")
def test_an_end_without_agreement_is_a_turn_of_its_own(
    case: Case, bo: Actor, cy: Actor, at: datetime
) -> None:
    work_up_to(case, "propose", actor=bo, at=at)
    offer = offer_one(case, actor=bo, at=at)
    decline_offer(offer=offer, words="不够。", channel="phone", actor=bo, at=at + HOUR)
    case.refresh_from_db()
    tell_routes(case=case, actor=cy, at=at + HOUR)
    case.refresh_from_db()
    resolve(
        case=case, resolution="not_agreed", text="未达成一致。", reason="不再谈", actor=cy, at=at + 2 * HOUR
    )
    assert lived(case).life.turns == ((at + 2 * HOUR, Turn.NOT_AGREED),)


@pytest.mark.req("F52", "A05")
def test_calls_tell_who_was_not_reached_and_who_agreed(
    case: Case, ann: Actor, cy: Actor, at: datetime
) -> None:
    told_solved(case, cy, at)
    first = case.follow_ups.order_by("opens_at")[0]
    for day, outcome in ((3, "not_reached"), (4, "left_message")):
        log_follow_up(follow_up=first, outcome=outcome, text="请回电。", actor=cy, at=at + day * DAY)
    log_follow_up(follow_up=first, outcome="no_objection", actor=cy, at=at + 12 * DAY)
    member_confirms(case=case, score=4, actor=ann, at=at + 30 * DAY)
    found = lived(case)
    assert found.life.turns == (
        (at, Turn.RESOLVED),
        (at + 3 * DAY, Turn.UNREACHED),
        (at + 4 * DAY, Turn.UNREACHED),
        (at + 30 * DAY, Turn.CONFIRMED),
    )
    assert [(answer.score, answer.at) for answer in found.answers] == [(4, at + 30 * DAY)]


@pytest.mark.req("F52")
def test_every_solution_and_reopening_is_known_though_the_row_keeps_the_last(
    case: Case, ann: Actor, cy: Actor, at: datetime
) -> None:
    told_solved(case, cy, at + HOUR)
    member_objects(case=case, text="没好。", actor=ann, at=at + 2 * HOUR)
    told_solved(case, cy, at + 3 * HOUR)
    member_objects(case=case, text="还没好。", actor=ann, at=at + 4 * HOUR)
    life = lived(case).life
    assert [turn for _, turn in life.turns] == [
        Turn.RESOLVED,
        Turn.REOPENED,
        Turn.RESOLVED,
        Turn.REOPENED,
    ]
    assert [moment - at for moment, _ in life.turns] == [HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR]
    assert (life.responded_at, life.proposed_at) == (at + HOUR, at + HOUR)


@pytest.mark.req("B90")
def test_pauses_of_the_solution_are_known_and_an_open_one_has_no_end(
    case: Case, bo: Actor, at: datetime
) -> None:
    clock = case.clocks.get(promise="solution")
    pause_clock(clock=clock, reason="part", evidence="订单 12", actor=bo, at=at + HOUR)
    (pause,) = lived(case).life.pauses
    assert pause.start == at + HOUR
    assert pause.end.year == 9999
    resume_clock(clock=clock, actor=bo, at=at + 2 * HOUR)
    assert lived(case).life.pauses == (Interval(at + HOUR, at + 2 * HOUR),)


@pytest.mark.req("F20")
def test_what_goes_on_has_the_earliest_receipt_and_answer_of_one_matter(
    case: Case, club: Club, ann_person: Person, bo: Actor, at: datetime
) -> None:
    twin = make_case(club, at=at + HOUR, subject=ann_person)
    reply(case=case, text="在查。", actor=bo, at=at + 2 * HOUR)
    merge_cases(case=case, into=twin, actor=bo, at=at + 3 * HOUR)
    life = lived(twin).life
    assert (life.received_at, life.responded_at) == (at, at + 2 * HOUR)


@pytest.mark.parametrize("answer", ["declined", "withdrawn"])
def test_an_offer_before_the_merge_is_the_matters_first_solution(
    case: Case, club: Club, ann_person: Person, bo: Actor, at: datetime, answer: str
) -> None:
    twin = make_case(club, at=at, subject=ann_person)
    offer = offer_one(work_up_to(case, "propose", actor=bo, at=at + HOUR), actor=bo, at=at + HOUR)
    if answer == "declined":
        decline_offer(offer=offer, words="不够", channel="phone", actor=bo, at=at + 2 * HOUR)
    else:
        withdraw_offer(offer=offer, reason="写错了", actor=bo, at=at + 2 * HOUR)
    merge_cases(case=case, into=twin, actor=bo, at=at + 3 * HOUR)
    assert lived(twin).life.proposed_at == (at + HOUR if answer == "declined" else None)


def test_lives_cost_two_statements_and_a_third_where_one_was_opened_again(
    case: Case,
    club: Club,
    ann_person: Person,
    ann: Actor,
    bo: Actor,
    cy: Actor,
    at: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    solve(case, actor=bo, at=at)
    for _ in range(2):
        told_solved(make_case(club, at=at, subject=ann_person), cy, at)
    with django_assert_num_queries(2):
        assert len(lives(Case.objects.all())) == 3
    member_objects(case=case, text="没好。", actor=ann, at=at + HOUR)
    with django_assert_num_queries(3):
        lives(Case.objects.all())


def test_a_reply_dated_before_the_receipt_counts_from_the_receipt(
    case: Case, bo: Actor, at: datetime
) -> None:
    reply(case=case, text="您好", actor=bo, at=at + HOUR)
    Clock.objects.filter(case=case, promise="first_response").update(met_at=at - HOUR)
    assert lived(case).life.responded_at == at
