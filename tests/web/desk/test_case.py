"""One case: what its page shows, to whom, at what cost."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clubassist.core import jobs
from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import (
    add_note,
    assign,
    close,
    complete_facts,
    merge_cases,
    promise_contact,
    reply,
    resolve,
    unmerge_cases,
)
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account
from tests.makers.cases import finish_stage, make_case, ready_to_close, solve
from tests.makers.people import make_account, make_member
from tests.web.desk.conftest import Browser


def page(client: Client, case: Case, **query: str) -> str:
    """Return the text of a case's page."""
    response = client.get(f"/cases/{case.number}/", query)
    assert response.status_code == 200
    return response.content.decode()


def test_case_costs_the_same_with_one_and_three_messages(
    bos_desk: Client, bo: Actor, ann_person: Person, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at, subject=ann_person)
    reply(case=case, text="一", actor=bo, at=at)
    with CaptureQueriesContext(connection) as one:
        page(bos_desk, case)
    for text in "二三":
        reply(case=case, text=text, actor=bo, at=at)
    make_case(club, at=at, subject=ann_person)
    with CaptureQueriesContext(connection) as three:
        page(bos_desk, case)
    assert len(one) == len(three) <= 20


def test_solved_case_takes_at_most_six_statements_more(
    bos_desk: Client, bo: Actor, club: Club, ann_person: Person, at: datetime
) -> None:
    case = solve(make_case(club, at=at, subject=ann_person), actor=bo, at=at)
    page(bos_desk, case)
    with CaptureQueriesContext(connection) as seen:
        page(bos_desk, case)
    assert len(seen) <= 26


def test_case_of_another_club_does_not_exist(dees_desk: Client, club: Club, at: datetime) -> None:
    case = make_case(club, at=at)
    assert dees_desk.get(f"/cases/{case.number}/").status_code == 404
    assert dees_desk.get("/cases/GD-999999/").status_code == 404


def test_case_number_with_a_nul_does_not_exist(bos_desk: Client) -> None:
    assert bos_desk.get("/cases/GD-1%00/").status_code == 404


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", "11 月 22 日 12:00 到期：从 11 月 21 日 12:00 起算 24 小时（24 小时连续计时）。"),
        ("en", "Due 22 Nov 12:00: 24 h around the clock from 21 Nov 12:00."),
    ],
)
def test_clock_explains_itself(lang: str, words: str, bos_desk: Client, club: Club, at: datetime) -> None:
    text = page(bos_desk, make_case(club, at=at), lang=lang)
    assert words in text
    assert 'href="/rules/F49/?club=main"' in text


def test_clock_that_is_late_is_red_and_a_missed_goal_is_amber(
    bos_desk: Client, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at - timedelta(hours=25))
    dials = bos_desk.get(f"/cases/{case.number}/").context["clocks"]
    told = Clock.objects.filter(case=case, promise__in=["first_response", "solution"])
    assert dict(told.values_list("promise", "strictness")) == {
        "first_response": "breach",
        "solution": "target",
    }
    late = [dial.left for dial in dials if dial.pk in {clock.pk for clock in told}]
    assert sorted(left.tone for left in late) == ["breach", "warn"]
    assert {left.words for left in late} <= {"超 1:10", "1:10 over"}


def test_clock_kept_says_when(bos_desk: Client, bo: Actor, club: Club, at: datetime) -> None:
    case = make_case(club, at=at)
    reply(case=case, text="收到。", actor=bo, at=at + timedelta(minutes=3))
    assert "Kept today 12:03" in page(bos_desk, case, lang="en")


def test_timeline_tells_words_and_deeds_in_order(
    bos_desk: Client, bo: Actor, bo_account: Account, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at, kind="inquiry")
    assign(case=case, owner=bo_account, actor=bo, at=at + timedelta(minutes=1))
    reply(case=case, text="正在核实。", actor=bo, at=at + timedelta(minutes=2))
    add_note(case=case, text="叫张伟去看。", actor=bo, at=at + timedelta(minutes=3))
    resolve(case=case, resolution="solved", text="修好了。", actor=bo, at=at + timedelta(minutes=4))
    lines = bos_desk.get(f"/cases/{case.number}/", {"lang": "en"}).context["lines"]
    assert [(line.sort, line.body) for line in lines] == [
        ("in", "二号场地板翘起，训练时绊了一下。"),
        ("system", "Received and filed as: Enquiry"),
        ("system", "Bo took the case"),
        ("out", "正在核实。"),
        ("note", "叫张伟去看。"),
        ("out", "修好了。"),
        ("system", "Bo solved the case: Solved"),
        ("system", "Next step: Done"),
    ]


def test_note_says_that_the_member_does_not_see_it(
    bos_desk: Client, bo: Actor, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at)
    add_note(case=case, text="叫张伟去看。", actor=bo, at=at)
    assert "Internal note · the member does not see this" in page(bos_desk, case, lang="en")


def test_automatic_line_is_told_apart_from_a_person(bos_desk: Client, club: Club, at: datetime) -> None:
    case = make_case(club, at=at)
    jobs.drain(at=at)
    lines = bos_desk.get(f"/cases/{case.number}/", {"lang": "en"}).context["lines"]
    assert [line.sort for line in lines] == ["in", "system", "system"]
    assert lines[-1].body.startswith("Sent automatically: ")


def test_long_timeline_begins_with_the_newest_and_leads_back(
    bos_desk: Client, bo: Actor, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at)
    for number in range(101):
        add_note(case=case, text=f"第 {number} 条", actor=bo, at=at + timedelta(seconds=number + 1))
    first = bos_desk.get(f"/cases/{case.number}/").context
    assert [line.body for line in first["lines"]] == [f"第 {number} 条" for number in range(1, 101)]
    earlier = bos_desk.get(f"/cases/{case.number}/", {"before": first["before"]}).context
    assert [line.sort for line in earlier["lines"]] == ["in", "system", "note"]
    assert earlier["before"] is None


def test_playbook_shows_what_is_done_now_and_ahead(
    bos_desk: Client, bo: Actor, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at, people="")
    finish_stage(case, actor=bo, at=at)
    parts = bos_desk.get(f"/cases/{case.number}/").context["parts"]
    assert [part.state for part in parts[:3]] == ["done", "current", "ahead"]
    assert all(step.by == "Bo" and step.task is None for step in parts[0].steps)
    assert all(step.open is not None for step in parts[1].steps)
    assert all(step.open is None for step in parts[2].steps)


def test_coach_finds_no_reply_and_no_phone(
    browser: Browser, cy: Actor, ann_person: Person, club: Club, at: datetime
) -> None:
    coach = make_account("coach", "coach", club)
    case = make_case(club, at=at, subject=ann_person)
    assign(case=case, owner=coach, actor=cy, at=at)
    text = page(browser(coach), case)
    assert f"/cases/{case.number}/note/" in text
    assert "/reveal/" not in text
    for deed in ("reply", "call", "assign", "contact", "resolve", "close"):
        assert f"/cases/{case.number}/{deed}/" not in text


def test_technician_reads_names_masked_everywhere(
    browser: Browser, cy: Actor, ann_person: Person, club: Club, at: datetime
) -> None:
    technician = make_account("tech", "technician", club)
    by_another = make_member(club, name="王大力", phone="13800138009", number="M0009")
    case = make_case(club, at=at - timedelta(hours=50), subject=ann_person, reporter=by_another)
    promise_contact(case=case, contact_at=at, actor=cy, at=at - timedelta(hours=1))
    assign(case=case, owner=technician, actor=cy, at=at)
    desk = browser(technician)
    for address in ("/", "/cases/", f"/cases/{case.number}/"):
        text = desk.get(address).content.decode()
        assert case.title in text
        assert "安*" in text, address
        for secret in ("安然", "王大力", "M0001", "M0009"):
            assert secret not in text, address


def test_agent_reads_names_in_full(bos_desk: Client, ann_person: Person, club: Club, at: datetime) -> None:
    case = make_case(club, at=at, subject=ann_person)
    assert "安然" in page(bos_desk, case)
    assert "安然" in bos_desk.get("/cases/").content.decode()


def test_case_speaks_in_its_clubs_time(bos_desk: Client, club: Club, at: datetime) -> None:
    Club.objects.filter(pk=club.pk).update(zone="America/New_York")
    club.refresh_from_db()
    text = page(bos_desk, make_case(club, at=at), lang="en")
    assert "today 23:00" in text, "of the evening before"
    assert "12:00" not in text


def test_closed_case_offers_nothing_to_write(bos_desk: Client, bo: Actor, club: Club, at: datetime) -> None:
    case = make_case(club, at=at)
    solve(case, actor=bo, at=at)
    ready_to_close(case, actor=bo, at=at)
    assert f"/cases/{case.number}/close/" in page(bos_desk, case)
    close(case=case, actor=bo, at=at)
    assert 'method="post" action="/cases/' not in page(bos_desk, case)


@pytest.mark.req("B18")
def test_case_warns_of_missing_facts(bos_desk: Client, club: Club, at: datetime) -> None:
    lacking = make_case(club, at=at, place="", people="")
    assert "Still missing:</b> where it happened, who was involved" in page(bos_desk, lacking, lang="en")
    assert "Still missing:" not in page(bos_desk, make_case(club, at=at), lang="en")


def test_phone_is_masked(bos_desk: Client, ann_person: Person, club: Club, at: datetime) -> None:
    text = page(bos_desk, make_case(club, at=at, subject=ann_person))
    assert "138****8000" in text
    assert "13800138000" not in text


def test_words_of_a_member_are_shown_as_text(bos_desk: Client, club: Club, at: datetime) -> None:
    text = page(bos_desk, make_case(club, at=at, narrative="<script>alert(1)</script>", place="<b>x"))
    assert "<script>alert" not in text
    assert "<b>x" not in text


@pytest.mark.req("B09")
def test_the_sub_class_is_chosen_with_the_facts(bos_desk: Client, club: Club, at: datetime) -> None:
    case = make_case(club, at=at, kind="complaint.service")
    bos_desk.cookies["lang"] = "en"
    assert '<option value="attitude">Attitude</option>' in page(bos_desk, case, lang="en")
    assert bos_desk.post(f"/cases/{case.number}/facts/", {"subclass": "floor"}).status_code == 422
    assert bos_desk.post(f"/cases/{case.number}/facts/", {"subclass": "attitude"}).status_code == 302
    assert "<dt>What exactly</dt><dd>Attitude</dd>" in page(bos_desk, case, lang="en")
    assert 'name="subclass"' not in page(bos_desk, make_case(club, at=at, kind="inquiry"))


@pytest.mark.req("F20")
def test_what_happened_to_a_merged_case_is_told_on_the_one_that_goes_on(
    bos_desk: Client, bo: Actor, ann_person: Person, club: Club, at: datetime
) -> None:
    kept = make_case(club, at=at, subject=ann_person)
    merged = make_case(club, at=at, subject=ann_person, people="")
    complete_facts(case=merged, people="本人", actor=bo, at=at)
    alone = page(bos_desk, kept, lang="en")
    assert "Bo added: who" not in alone
    merge = merge_cases(case=merged, into=kept, actor=bo, at=at)
    together = page(bos_desk, kept, lang="en")
    assert f"{merged.number}: Bo added: who" in together
    assert f"{merged.number}: Received and filed as" in together
    assert f"{kept.number}: " not in together
    unmerge_cases(merge=merge, actor=bo, at=at)
    assert "Bo added: who" not in page(bos_desk, kept, lang="en")


def test_a_clause_opens_in_the_book_of_the_case_s_club(bos_desk: Client, club: Club, at: datetime) -> None:
    text = page(bos_desk, make_case(club, at=at))
    assert not re.findall(r'href="/rules/[FB][0-9]+/"', text)
    assert 'href="/rules/B18/?club=main"' in text
    assert 'href="/rules/F49/?club=main"' in bos_desk.get("/").content.decode()
