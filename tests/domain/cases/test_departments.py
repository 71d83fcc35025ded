"""Tasks sent to departments: taken on in time, else their head hears of it; the case stays closed to them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clubassist.core import jobs
from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import (
    acknowledge_task,
    ask_department,
    assign_task,
    close,
    complete_task,
    send_task,
    skip_task,
)
from clubassist.domain.cases.auditor import audit
from clubassist.domain.cases.models import Case, Clock, Task
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.channels.models import StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.people.actions import grant_role, hire
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import staff_actor
from tests.makers.cases import make_case, solve
from tests.makers.clubs import LONG_AGO

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.req("B20")


def colleague(username: str, club: Club, role: str = "technician", *, heads: bool = False) -> Account:
    """Somebody of the venue department."""
    return hire(
        username=username,
        name=username.title(),
        password=None,
        role=role,
        club=club,
        department="venue",
        heads=heads,
        actor=SYSTEM,
        at=LONG_AGO,
    )


@pytest.fixture
def vic_account(club: Club) -> Account:
    """Vic's account."""
    return colleague("vic", club)


@pytest.fixture
def vic(vic_account: Account) -> Actor:
    """Vic, who works in the venue department."""
    return staff_actor(vic_account)


@pytest.fixture
def hal_account(club: Club) -> Account:
    """Hal's account."""
    return colleague("hal", club, "coach", heads=True)


@pytest.fixture
def hal(hal_account: Account) -> Actor:
    """Hal, who heads it."""
    return staff_actor(hal_account)


def asked(case: Case, bo: Actor, at: datetime, department: str = "venue") -> Task:
    return ask_department(case=case, department=department, words="看看二号场灯", actor=bo, at=at)


@pytest.mark.parametrize(("urgency", "hours"), [("normal", 8), ("urgent", 1)])
def test_a_sent_task_is_taken_on_in_time(
    club: Club, bo: Actor, vic: Actor, at: datetime, urgency: str, hours: int
) -> None:
    case = make_case(club, at=at, urgency=urgency)
    task = asked(case, bo, at)
    clock = Clock.objects.get(task=task)
    assert (clock.promise, clock.due_at) == ("task_acknowledged", at + hours * HOUR)
    acknowledge_task(task=task, actor=vic, at=at + HOUR)
    clock.refresh_from_db()
    task.refresh_from_db()
    assert clock.met_at == at + HOUR
    assert (task.acknowledged_at, task.acknowledged_by_id) == (at + HOUR, vic.account)
    with pytest.raises(Conflict):
        acknowledge_task(task=task, actor=vic, at=at + HOUR)


def test_the_head_hears_when_nobody_takes_it_on(
    club: Club, bo: Actor, vic: Actor, hal_account: Account, at: datetime
) -> None:
    asked(make_case(club, at=at), bo, at)
    jobs.drain(at=at)
    assert StaffNotice.objects.filter(code="task-sent").count() == 2, "both people of the department"
    raise_due_alarms(at + 8 * HOUR)
    jobs.drain(at=at + 8 * HOUR)
    assert StaffNotice.objects.filter(account=hal_account, code="alarm-100").count() == 1
    found = audit(at + 9 * HOUR)
    assert found is not None
    assert found.missing.count == 0


def test_a_department_without_a_head_wakes_the_service_manager(
    club: Club, bo: Actor, cy_account: Account, at: datetime
) -> None:
    asked(make_case(club, at=at), bo, at, "events")
    raise_due_alarms(at + 8 * HOUR)
    jobs.drain(at=at + 8 * HOUR)
    assert StaffNotice.objects.filter(account=cy_account, code="alarm-100").count() == 1


def test_two_tasks_of_a_case_have_a_clock_each(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    asked(case, bo, at)
    asked(case, bo, at, "events")
    assert Clock.objects.running().filter(case=case, promise="task_acknowledged").count() == 2


@pytest.mark.req("F25")
def test_the_department_sees_its_task_and_not_the_case(
    club: Club, other_club: Club, bo: Actor, vic: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    task = asked(case, bo, at)
    elsewhere = staff_actor(colleague("eve", other_club))
    assert list(Task.objects.visible_to(vic)) == [task]
    assert not Case.objects.visible_to(vic).exists()
    assert not Task.objects.visible_to(elsewhere).exists()
    with pytest.raises(Missing):
        acknowledge_task(task=task, actor=elsewhere, at=at)
    complete_task(task=task, actor=vic, at=at + HOUR)
    task.refresh_from_db()
    assert task.acknowledged_at == at + HOUR, "what is done was taken on"
    assert not Clock.objects.running().filter(task=task).exists()


def test_a_step_of_the_playbook_can_be_sent(club: Club, bo: Actor, vic: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    task = case.tasks.get(code="listen")
    send_task(task=task, department="venue", words="请补拍照片", actor=bo, at=at)
    with pytest.raises(Conflict):
        send_task(task=task, department="venue", actor=bo, at=at)
    with pytest.raises(Refused) as gate:
        send_task(task=case.tasks.get(code="record-demand"), department="venue", actor=bo, at=at)
    assert gate.value.code == "task-has-gate"
    with pytest.raises(Refused) as not_theirs:
        send_task(task=task, department="venue", actor=vic, at=at)
    assert not_theirs.value.status == 403


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"department": "kitchen", "words": "看看"}, "department"),
        ({"department": "venue", "words": " "}, "words"),
        ({"department": "venue", "words": "长" * 301}, "words"),
    ],
)
def test_ask_department_refuses_at_the_field(
    club: Club, bo: Actor, at: datetime, given: dict[str, str], field: str
) -> None:
    case = make_case(club, at=at)
    with pytest.raises(Refused) as refused:
        ask_department(case=case, actor=bo, at=at, **given)
    assert refused.value.field == field


def test_acknowledge_refuses_who_does_not_work_there(club: Club, bo: Actor, at: datetime) -> None:
    task = asked(make_case(club, at=at), bo, at)
    with pytest.raises(Refused) as refused:
        acknowledge_task(task=task, actor=bo, at=at)
    assert refused.value.code == "other-department"


def test_the_head_gives_a_task_to_a_colleague(
    club: Club, bo: Actor, hal: Actor, vic: Actor, vic_account: Account, dee_account: Account, at: datetime
) -> None:
    case = make_case(club, at=at)
    task = asked(case, bo, at)
    with pytest.raises(Refused) as no_head:
        assign_task(task=task, assignee=vic_account, actor=vic, at=at)
    assert no_head.value.status == 403
    with pytest.raises(Refused) as elsewhere:
        assign_task(task=task, assignee=dee_account, actor=hal, at=at)
    assert elsewhere.value.field == "assignee"
    assign_task(task=task, assignee=vic_account, actor=hal, at=at)
    jobs.drain(at=at)
    assert StaffNotice.objects.filter(account=vic_account, code="task-assigned").count() == 1
    assert list(Case.objects.visible_to(vic)) == [case], "who has a task in it sees the case"
    complete_task(task=task, actor=vic, at=at)
    with pytest.raises(Conflict):
        assign_task(task=task, assignee=vic_account, actor=hal, at=at)


def test_a_department_that_nobody_knows_is_refused(club: Club, vic_account: Account, at: datetime) -> None:
    for department, heads in (("kitchen", False), ("", True)):
        with pytest.raises(Refused) as refused:
            grant_role(
                account=vic_account,
                role="coach",
                club=club,
                department=department,
                heads=heads,
                actor=SYSTEM,
                at=at,
            )
        assert refused.value.field == "department"


def test_a_task_left_out_is_taken_on_by_nobody(
    club: Club, bo: Actor, cy: Actor, vic: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    task = case.tasks.get(code="listen")
    send_task(task=task, department="venue", actor=bo, at=at)
    skip_task(task=task, reason="一目了然", actor=cy, at=at)
    with pytest.raises(Conflict, match="task-done"):
        acknowledge_task(task=task, actor=vic, at=at)


def test_what_was_left_open_when_a_case_ended_is_nobodys_work(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at, kind="inquiry")
    task = ask_department(case=case, department="venue", words="看看", actor=bo, at=at)
    assert Task.objects.unfinished().filter(pk=task.pk).exists()
    solve(case, actor=bo, at=at)
    close(case=case, actor=bo, at=at)
    assert not Task.objects.unfinished().exists()
    assert Task.objects.open().filter(pk=task.pk).exists()
