"""The closing report: due in 48 hours, with a root cause, read by a superior who did not write it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from clubassist.core import jobs
from clubassist.core.actor import Actor
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import complete_task, read_report, write_report
from clubassist.domain.cases.models import Case, Clock, Report, Task
from clubassist.domain.channels.models import StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import staff_actor
from tests.makers.cases import make_case, solve
from tests.makers.clubs import make_sensitive
from tests.makers.people import make_account

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.req("B28")


@pytest.fixture
def solved(club: Club, bo: Actor, at: datetime) -> Case:
    """A complaint that was solved at `at`."""
    return solve(make_case(club, at=at), actor=bo, at=at)


def written(case: Case, actor: Actor, at: datetime, text: str = "地板受潮，已换。") -> Report:
    return write_report(case=case, text=text, cause="venue", actor=actor, at=at)


@pytest.mark.req("B29")
def test_the_report_is_due_48_hours_after_the_solution(solved: Case, bo: Actor, at: datetime) -> None:
    clock = solved.clocks.get(promise="closing_report")
    assert clock.due_at == at + 48 * HOUR
    report = written(solved, bo, at + 5 * HOUR)
    clock.refresh_from_db()
    assert clock.met_at == at + 5 * HOUR
    solved.refresh_from_db()
    assert (solved.cause, report.cause, report.resolved_at) == ("venue", "venue", at)
    task = solved.tasks.get(code="closing-report")
    assert task.done_at == at + 5 * HOUR


def test_write_report_refuses_at_the_field(solved: Case, bo: Actor, at: datetime) -> None:
    for text, cause, field in (
        ("", "venue", "text"),
        ("长" * 10_001, "venue", "text"),
        ("好", "magic", "cause"),
    ):
        with pytest.raises(Refused) as refused:
            write_report(case=solved, text=text, cause=cause, actor=bo, at=at)
        assert refused.value.field == field
    assert not Report.objects.exists()


def test_write_report_refuses_before_the_solution_and_a_stranger(
    club: Club, bo: Actor, dee: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    with pytest.raises(Refused) as early:
        written(case, bo, at)
    assert early.value.code == "not-resolved"
    with pytest.raises(Missing):
        written(case, dee, at)


def test_it_may_be_written_anew_until_it_is_read(solved: Case, bo: Actor, cy: Actor, at: datetime) -> None:
    written(solved, bo, at)
    report = written(solved, bo, at + HOUR, "补充：供应商同批地板都要查。")
    assert Report.objects.count() == 1
    read_report(report=report, actor=cy, at=at + HOUR)
    with pytest.raises(Conflict, match="report-read"):
        written(solved, bo, at + 2 * HOUR)
    with pytest.raises(Conflict, match="report-read"):
        read_report(report=report, actor=cy, at=at + 2 * HOUR)


def test_the_author_and_an_agent_give_no_receipt(
    solved: Case, bo: Actor, cy: Actor, dee: Actor, at: datetime
) -> None:
    report = written(solved, cy, at)
    for actor, code in ((cy, "own-report"), (bo, "not-allowed")):
        with pytest.raises(Refused) as refused:
            read_report(report=report, actor=actor, at=at)
        assert refused.value.code == code
    with pytest.raises(Missing):
        read_report(report=report, actor=dee, at=at)


def test_the_managers_are_told_that_a_report_waits(
    solved: Case, bo: Actor, cy_account: Account, at: datetime
) -> None:
    written(solved, bo, at)
    jobs.drain(at=at)
    assert StaffNotice.objects.filter(account=cy_account, code="report-written").count() == 1


def test_what_was_written_anew_meanwhile_is_not_receipted(
    solved: Case, bo: Actor, cy: Actor, at: datetime
) -> None:
    report = written(solved, bo, at)
    written(solved, bo, at + HOUR, text="其实是施工的错。")
    with pytest.raises(Conflict, match="report-rewritten"):
        read_report(report=report, written_at=at, actor=cy, at=at + 2 * HOUR)
    read_report(report=report, written_at=at + HOUR, actor=cy, at=at + 2 * HOUR)


def test_management_reads_the_report_of_the_only_service_manager(
    club: Club, solved: Case, cy: Actor, at: datetime
) -> None:
    boss = make_account("boss", "management", club)
    report = written(solved, cy, at)
    jobs.drain(at=at)
    assert StaffNotice.objects.filter(account=boss, code="report-written").count() == 1
    assert not Case.objects.visible_to(staff_actor(boss)).exists()
    assert read_report(report=report, actor=staff_actor(boss), at=at).read_by == boss
    assert not Report.objects.visible_to(staff_actor(boss)).exists()


def test_management_reads_no_report_where_a_service_manager_can(
    club: Club, solved: Case, bo: Actor, cy: Actor, at: datetime
) -> None:
    boss = staff_actor(make_account("boss", "management", club))
    with pytest.raises(Missing):
        read_report(report=written(solved, bo, at), actor=boss, at=at)
    make_account("deputy", "service_manager", club)
    with pytest.raises(Missing):
        read_report(report=written(solved, cy, at), actor=boss, at=at)


def test_no_machine_gives_the_receipt(solved: Case, bo: Actor, cy: Actor, at: datetime) -> None:
    report = written(solved, bo, at)
    with pytest.raises(Refused, match="not-allowed"):
        read_report(report=report, actor=replace(cy, machine=True), at=at)


@pytest.mark.req("F25")
def test_the_management_is_not_told_of_a_report_that_it_never_sees(
    club: Club, cy: Actor, at: datetime
) -> None:
    mo = make_account("mo", "management", club)
    make_sensitive(club, "complaint.service")
    case = make_case(club, at=at, kind="complaint.service")
    solve(case, actor=cy, at=at)
    Account.objects.filter(username="manager").update(is_active=False)
    written(case, cy, at)
    jobs.drain(at=at)
    assert not StaffNotice.objects.filter(code="report-written", account=mo).exists()
    needed = StaffNotice.objects.get(code="manager-needed", account=mo)
    assert (needed.kind, needed.subject) == ("role", case.number), "they name who reads it"
    second = make_account("second", "service_manager", club)
    assert Report.objects.visible_to(staff_actor(second)).unread().exists()


def preventing(case: Case, actor: Actor, at: datetime, **changes: str) -> Report:
    given = {"text": "地板受潮。", "cause": "venue", "prevention": "每周查一次湿度", "department": "venue"}
    return write_report(case=case, actor=actor, at=at, **(given | changes))  # type: ignore[arg-type]  # all words


@pytest.mark.req("B29")
def test_what_shall_prevent_a_repeat_is_its_department_s_task(solved: Case, bo: Actor, at: datetime) -> None:
    head = Account.objects.get(username="head")
    report = preventing(solved, bo, at + HOUR)
    assert (report.prevention, report.department) == ("每周查一次湿度", "venue")
    task = Task.objects.get(case=solved, code="prevent-repeat")
    assert (task.department, task.words, task.sent_at) == ("venue", "每周查一次湿度", at + HOUR)
    assert Clock.objects.running().get(task=task).due_at == at + 9 * HOUR
    jobs.drain(at=at + HOUR)
    assert StaffNotice.objects.filter(account=head, code="task-sent").exists()
    complete_task(task=task, actor=staff_actor(head), at=at + 2 * HOUR)
    solved.refresh_from_db()
    assert solved.stage == "follow_up"


@pytest.mark.req("B29")
def test_a_step_that_was_done_already_leaves_the_department_a_task_of_its_own(
    solved: Case, bo: Actor, at: datetime
) -> None:
    complete_task(task=solved.tasks.get(code="prevent-repeat"), actor=bo, at=at)
    preventing(solved, bo, at + HOUR)
    assert Task.objects.get(case=solved, code="asked-1").department == "venue"


@pytest.mark.req("B29")
def test_a_prevention_names_who_sees_to_it_and_is_sent_once(solved: Case, bo: Actor, at: datetime) -> None:
    for department in ("", "kitchen"):
        with pytest.raises(Refused) as refused:
            preventing(solved, bo, at, department=department)
        assert refused.value.field == "department"
    with pytest.raises(Refused) as long:
        preventing(solved, bo, at, prevention="长" * 301)
    assert long.value.field == "prevention"
    preventing(solved, bo, at)
    preventing(solved, bo, at, text="写得更清楚。")
    assert Task.objects.filter(case=solved, sent_at__isnull=False, department="venue").count() == 2
    with pytest.raises(Conflict, match="prevention-sent"):
        preventing(solved, bo, at, prevention="换地板")
