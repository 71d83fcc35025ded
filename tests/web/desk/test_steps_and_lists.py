"""Leaving out, asking a department, reporting and calling back on the desk, and the lists across cases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clubassist.core.actor import SYSTEM, Actor
from clubassist.domain.cases.actions import close, write_report
from clubassist.domain.cases.models import Case, FollowUp, Report, State, Task
from clubassist.domain.club.models import Club
from clubassist.domain.people.actions import hire
from clubassist.domain.people.models import Account
from tests.makers.cases import make_case, ready_to_close, solve
from tests.makers.clubs import LONG_AGO
from tests.makers.people import make_account
from tests.web.desk.conftest import Browser


@pytest.fixture
def case(club: Club, at: datetime) -> Case:
    """A complaint."""
    return make_case(club, at=at)


@pytest.fixture
def vic_account(club: Club) -> Account:
    """Vic, a technician who heads the venue department."""
    return hire(
        username="vic",
        name="Vic",
        password=None,
        role="technician",
        club=club,
        department="venue",
        heads=True,
        actor=SYSTEM,
        at=LONG_AGO,
    )


def page(client: Client, address: str) -> str:
    response = client.get(address, {"lang": "en"})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.req("F48")
def test_only_a_manager_is_offered_to_leave_a_step_out(
    bos_desk: Client, cys_desk: Client, case: Case
) -> None:
    task = case.tasks.get(code="judge")
    assert f"/tasks/{task.pk}/skip/" not in page(bos_desk, f"/cases/{case.number}/")
    assert f"/tasks/{task.pk}/skip/" in page(cys_desk, f"/cases/{case.number}/")
    silent = cys_desk.post(f"/tasks/{task.pk}/skip/?lang=en", {"reason": ""})
    assert silent.status_code == 422
    assert "Say why these steps are left out." in silent.content.decode()
    assert cys_desk.post(f"/tasks/{task.pk}/skip/", {"reason": "一目了然"}).status_code == 302
    text = page(cys_desk, f"/cases/{case.number}/")
    assert "Cy left out a step" in text
    assert "Left out: 一目了然" in text


@pytest.mark.req("F48")
def test_solving_early_is_refused_and_takes_a_managers_reason(
    bos_desk: Client, cys_desk: Client, case: Case
) -> None:
    words = {"resolution": "withdrawn", "text": "您已撤回，我们结束处理。"}
    hasty = bos_desk.post(f"/cases/{case.number}/resolve/?lang=en", words)
    assert hasty.status_code == 422
    assert "steps are still to be taken" in hasty.content.decode()
    assert words["text"] in hasty.content.decode()
    done = cys_desk.post(f"/cases/{case.number}/resolve/", words | {"reason": "会员来电撤回"})
    assert done.status_code == 302
    case.refresh_from_db()
    assert case.state == State.RESOLVED


@pytest.mark.req("B28")
def test_the_report_is_drafted_written_and_read(
    bos_desk: Client, cys_desk: Client, bo: Actor, case: Case, at: datetime
) -> None:
    solve(case, actor=bo, at=at)
    text = page(bos_desk, f"/cases/{case.number}/")
    for fact in (
        case.narrative,
        "Wanted: 修好地板",
        "Verify: from",
        "First response to a complaint: kept",
        "Result: Solved",
    ):
        assert fact in text, fact
    no_cause = bos_desk.post(f"/cases/{case.number}/report/?lang=en", {"cause": "", "text": "受潮。"})
    assert no_cause.status_code == 422
    assert "Choose the root cause." in no_cause.content.decode()
    assert (
        bos_desk.post(f"/cases/{case.number}/report/", {"cause": "venue", "text": "受潮。"}).status_code
        == 302
    )
    report = Report.objects.get(case=case)
    cause = report.cause
    Report.objects.filter(pk=report.pk).update(cause="gone")
    assert "gone" in page(cys_desk, "/reports/"), "no rules know the cause any more"
    Report.objects.filter(pk=report.pk).update(cause=cause)
    assert case.number in page(cys_desk, "/reports/")
    assert bos_desk.post(f"/reports/{report.pk}/read/").status_code == 404
    assert cys_desk.post(f"/reports/{report.pk}/read/").status_code == 302
    assert case.number not in page(cys_desk, "/reports/").partition("<main")[2]
    assert "Read by Cy" in page(bos_desk, f"/cases/{case.number}/")


@pytest.mark.req("F52")
def test_calls_are_listed_on_their_day_and_kept(
    bos_desk: Client, bo: Actor, club: Club, at: datetime
) -> None:
    long_ago = at - timedelta(days=4)
    case = solve(make_case(club, at=long_ago), actor=bo, at=long_ago)
    fresh = solve(make_case(club, at=at), actor=bo, at=at)
    text = page(bos_desk, "/follow-ups/")
    assert f"/cases/{case.number}/#calls" in text
    assert f"/cases/{fresh.number}/#calls" not in text
    row = FollowUp.objects.get(case=case, promise="call_back_3")
    address = f"/follow-ups/{row.pk}/?lang=en"
    no_score = bos_desk.post(address, {"outcome": "not_solved", "text": "又翘了。"})
    assert no_score.status_code == 422
    assert "又翘了。" in no_score.content.decode()
    kept = bos_desk.post(address, {"outcome": "not_solved", "score": "1", "text": "又翘了。"})
    assert kept.status_code == 302
    case.refresh_from_db()
    assert case.state == State.OPEN
    assert "Opened again: it is not solved" in page(bos_desk, f"/cases/{case.number}/")


@pytest.mark.req("F52")
def test_a_closed_case_still_takes_its_second_call(
    bos_desk: Client, bo: Actor, club: Club, at: datetime
) -> None:
    long_ago = at - timedelta(days=31)
    case = solve(make_case(club, at=long_ago), actor=bo, at=long_ago)
    close(case=ready_to_close(case, actor=bo, at=long_ago), actor=bo, at=long_ago)
    row = FollowUp.objects.open().get(case=case)
    assert f"/follow-ups/{row.pk}/" in page(bos_desk, f"/cases/{case.number}/")
    given = {"outcome": "solved", "score": "5", "text": "一直好用。"}
    assert bos_desk.post(f"/follow-ups/{row.pk}/", given).status_code == 302
    row.refresh_from_db()
    assert row.outcome == "solved"


@pytest.mark.req("B20")
def test_a_department_sees_takes_on_and_finishes_its_task(
    bos_desk: Client, browser: Browser, vic_account: Account, case: Case
) -> None:
    empty = bos_desk.post(f"/cases/{case.number}/ask/?lang=en", {"department": "", "words": "看看灯"})
    assert empty.status_code == 422
    assert "看看灯" in empty.content.decode()
    sent = bos_desk.post(f"/cases/{case.number}/ask/", {"department": "venue", "words": "看看灯"})
    assert sent.status_code == 302
    task = Task.objects.sent().get()
    vics_desk = browser(vic_account)
    text = page(vics_desk, "/tasks/")
    assert "看看灯" in text
    assert case.title not in text
    assert vics_desk.get(f"/cases/{case.number}/").status_code == 404
    assert vics_desk.post(f"/tasks/{task.pk}/take-on/").status_code == 302
    assert "Taken on" in page(bos_desk, f"/cases/{case.number}/")
    assert vics_desk.post(f"/tasks/{task.pk}/hand/", {"assignee": vic_account.pk}).status_code == 302
    assert page(vics_desk, f"/cases/{case.number}/")
    assert vics_desk.post(f"/tasks/{task.pk}/finish/").status_code == 302
    assert "No task is waiting" in page(vics_desk, "/tasks/")


@pytest.mark.req("B20")
def test_a_step_is_sent_from_the_case_s_page(bos_desk: Client, case: Case) -> None:
    task = case.tasks.get(code="listen")
    assert bos_desk.post(f"/tasks/{task.pk}/send/", {"department": "venue"}).status_code == 302
    task.refresh_from_db()
    assert (task.department, task.sent_at is not None) == ("venue", True)
    assert case.number in page(bos_desk, "/tasks/")


def test_a_list_costs_the_same_with_one_and_with_three(
    bos_desk: Client,
    cys_desk: Client,
    bo: Actor,
    club: Club,
    at: datetime,
    django_assert_max_num_queries: object,
) -> None:
    def costs() -> list[int]:
        found = []
        for desk, address in ((bos_desk, "/follow-ups/"), (cys_desk, "/reports/")):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                desk.get(address)
            found.append(len(seen))
        return found

    long_ago = at - timedelta(days=4)

    def grow() -> None:
        case = solve(make_case(club, at=long_ago), actor=bo, at=long_ago)
        write_report(case=case, text="好", cause="venue", actor=bo, at=long_ago)

    grow()
    costs()
    one = costs()
    grow()
    grow()
    assert costs() == one


@pytest.mark.req("F52")
def test_not_reached_sent_twice_is_one_try_and_a_refused_call_keeps_its_form(
    bos_desk: Client, case: Case, bo: Actor, at: datetime
) -> None:
    solve(case, actor=bo, at=at - timedelta(days=4))
    first, later = FollowUp.objects.filter(case=case).order_by("opens_at")
    address = f"/follow-ups/{first.pk}/?lang=en"
    tap = {"outcome": "not_reached", "once": "7b3d3f0e-3f3c-4a77-9d1c-0a1f0d7a1b11"}
    for _twice in range(2):
        assert bos_desk.post(address, tap).status_code == 302
    assert first.tries.count() == 1
    early = bos_desk.post(
        f"/follow-ups/{later.pk}/?lang=en", {"outcome": "solved", "score": "5", "text": "很满意。"}
    )
    text = early.content.decode()
    assert early.status_code == 422
    assert "Call again on its day." in text
    assert f'action="/follow-ups/{later.pk}/"' in text
    assert "很满意。" in text
    silent = bos_desk.post(address, {"outcome": "left_message"})
    assert silent.status_code == 422
    assert "Write what message you left." in silent.content.decode()


def test_words_of_a_step_left_out_or_sent_are_kept(cys_desk: Client, case: Case, at: datetime) -> None:
    task = case.tasks.get(code="judge")
    long = cys_desk.post(f"/tasks/{task.pk}/skip/?lang=en", {"reason": "长" * 301})
    assert long.status_code == 422
    assert "长" * 301 in long.content.decode()
    unknown = cys_desk.post(f"/tasks/{task.pk}/send/?lang=en", {"department": "x", "words": "看看灯"})
    assert unknown.status_code == 422
    assert "看看灯" in unknown.content.decode()


def test_a_report_written_anew_meanwhile_is_not_receipted(
    bos_desk: Client, cys_desk: Client, case: Case, bo: Actor, at: datetime
) -> None:
    solve(case, actor=bo, at=at)
    report = write_report(case=case, text="已修好。", cause="venue", actor=bo, at=at)
    page_read = page(cys_desk, f"/cases/{case.number}/")
    given = {"written_at": report.written_at.isoformat()}
    assert f'value="{given["written_at"]}"' in page_read
    write_report(case=case, text="其实没修好。", cause="venue", actor=bo, at=at + timedelta(minutes=1))
    assert cys_desk.post(f"/reports/{report.pk}/read/?lang=en", given).status_code == 409
    report.refresh_from_db()
    assert report.read_at is None


@pytest.mark.req("B28")
def test_management_reads_the_only_managers_report_in_the_list(
    browser: Browser, case: Case, bo: Actor, cy: Actor, club: Club, at: datetime
) -> None:
    solve(case, actor=bo, at=at)
    report = write_report(case=case, text="已修好。", cause="venue", actor=cy, at=at)
    desk = browser(make_account("boss", "management", club))
    text = page(desk, "/reports/")
    assert "已修好。" in text
    assert f"/cases/{case.number}/" not in text
    stale = {"written_at": (at - timedelta(hours=1)).isoformat()}
    assert desk.post(f"/reports/{report.pk}/read/", stale).status_code == 409
    given = {"written_at": report.written_at.isoformat()}
    assert desk.post(f"/reports/{report.pk}/read/", given)["Location"] == "/reports/"
    report.refresh_from_db()
    assert report.read_by is not None
