"""Measures on the page of their clause, the months they stand for, and the rows as a table."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from clubassist.core import jobs
from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.models import Access
from clubassist.domain.cases.actions import log_follow_up, member_objects, reply, resolve
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.cases.models.case import SENSITIVE
from clubassist.domain.club.models import Club
from clubassist.domain.insight.actions import freeze_month
from clubassist.domain.members.models import Person
from clubassist.domain.people.actions import grant_role
from clubassist.domain.people.models import Account
from clubassist.pure.figures import Release
from tests.domain.insight.cohorts import MID_MONTH, timed_case
from tests.makers.cases import make_case
from tests.makers.people import make_account
from tests.web.desk_rules.conftest import NOW, Read

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOVEMBER = date(2026, 11, 1)
DAY_35 = datetime(2027, 1, 4, 16, tzinfo=UTC)
ROWS = "/rules/F22/rows.csv?measure=complaint-resolution&outcome="


@pytest.fixture
def solved(club: Club, ann_person: Person, cy: Actor) -> Case:
    """A complaint that was answered after 13 hours, solved then, and scored with a 5 four days later."""
    case = make_case(club, at=MID_MONTH, subject=ann_person)
    at = MID_MONTH + 13 * HOUR
    resolve(case=case, resolution="solved", text="好了。", reason="当场", actor=cy, at=at)
    call = case.follow_ups.order_by("opens_at")[0]
    log_follow_up(follow_up=call, outcome="solved", score=5, text="好。", actor=cy, at=at + 4 * DAY)
    return case


@pytest.mark.req("F21", "A02")
def test_the_mean_answer_shows_its_sample_its_quantiles_and_what_is_open(
    solved: Case, club: Club, cy: Actor, cy_account: Account, read: Read
) -> None:
    answered = make_case(club, at=MID_MONTH)
    reply(case=answered, text="在查。", actor=cy, at=MID_MONTH + HOUR)
    html = read(cy_account, "/rules/F21/")
    for words in ("7:00 h", "2 cases", "goal</", "≤ 12 h", "Median 1:00 h, P90 13:00 h", "Met"):
        assert words.replace("goal</", "goal") in html
    make_case(club, at=NOW - 22 * HOUR)
    html = read(cy_account, "/rules/F21/")
    assert "≥ 12:00 h" in html
    assert "1 is still open, so the mean is at least this." in html
    assert "平均值至少是这个数" in read(cy_account, "/rules/F21/", lang="zh")


@pytest.mark.req("F22", "A05")
def test_the_resolution_rate_lists_what_is_not_resolved(
    solved: Case, club: Club, cy_account: Account, read: Read
) -> None:
    unsolved = make_case(club, at=MID_MONTH)
    make_case(club, at=NOW - 71 * HOUR)
    html = read(cy_account, "/rules/F22/")
    assert "50%" in html
    assert "1 of 2" in html
    assert "95% interval 9.5–90.5%" in html
    assert "Younger than 72 hours (not counted)<small>1</small>" in html
    assert f'href="/cases/{unsolved.number}/"' in html
    assert f'href="/cases/{solved.number}/"' not in html
    resolved = read(cy_account, "/rules/F22/?measure=complaint-resolution&outcome=counted")
    assert f'href="/cases/{solved.number}/"' in resolved


@pytest.mark.req("F63", "A13")
def test_f63_shows_response_handling_and_satisfaction(
    solved: Case, club: Club, cy_account: Account, read: Read
) -> None:
    make_case(club, at=MID_MONTH)
    html = read(cy_account, "/rules/F63/")
    for title in (
        "Mean time to the first answer",
        "Complaints handled",
        "Satisfied after a complaint",
        "Mean time to solve a complaint",
    ):
        assert f"<h3>{title}</h3>" in html
    assert "100% <small>1 of 1</small>" in html
    assert "50% <small>1 of 2</small>" in html
    assert "Fewer than 30 scores: too few to rely on." in html
    scores = read(cy_account, "/rules/F63/?measure=complaint-satisfaction&outcome=counted")
    assert '<td data-label="Score" class="sa-num">5</td>' in scores


@pytest.mark.req("F25")
def test_a_small_count_of_any_measure_is_withheld_from_those_who_open_no_case(
    solved: Case, club: Club, read: Read
) -> None:
    for _ in range(9):
        make_case(club, at=MID_MONTH)
    html = read(make_account("boss", "management", club), "/rules/F22/")
    assert "Withheld <small>" in html
    for told in ("10%", "1 of 10", "Wilson", "Resolved 1", "Not resolved 9"):
        assert told not in html


@pytest.mark.req("F63")
def test_a_restated_month_shows_both_figures_and_why(
    solved: Case, club: Club, ann_person: Person, ann: Actor, cy: Actor, cy_account: Account, read: Read
) -> None:
    late = make_case(club, at=datetime(2026, 11, 30, 10, tzinfo=UTC), subject=ann_person)
    resolve(case=late, resolution="solved", text="好了。", reason="当场", actor=cy, at=DAY_35 - 3 * DAY)
    freeze_month(club=club, month=NOVEMBER, release=Release.FINAL, actor=SYSTEM, at=DAY_35)
    boss = make_account("boss", "management", club)
    with time_machine.travel(DAY_35 + DAY, tick=False):
        html = read(cy_account, "/rules/F52/?month=2026-11")
        assert "Final figures, as at yesterday 00:00." in html
        assert "restated" not in html
        assert "Final figures, as at" in read(cy_account, "/rules/?month=2026-11")
    member_objects(case=late, text="没好。", actor=ann, at=DAY_35 + DAY)
    jobs.drain(at=DAY_35 + DAY)
    with time_machine.travel(DAY_35 + DAY, tick=False):
        html = read(cy_account, "/rules/F52/?month=2026-11")
        assert "restated today 00:00: a solution did not hold and the case was opened again." in html
        assert "50% <small>1 of 2</small>" in html
        assert "Before it was restated: 0% (0/2)" in html
        assert "重述之前：0%（0/2）" in read(cy_account, "/rules/F52/?month=2026-11", lang="zh")
        assert "Before it was restated" not in read(boss, "/rules/F52/?month=2026-11")


@pytest.mark.req("F63")
@pytest.mark.parametrize(
    ("lang", "head"),
    [
        (
            "en",
            "Case Club Kind Counts as As at Received First answer First solution Solved Times opened again Score",
        ),
        ("zh", "工单 俱乐部 类别 计入 数据截至 收到 首次答复 首次方案 已解决 重新打开次数 评分"),
    ],
)
def test_rows_can_be_taken_along(
    solved: Case, club: Club, bo_account: Account, cy_account: Account, read: Read, lang: str, head: str
) -> None:
    page = "/rules/F22/?measure=complaint-resolution&outcome=counted"
    assert 'href="rows.csv?measure=complaint-resolution&amp;outcome=counted"' in read(cy_account, page)
    assert "rows.csv" not in read(bo_account, page)
    table(bo_account, ROWS + "counted", status=404)
    text = table(cy_account, ROWS + "counted", lang=lang)
    assert text.startswith("\ufeff")
    first, row = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert " ".join(first) == head
    assert row[0] == solved.number
    assert row[4:] == [
        "2026-11-28 10:00:00",
        "2026-11-10 10:00:00",
        "2026-11-10 23:00:00",
        "2026-11-10 23:00:00",
        "2026-11-10 23:00:00",
        "0",
        "5",
    ]


def table(account: Account, address: str, *, lang: str = "en", status: int = 200) -> str:
    """Return a table as it is sent."""
    client = Client()
    client.cookies["lang"] = lang
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.req("F25")
def test_an_export_is_logged_and_takes_no_words_along(club: Club, cy_account: Account) -> None:
    case = make_case(club, at=MID_MONTH, narrative="林女士说地板翘起")
    text = table(cy_account, ROWS + "rest")
    assert case.number in text
    assert "林女士" not in text
    (look,) = Access.objects.filter(deed="export")
    assert (look.subject, look.scope, look.actor) == (
        "/rules/F22/rows.csv",
        club.pk,
        f"staff:{cy_account.pk}",
    )


@pytest.mark.req("F25")
def test_a_table_holds_no_more_than_the_page(
    solved: Case, club: Club, other_club: Club, bo_account: Account, cy_account: Account
) -> None:
    hidden = make_case(club, at=MID_MONTH)
    Case.objects.filter(pk=hidden.pk).update(confidentiality=SENSITIVE)
    assert hidden.number in table(cy_account, ROWS + "rest")
    elsewhere = make_account("max", "service_manager", other_club)
    assert solved.number not in table(elsewhere, ROWS + "counted")
    grant_role(account=bo_account, role="service_manager", club=other_club, actor=SYSTEM, at=MID_MONTH)
    assert solved.number not in table(bo_account, ROWS + "counted")
    boss = make_account("boss", "management", club)
    table(boss, ROWS + "rest", status=404)
    for nonsense in ("?measure=x&outcome=rest", "?measure=complaint-resolution&outcome=late"):
        table(cy_account, f"/rules/F22/rows.csv{nonsense}", status=404)
    table(cy_account, "/rules/F55/rows.csv", status=404)
    table(cy_account, "/rules/F99/rows.csv", status=404)


def test_a_table_of_promises_has_when_they_were_due_and_kept(club: Club, cy_account: Account) -> None:
    case = timed_case(club, met_after_due=HOUR)
    text = table(cy_account, "/rules/F49/rows.csv")
    _head, row = csv.reader(io.StringIO(text))
    assert (row[0], row[3], row[6:]) == (
        case.number,
        "Late",
        ["2026-11-11 10:00:00", "", "2026-11-11 11:00:00"],
    )


@pytest.mark.req("B90", "A06")
def test_attainment_is_shown_with_and_without_its_pauses(
    club: Club, cy: Actor, cy_account: Account, read: Read
) -> None:
    case = timed_case(club, promise="solution", met_after_due=-HOUR)
    assert "Pauses counted as waiting: 100% (1/1)" in read(cy_account, "/rules/F03/")
    for page in ("/rules/", "/rules/goals/"):
        assert "Pauses counted as waiting" not in read(cy_account, page)
    # It stood still for ten hours, and was kept nine hours after it would have been due without that.
    Clock.objects.filter(case=case, promise="solution").update(
        due_at=MID_MONTH + 34 * HOUR, met_at=MID_MONTH + 33 * HOUR
    )
    html = read(cy_account, "/rules/F03/")
    assert "Pauses counted as waiting: 0% (0/1)" in html
    for page in ("/rules/", "/rules/goals/"):
        assert "Pauses counted as waiting: 0% (0/1)" in read(cy_account, page)
    assert "暂停也算等待时：0%（0/1）" in read(cy_account, "/rules/F03/", lang="zh")
    link = "measure=complaint-solution&outcome=gross_late"
    assert (
        f'href="?{link.replace("&", "&amp;")}#cases">Late, pauses counted as waiting<small>1</small>' in html
    )
    rows = read(cy_account, f"/rules/F03/?{link}")
    assert f'href="/cases/{case.number}/"' in rows
    assert '<td data-label="Due without pauses" class="sa-num">11 Nov 10:00</td>' in rows
    assert case.number in table(cy_account, f"/rules/F03/rows.csv?{link}")
