"""Follow-up calls, the member's own word, and the same case opened again with its clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from clubassist.core import jobs
from clubassist.core.actor import ANONYMOUS, Actor
from clubassist.core.models import Entry
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import (
    ask_complex,
    assign,
    close,
    decide_complex,
    decline_offer,
    log_follow_up,
    member_confirms,
    member_objects,
    reply,
    resolve,
    tell_routes,
)
from clubassist.domain.cases.auditor import audit
from clubassist.domain.cases.models import Case, Clock, FollowUp, Stage, State
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.channels.models import Message, StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account
from tests.makers.cases import make_case, offer_one, ready_to_close, solve, work_up_to

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def solved(club: Club, bo: Actor, ann_person: Person, at: datetime) -> Case:
    """Ann's complaint, received at `at` and solved ten hours later."""
    case = make_case(club, at=at, subject=ann_person)
    return solve(case, actor=bo, at=at + 10 * HOUR)


def call(case: Case, promise: str = "call_back_3") -> FollowUp:
    return FollowUp.objects.filter(case=case, promise=promise).latest("pk")


@pytest.mark.req("F52")
def test_calls_are_owed_on_day_3_and_day_30_after_the_solution(solved: Case, at: datetime) -> None:
    solution = at + 10 * HOUR
    rows = FollowUp.objects.filter(case=solved).order_by("opens_at")
    assert [row.opens_at for row in rows] == [solution + 3 * DAY, solution + 30 * DAY]
    clocks = solved.clocks.filter(promise__startswith="call_back").order_by("due_at")
    assert [(c.started_at, c.due_at) for c in clocks] == [
        (solution + 3 * DAY, solution + 5 * DAY),
        (solution + 30 * DAY, solution + 32 * DAY),
    ]
    assert not FollowUp.objects.to_call(solution + 3 * DAY - HOUR).exists()
    assert list(FollowUp.objects.to_call(solution + 3 * DAY)) == [rows[0]]


@pytest.mark.req("F52")
def test_a_call_that_hears_solved_keeps_its_promise(solved: Case, bo: Actor, at: datetime) -> None:
    when = at + 4 * DAY
    log_follow_up(follow_up=call(solved), outcome="solved", score=4, text="好多了。", actor=bo, at=when)
    row = call(solved)
    assert (row.outcome, row.score, row.ended_at) == ("solved", 4, when)
    assert solved.clocks.get(promise="call_back_3").met_at == when
    assert Message.objects.filter(
        conversation=solved.conversation, direction="call", body="好多了。"
    ).exists()
    with pytest.raises(Conflict, match="follow-up-ended"):
        log_follow_up(follow_up=row, outcome="solved", score=4, text="再打一次。", actor=bo, at=when)


@pytest.mark.req("F52")
@pytest.mark.parametrize("outcome", ["solved", "not_reached", "left_message", "no_objection"])
def test_before_its_day_a_call_proves_nothing(solved: Case, bo: Actor, at: datetime, outcome: str) -> None:
    early = call(solved).opens_at - HOUR
    with pytest.raises(Refused) as refused:
        log_follow_up(follow_up=call(solved), outcome=outcome, score=5, text="好了。", actor=bo, at=early)
    assert (refused.value.code, refused.value.field) == ("call-too-early", "outcome")
    assert not call(solved).tries.exists()


@pytest.mark.req("F52")
def test_not_solved_is_heard_on_any_day(solved: Case, bo: Actor, at: datetime) -> None:
    log_follow_up(follow_up=call(solved), outcome="not_solved", score=1, text="没好。", actor=bo, at=at + DAY)
    assert Case.objects.get(pk=solved.pk).reopened == 1


@pytest.mark.req("A05")
@pytest.mark.req("F52")
def test_two_tries_and_seven_silent_days_may_end_without_objection(
    solved: Case, bo: Actor, at: datetime
) -> None:
    row = call(solved)
    log_follow_up(follow_up=row, outcome="not_reached", actor=bo, at=at + 4 * DAY)
    with pytest.raises(Refused) as refused:
        log_follow_up(follow_up=row, outcome="no_objection", actor=bo, at=at + 4 * DAY)
    assert refused.value.code == "too-few-tries"
    second = at + 4 * DAY + HOUR
    log_follow_up(follow_up=row, outcome="left_message", text="请回电。", actor=bo, at=second)
    assert solved.clocks.get(promise="call_back_3").met_at == second
    with pytest.raises(Refused) as refused:
        log_follow_up(follow_up=row, outcome="no_objection", actor=bo, at=second + 7 * DAY - HOUR)
    assert refused.value.code == "objection-possible"
    assert "2026-12-02 13:00" in str(refused.value.mend)
    log_follow_up(follow_up=row, outcome="no_objection", actor=bo, at=second + 7 * DAY)
    row.refresh_from_db()
    assert (row.outcome, row.second_try_at, row.tries.count()) == ("no_objection", second, 2)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"outcome": "maybe"}, "outcome-unknown", "outcome"),
        ({"outcome": "solved", "text": "好了"}, "score-missing", "score"),
        ({"outcome": "solved", "score": 6, "text": "好了"}, "score-unknown", "score"),
        ({"outcome": "solved", "score": 5}, "text-missing", "text"),
        ({"outcome": "left_message", "text": "长" * 10_001}, "text-too-long", "text"),
        ({"outcome": "left_message", "text": " "}, "text-missing", "text"),
    ],
)
def test_log_follow_up_refuses_at_the_field(
    solved: Case, bo: Actor, at: datetime, given: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        log_follow_up(follow_up=call(solved), actor=bo, at=at + 4 * DAY, **given)  # type: ignore[arg-type]  # wrong on purpose
    assert (refused.value.code, refused.value.field) == (code, field)
    assert call(solved).ended_at is None


def test_log_follow_up_refuses_a_stranger(solved: Case, dee: Actor, at: datetime) -> None:
    with pytest.raises(Missing):
        log_follow_up(follow_up=call(solved), outcome="not_reached", actor=dee, at=at)


@pytest.mark.req("F52")
def test_not_solved_opens_the_same_case_again_and_its_solution_clock_goes_on(
    solved: Case, bo: Actor, at: datetime
) -> None:
    first = solved.clocks.get(promise="solution")
    response = solved.clocks.get(promise="first_response")
    when = at + 4 * DAY
    log_follow_up(follow_up=call(solved), outcome="not_solved", score=1, text="又翘了。", actor=bo, at=when)
    case = Case.objects.get(pk=solved.pk)
    assert (case.number, case.state, case.stage, case.reopened) == (solved.number, State.OPEN, "propose", 1)
    assert (case.resolved_at, case.resolution) == (None, "")
    assert case.first_resolved_at == at + 10 * HOUR
    first.refresh_from_db()
    assert (first.met_at, first.stopped_at) == (None, at + 10 * HOUR)
    going_on = case.clocks.get(promise="solution", stopped_at__isnull=True)
    assert going_on.due_at == when + 14 * HOUR, "10 of 24 hours were used when it was solved"
    assert case.next_due_at == going_on.due_at
    kept = response.met_at
    response.refresh_from_db()
    assert response.met_at == kept
    assert not FollowUp.objects.open().filter(case=case).exists()
    assert [row.code for row in Stage.objects.filter(case=case, left_at__isnull=True)] == ["propose"]


@pytest.mark.req("F52")
def test_a_solution_that_was_late_stays_late_and_rings_on(club: Club, bo: Actor, at: datetime) -> None:
    for hour in range(30):
        raise_due_alarms(at + hour * HOUR)
    case = make_case(club, at=at)
    solve(case, actor=bo, at=at + 30 * HOUR)
    raise_due_alarms(at + 30 * HOUR)
    member = ANONYMOUS.holding("case", str(case.pk))
    member_objects(case=case, text="没好", actor=member, at=at + 31 * HOUR)
    clock = case.clocks.get(promise="solution")
    assert (clock.running, clock.due_at) == (True, at + 24 * HOUR)
    for hour in range(31, 40):
        raise_due_alarms(at + hour * HOUR)
    levels = clock.alarms.order_by("level").values_list("level", flat=True)
    assert list(levels) == [50, 75, 100, 150]
    found = audit(at + 40 * HOUR)
    assert found is not None
    assert found.missing.count == 0


@pytest.mark.req("F52", "F50")
def test_a_replaced_clock_is_not_taken_up_again(club: Club, bo: Actor, cy: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    request = ask_complex(case=case, reason="要鉴定", actor=bo, at=at)
    decide_complex(request=request, approve=True, actor=cy, at=at)
    solve(case, actor=bo, at=at + 10 * HOUR)
    member_objects(case=case, text="没好", actor=ANONYMOUS.holding("case", str(case.pk)), at=at + 20 * HOUR)
    clock = Clock.objects.running().get(case=case, promise="solution")
    assert clock.due_at == at + (20 + 62) * HOUR


@pytest.fixture
def unagreed(club: Club, bo: Actor, cy: Actor, ann_person: Person, at: datetime) -> Case:
    """Ann's complaint that ended without agreement, two rounds after it was opened again."""
    case = solve(make_case(club, at=at, subject=ann_person), actor=bo, at=at + 10 * HOUR)
    member = ANONYMOUS.holding("case", str(case.pk))
    member_objects(case=case, text="没好", actor=member, at=at + 11 * HOUR)
    case.refresh_from_db()
    offer = offer_one(case, actor=bo, at=at + 12 * HOUR)
    decline_offer(offer=offer, words="不够。", actor=member, at=at + 13 * HOUR)
    tell_routes(case=case, actor=bo, at=at + 13 * HOUR)
    return resolve(
        case=case, resolution="not_agreed", text="没谈拢。", reason="无法一致", actor=cy, at=at + 14 * HOUR
    )


@pytest.mark.req("B27")
def test_an_end_without_agreement_is_told_as_one_and_stays(
    unagreed: Case, ann: Actor, bo: Actor, at: datetime
) -> None:
    jobs.drain(at=at + 14 * HOUR)
    told = Message.objects.filter(conversation=unagreed.conversation, automatic=True).latest("pk")
    assert "没能与您达成一致" in told.body
    assert not Clock.objects.running().filter(case=unagreed, promise="solution").exists()
    for act in (member_confirms, lambda **given: member_objects(text="还是不行", **given)):
        with pytest.raises(Refused):
            act(case=unagreed, actor=ann, at=at + DAY)
    row = call(unagreed)
    log_follow_up(follow_up=row, outcome="not_solved", score=1, text="不满意。", actor=bo, at=row.opens_at)
    unagreed.refresh_from_db()
    assert (unagreed.state, call(unagreed).outcome) == (State.RESOLVED, "not_solved")


@pytest.mark.req("F52")
def test_a_reopened_case_owes_everything_after_the_solution_anew(
    solved: Case, bo: Actor, at: datetime
) -> None:
    log_follow_up(
        follow_up=call(solved), outcome="not_solved", score=1, text="又翘了。", actor=bo, at=at + 4 * DAY
    )
    case = Case.objects.get(pk=solved.pk)
    again = at + 4 * DAY + HOUR
    work_up_to(case, actor=bo, at=again)
    case = resolve(case=case, resolution="solved", text="换了新板。", actor=bo, at=again)
    assert (case.resolved_at, case.first_resolved_at) == (again, at + 10 * HOUR)
    assert call(case).opens_at == again + 3 * DAY
    with pytest.raises(Refused):
        close(case=case, actor=bo, at=again)
    close(case=ready_to_close(case, actor=bo, at=again), actor=bo, at=again)


@pytest.mark.req("F52")
def test_day_30_opens_a_closed_case_again(solved: Case, bo: Actor, at: datetime) -> None:
    case = ready_to_close(solved, actor=bo, at=at + 4 * DAY)
    close(case=case, actor=bo, at=at + 4 * DAY)
    late = call(case, "call_back_30")
    log_follow_up(follow_up=late, outcome="not_solved", score=2, text="又坏了", actor=bo, at=at + 31 * DAY)
    case.refresh_from_db()
    assert (case.state, case.closed_at) == (State.OPEN, None)


@pytest.mark.req("F52")
def test_owner_and_member_hear_of_the_reopening(
    solved: Case, ann: Actor, bo: Actor, cy_account: Account, at: datetime
) -> None:
    assign(case=solved, owner=cy_account, reason="better_placed", actor=bo, at=at + DAY)
    member_objects(case=solved, text="还是响。", actor=ann, at=at + 2 * DAY)
    jobs.drain(at=at + 2 * DAY)
    assert StaffNotice.objects.filter(account=cy_account, code="reopened").count() == 1
    last = Message.objects.filter(conversation=solved.conversation, automatic=True).latest("pk")
    assert solved.number in last.body
    assert "重新处理" in last.body


@pytest.mark.req("F52")
def test_the_member_says_not_solved_in_their_own_words(solved: Case, ann: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as silent:
        member_objects(case=solved, text=" ", actor=ann, at=at + DAY)
    assert silent.value.field == "text"
    case = member_objects(case=solved, text="还是响。", actor=ann, at=at + DAY)
    assert (case.state, case.awaits_reply) == (State.OPEN, True)
    assert (call(case).outcome, call(case).tries.get().by) == ("not_solved", None)
    with pytest.raises(Refused) as twice:
        member_objects(case=case, text="还是响。", actor=ann, at=at + DAY)
    assert twice.value.code == "not-reopened"


def test_member_objects_refuses_after_35_days_and_somebody_else(
    solved: Case, ann: Actor, bo: Actor, at: datetime
) -> None:
    with pytest.raises(Missing):
        member_objects(case=solved, text="不行", actor=bo, at=at + DAY)
    with pytest.raises(Refused) as refused:
        member_objects(case=solved, text="不行", actor=ann, at=at + 10 * HOUR + 35 * DAY)
    assert refused.value.code == "not-reopened"
    member_objects(case=solved, text="不行", actor=ann, at=at + 10 * HOUR + 35 * DAY - HOUR)


@pytest.mark.req("F52")
def test_the_member_confirms_by_one_tap(solved: Case, ann: Actor, bo: Actor, at: datetime) -> None:
    with pytest.raises(Missing):
        member_confirms(case=solved, actor=bo, at=at + DAY)
    with pytest.raises(Refused):
        member_confirms(case=solved, score=9, actor=ann, at=at + DAY)
    member_confirms(case=solved, score=5, actor=ann, at=at + DAY)
    assert (call(solved).outcome, call(solved).score) == ("solved", 5)
    later = call(solved, "call_back_30")
    with pytest.raises(Refused) as early:
        member_confirms(case=solved, score=5, actor=ann, at=later.opens_at - HOUR)
    assert early.value.code == "nothing-to-confirm"
    assert call(solved, "call_back_30").ended_at is None
    ends = Entry.objects.filter(fact="FollowUpEnded").latest("pk")
    assert ends.actor.startswith("member:")
    member_confirms(case=solved, actor=ann, at=later.opens_at)
    assert call(solved, "call_back_30").outcome == "solved"


def test_member_confirms_refuses_while_nothing_is_solved(
    club: Club, ann: Actor, ann_person: Person, at: datetime
) -> None:
    case = make_case(club, at=at, subject=ann_person)
    with pytest.raises(Refused) as refused:
        member_confirms(case=case, actor=ann, at=at)
    assert refused.value.code == "nothing-to-confirm"


@pytest.mark.req("F52")
def test_an_answer_that_answers_nothing_opens_the_enquiry_again(
    club: Club, bo: Actor, ann: Actor, ann_person: Person, at: datetime
) -> None:
    case = make_case(club, at=at, kind="inquiry", subject=ann_person)
    resolve(case=case, resolution="answered", text="22 点。", actor=bo, at=at + HOUR)
    case = member_objects(case=case, text="我问的是周日。", actor=ann, at=at + 2 * HOUR)
    assert (case.state, case.stage) == (State.OPEN, "answer")


def test_the_auditor_is_content_with_everything_that_starts_and_ends_clocks(
    club: Club, bo: Actor, at: datetime
) -> None:
    case = solve(make_case(club, at=at), actor=bo, at=at + 10 * HOUR)
    now = at
    for hour in sorted((*range(0, 120, 12), 99, *range(132, 240, 12), 33 * 24, 36 * 24)):
        now = at + hour * HOUR
        raise_due_alarms(now)
        if hour == 99:
            log_follow_up(follow_up=call(case), outcome="not_solved", score=1, text="没好", actor=bo, at=now)
        found = audit(now)
        assert found is not None
        assert found.missing.count == 0
    assert Entry.objects.filter(fact="AlarmsRaised").exists()


@pytest.mark.req("A07")
def test_a_first_response_that_no_person_gave_is_owed_on_once_it_is_opened_again(
    club: Club, bo: Actor, ann: Actor, ann_person: Person, at: datetime
) -> None:
    case = make_case(club, at=at, subject=ann_person, kind="inquiry")
    resolve(
        case=case, resolution="answered", text="九点开门。", actor=replace(bo, machine=True), at=at + HOUR
    )
    member_objects(case=case, text="没有回答。", actor=ann, at=at + 2 * HOUR)
    clock = Clock.objects.get(case=case, promise="first_response")
    assert (clock.running, clock.due_at) == (True, at + 24 * HOUR)
    reply(case=case, text="十点开门。", actor=bo, at=at + 3 * HOUR)
    assert Clock.objects.get(pk=clock.pk).met_at == at + 3 * HOUR


@pytest.mark.req("A07")
def test_a_call_back_that_reaches_the_member_is_a_first_response(
    club: Club, bo: Actor, ann_person: Person, at: datetime
) -> None:
    case = make_case(club, at=at, subject=ann_person)
    case = solve(case, actor=bo, at=at + HOUR)
    Clock.objects.filter(case=case, promise="first_response").update(met_at=None)
    log_follow_up(
        follow_up=call(case), outcome="not_solved", score=1, text="没好。", actor=bo, at=at + 2 * HOUR
    )
    assert Clock.objects.get(case=case, promise="first_response").met_at == at + 2 * HOUR
