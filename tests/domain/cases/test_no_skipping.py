"""No step of a complaint is left out without a manager's reason; enquiries and praise stay light."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clubassist.core import jobs
from clubassist.core.actor import Actor
from clubassist.core.models import Entry
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import (
    assess,
    close,
    complete_facts,
    complete_task,
    resolve,
    skip_task,
    write_report,
)
from clubassist.domain.cases.models import Case, FollowUp, State, Task
from clubassist.domain.channels.models import Message
from clubassist.domain.club.models import Club
from tests.makers.cases import finish_stage, make_case, ready_to_close, solve, work_up_to

HOUR = timedelta(hours=1)


def step(case: Case, code: str) -> Task:
    return Task.objects.filter(case=case, code=code).latest("pk")


@pytest.mark.req("F48")
def test_an_agent_cannot_solve_or_close_from_an_early_stage(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    with pytest.raises(Refused) as refused:
        resolve(case=case, resolution="solved", text="好了", reason="会员赶时间", actor=bo, at=at)
    assert refused.value.code == "steps-open"
    case.refresh_from_db()
    assert (case.stage, case.state) == ("accept", State.OPEN)
    assert not Message.objects.filter(conversation=case.conversation, direction="out").exists()


@pytest.mark.req("F48")
def test_a_manager_solves_early_with_a_reason_that_everybody_reads(
    club: Club, cy: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    jobs.drain(at=at)
    with pytest.raises(Refused) as refused:
        resolve(case=case, resolution="withdrawn", text="已撤回", actor=cy, at=at)
    assert (refused.value.code, refused.value.field) == ("reason-missing", "reason")
    case = resolve(case=case, resolution="withdrawn", text="已撤回", reason="会员来电撤回", actor=cy, at=at)
    assert (case.state, case.stage) == (State.RESOLVED, "summarise")
    skipped = Task.objects.filter(case=case, skipped_at=at)
    assert set(skipped.values_list("skipped_for", flat=True)) == {"会员来电撤回"}
    assert "carry-out" in skipped.values_list("code", flat=True)
    assert Entry.objects.filter(fact="TaskSkipped").count() == skipped.count()
    assert Message.objects.filter(direction="note", body="会员来电撤回").exists()
    jobs.drain(at=at)
    told = Message.objects.filter(conversation=case.conversation, automatic=True)
    assert told.filter(body__contains="有新进展").count() == 0, (
        "a case that rushed through tells no stage on its way"
    )


@pytest.mark.req("B22")
def test_without_the_demand_nobody_leaves_the_first_stage(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    assess(case=case, actor=bo, at=at)
    for task in Task.objects.filter(case=case, gate=""):
        complete_task(task=task, actor=bo, at=at)
    case.refresh_from_db()
    assert case.stage == "accept"
    with pytest.raises(Refused) as refused:
        complete_task(task=step(case, "record-demand"), actor=bo, at=at)
    assert refused.value.code == "task-has-gate"
    case = complete_facts(case=case, remedy_sought="退半场场租", emotion="upset", actor=bo, at=at)
    assert (case.stage, case.emotion) == ("verify", "upset")


@pytest.mark.req("B19")
def test_unjudged_nobody_leaves_the_first_stage(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at, remedy_sought="退半场场租")
    for task in Task.objects.filter(case=case, gate=""):
        complete_task(task=task, actor=bo, at=at)
    case.refresh_from_db()
    assert case.stage == "accept"
    assess(case=case, actor=bo, at=at)
    case.refresh_from_db()
    assert case.stage == "verify"


@pytest.mark.req("B22")
def test_a_demand_told_at_once_is_recorded_at_once(club: Club, at: datetime) -> None:
    case = make_case(club, at=at, remedy_sought="尽快修好", emotion="angry")
    assert step(case, "record-demand").done_at == at
    assert case.emotion == "angry"


@pytest.mark.req("B22")
def test_an_emotion_that_nobody_knows_is_refused(club: Club, bo: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        make_case(club, at=at, emotion="furious")
    assert refused.value.field == "emotion"
    with pytest.raises(Refused):
        complete_facts(case=make_case(club, at=at), emotion="furious", actor=bo, at=at)


@pytest.mark.req("F48")
def test_a_manager_skips_a_step_with_a_reason(club: Club, bo: Actor, cy: Actor, at: datetime) -> None:
    case = make_case(club, at=at, remedy_sought="尽快修好")
    assess(case=case, actor=bo, at=at)
    task = step(case, "listen")
    with pytest.raises(Refused) as no_right:
        skip_task(task=task, reason="一目了然", actor=bo, at=at)
    assert no_right.value.status == 403
    with pytest.raises(Refused) as no_reason:
        skip_task(task=task, reason="  ", actor=cy, at=at)
    assert no_reason.value.field == "reason"
    with pytest.raises(Refused) as too_long:
        skip_task(task=task, reason="长" * 301, actor=cy, at=at)
    assert too_long.value.code == "text-too-long"
    skip_task(task=task, reason="一目了然", actor=cy, at=at)
    case.refresh_from_db()
    assert case.stage == "verify"
    with pytest.raises(Conflict):
        skip_task(task=task, reason="一目了然", actor=cy, at=at)
    with pytest.raises(Conflict):
        complete_task(task=task, actor=bo, at=at)


def test_a_stranger_skips_nothing(club: Club, dee: Actor, at: datetime) -> None:
    with pytest.raises(Missing):
        skip_task(task=step(make_case(club, at=at), "judge"), reason="看看", actor=dee, at=at)


@pytest.mark.req("B28")
def test_nobody_skips_the_result_or_the_report(club: Club, bo: Actor, cy: Actor, at: datetime) -> None:
    case = work_up_to(make_case(club, at=at), actor=bo, at=at)
    with pytest.raises(Refused) as refused:
        skip_task(task=step(case, "tell-result"), reason="电话里说过了", actor=cy, at=at)
    assert refused.value.code == "task-needed"
    solve(case, actor=bo, at=at)
    with pytest.raises(Refused):
        skip_task(task=step(case, "closing-report"), reason="太忙", actor=cy, at=at)


@pytest.mark.req("B28", "F48")
def test_close_refuses_without_report_and_follow_up(club: Club, bo: Actor, at: datetime) -> None:
    case = solve(make_case(club, at=at), actor=bo, at=at)
    with pytest.raises(Refused) as refused:
        close(case=case, actor=bo, at=at)
    assert refused.value.code == "steps-open"
    assert close(case=ready_to_close(case, actor=bo, at=at), actor=bo, at=at).state == State.CLOSED


def test_a_skipped_call_is_owed_no_more(club: Club, bo: Actor, cy: Actor, at: datetime) -> None:
    case = solve(make_case(club, at=at), actor=bo, at=at)
    write_report(case=case, text="匿名，无法回访。", cause="venue", actor=bo, at=at)
    finish_stage(case, actor=bo, at=at)
    skip_task(task=step(case, "call-back-3"), reason="匿名反馈，没有电话", actor=cy, at=at)
    assert FollowUp.objects.get(case=case, promise="call_back_3").outcome == "dropped"
    assert case.clocks.get(promise="call_back_3").stopped_at == at
    assert close(case=case, actor=bo, at=at).state == State.CLOSED


@pytest.mark.req("F48")
@pytest.mark.parametrize("kind", ["inquiry", "praise_or_other"])
def test_enquiries_and_praise_stay_light(club: Club, bo: Actor, at: datetime, kind: str) -> None:
    case = make_case(club, at=at, kind=kind)
    case = resolve(case=case, resolution="answered", text="周日 22 点关门。", actor=bo, at=at + HOUR)
    assert case.stage == "done"
    assert not FollowUp.objects.filter(case=case).exists()
    assert close(case=case, actor=bo, at=at + HOUR).state == State.CLOSED
