"""Deeds on a case: what they do, what they refuse, and that nothing typed is lost."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import assign, complete_facts, reply
from clubassist.domain.cases.models import Case, Clock, Task
from clubassist.domain.channels.models import Message
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from clubassist.web.desk.forms import CALL_WORDS
from tests.makers.cases import make_case, ready_to_close, solve, work_up_to
from tests.makers.clubs import make_sensitive
from tests.makers.people import make_account
from tests.web.desk.conftest import Browser

WORDS: dict[str, dict[str, Any]] = {
    "reply": {"text": "您好，我们正在核实。"},
    "call": {"outcome": "reached", "text": "电话里说明了情况。"},
    "note": {"text": "叫张伟去看。"},
    "contact": {"contact_at": "2026-11-21T18:00"},
    "resolve": {"resolution": "solved", "text": "地板已修好并复检。"},
}


@pytest.fixture
def case(club: Club, at: datetime) -> Case:
    """A case without an owner."""
    return make_case(club, at=at)


def post(client: Client, case: Case, deed: str, **given: Any) -> Any:
    """Send one of the case's forms, in English."""
    return client.post(f"/cases/{case.number}/{deed}/?lang=en", given)


def test_reply_reaches_the_member_and_keeps_the_first_response(
    bos_desk: Client, case: Case, now: datetime
) -> None:
    response = post(bos_desk, case, "reply", seen=case.version, **WORDS["reply"])
    assert response.status_code == 302
    assert response["Location"] == f"/cases/{case.number}/"
    message = Message.objects.get(direction="out")
    assert (message.body, message.author.name if message.author else "") == ("您好，我们正在核实。", "Bo")
    assert Clock.objects.get(case=case, promise="first_response").met_at == now


def test_call_and_note_are_kept_as_such(bos_desk: Client, case: Case) -> None:
    post(bos_desk, case, "call", seen=case.version, **WORDS["call"])
    post(bos_desk, case, "note", **WORDS["note"])
    kept = set(Message.objects.exclude(direction="in").values_list("direction", "body"))
    assert kept == {("call", "电话里说明了情况。"), ("note", "叫张伟去看。")}


def test_call_that_nobody_answered_is_shown_and_answers_nothing(bos_desk: Client, case: Case) -> None:
    page = bos_desk.get(f"/cases/{case.number}/").content.decode()
    assert re.findall(r'<input type="radio" name="outcome" value="(\w+)"', page) == list(CALL_WORDS)
    untold = post(bos_desk, case, "call", text="我打过了。")
    assert (untold.status_code, list(untold.context["forms"]["call"].errors)) == (422, ["outcome"])
    assert post(bos_desk, case, "call", outcome="not_reached", seen=case.version).status_code == 302
    assert post(bos_desk, case, "call", outcome="left_message", text="请他回电。").status_code == 302
    shown = bos_desk.get(f"/cases/{case.number}/?lang=zh").content.decode()
    assert "打过电话，没有接通" in shown
    assert "打过电话，留了口信" in shown
    assert "请他回电。" in shown
    assert Clock.objects.get(case=case, promise="first_response").running


def test_second_hand_is_told_and_its_text_kept(bos_desk: Client, cys_desk: Client, case: Case) -> None:
    seen = case.version
    assert post(cys_desk, case, "reply", seen=seen, text="我来回复。").status_code == 302
    response = post(bos_desk, case, "reply", seen=seen, text="我也在写。")
    text = response.content.decode()
    assert response.status_code == 409
    assert "Somebody changed this case a moment ago." in text
    assert "我也在写。" in text
    assert "我来回复。" in text
    assert not Message.objects.filter(body="我也在写。").exists()
    found = re.search(r'action="[^"]+/reply/".*?name="seen" value="(\d+)"', text, re.S)
    assert found is not None
    assert post(bos_desk, case, "reply", seen=found[1], text="我也在写。").status_code == 302


def test_second_to_promise_contact_is_told(bos_desk: Client, cys_desk: Client, case: Case) -> None:
    seen = _seen(bos_desk, case, "contact")
    assert post(cys_desk, case, "contact", seen=seen, contact_at="2026-11-21T18:00").status_code == 302
    late = post(bos_desk, case, "contact", seen=seen, contact_at="2026-11-22T09:00")
    assert late.status_code == 409
    assert 'value="2026-11-22T09:00"' in late.content.decode(), "what was typed is kept"


def test_second_to_close_is_told(bos_desk: Client, bo: Actor, case: Case, at: datetime) -> None:
    ready_to_close(solve(case, actor=bo, at=at), actor=bo, at=at)
    seen = _seen(bos_desk, case, "close")
    reply(case=case, text="补充一句。", actor=bo, at=at)
    late = post(bos_desk, case, "close", seen=seen)
    assert late.status_code == 409
    assert "Somebody changed this case a moment ago." in late.content.decode()
    assert post(bos_desk, case, "close", seen=_seen(bos_desk, case, "close")).status_code == 302


def _seen(client: Client, case: Case, deed: str) -> str:
    """Return the version that one of the forms on the case's page carries."""
    text = client.get(f"/cases/{case.number}/").content.decode()
    found = re.search(rf'action="[^"]+/{deed}/"(?:(?!</form>).)*name="seen" value="(\d+)"', text, re.S)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("deed", ["reply", "call", "note", "resolve"])
@pytest.mark.parametrize(
    ("bad", "mend"),
    [
        ("", "Write .*"),
        ("a\0b", "Null characters are not allowed."),
        (
            "长" * 10_001,
            "(Shorten this to 10,000 characters.|Ensure this value has at most 10000 characters .*)",
        ),
    ],
)
def test_bad_text_is_refused_at_its_field(
    deed: str, bad: str, mend: str, bos_desk: Client, case: Case
) -> None:
    given = {"resolve": {"resolution": "solved"}, "call": {"outcome": "reached"}}.get(deed, {})
    response = post(bos_desk, case, deed, text=bad, **given)
    assert response.status_code == 422
    page = response.content.decode()
    assert list(response.context["forms"][deed].errors) == ["text"]
    assert re.search(rf'id="{deed}_text_error">.*?<span>{mend}</span>', page)
    assert "<title>Error:" in page


@pytest.mark.parametrize("deed", WORDS)
def test_deeds_out_of_sight_do_not_exist(deed: str, dees_desk: Client, case: Case) -> None:
    assert post(dees_desk, case, deed, **WORDS[deed]).status_code == 404
    assert Message.objects.count() == 1
    case.refresh_from_db()
    assert case.version == 1


def test_coach_may_note_but_not_reply(
    browser: Browser, cy: Actor, club: Club, case: Case, at: datetime
) -> None:
    coach = make_account("coach", "coach", club)
    assign(case=case, owner=coach, actor=cy, at=at)
    client = browser(coach)
    assert post(client, case, "note", **WORDS["note"]).status_code == 302
    assert post(client, case, "reply", **WORDS["reply"]).status_code == 404


@pytest.mark.parametrize("deed", ["reply", "note", "call", "assign", "contact", "facts", "resolve", "close"])
def test_deeds_are_no_gets(deed: str, bos_desk: Client, case: Case) -> None:
    assert bos_desk.get(f"/cases/{case.number}/{deed}/").status_code == 405


@pytest.mark.req("A11")
def test_assign_gives_the_case_one_owner(
    bos_desk: Client, case: Case, bo_account: Account, cy_account: Account, dee_account: Account
) -> None:
    post(bos_desk, case, "assign", owner=bo_account.pk, seen=case.version)
    case.refresh_from_db()
    assert case.owner == bo_account
    stale = post(bos_desk, case, "assign", owner=cy_account.pk, seen=1)
    assert stale.status_code == 409
    elsewhere = post(bos_desk, case, "assign", owner=dee_account.pk, seen=case.version)
    assert elsewhere.status_code == 422
    case.refresh_from_db()
    assert case.owner == bo_account


def test_handing_a_sensitive_case_on_leads_back_to_the_queue(
    bos_desk: Client, bo: Actor, cy_account: Account, club: Club, at: datetime
) -> None:
    make_sensitive(club, "complaint.service")
    case = make_case(club, at=at, kind="complaint.service", channel="desk", actor=bo)
    given = {"owner": cy_account.pk, "seen": case.version, "note": "家长下午来店。"}
    silent = post(bos_desk, case, "assign", **given)
    assert silent.status_code == 422
    assert "Say why you hand the case on." in silent.content.decode()
    assert "家长下午来店。" in silent.content.decode(), "what was typed is kept"
    response = post(bos_desk, case, "assign", reason="shift_end", **given)
    assert (response.status_code, response["Location"]) == (302, "/cases/")
    assert Message.objects.filter(direction="note", body="家长下午来店。").exists()
    assert bos_desk.get(f"/cases/{case.number}/").status_code == 404


@pytest.mark.req("B03")
def test_next_contact_is_noted_in_local_time(bos_desk: Client, case: Case, at: datetime) -> None:
    assert post(bos_desk, case, "contact", contact_at="2026-11-21T18:00").status_code == 302
    case.refresh_from_db()
    assert case.next_contact_at == at + timedelta(hours=6)


def test_next_contact_is_typed_in_the_clubs_time(
    bos_desk: Client, club: Club, case: Case, at: datetime
) -> None:
    Club.objects.filter(pk=club.pk).update(zone="America/New_York")
    assert post(bos_desk, case, "contact", contact_at="2026-11-21T05:00").status_code == 302
    case.refresh_from_db()
    assert case.next_contact_at == at + timedelta(hours=6)


@pytest.mark.parametrize("moment", ["", "gestern", "2026-11-21T11:00", "2027-11-21T11:00", "\0"])
def test_impossible_next_contact_is_refused_at_its_field(moment: str, bos_desk: Client, case: Case) -> None:
    response = post(bos_desk, case, "contact", contact_at=moment)
    assert response.status_code == 422
    assert list(response.context["forms"]["contact"].errors) == ["contact_at"]


@pytest.mark.req("B18")
def test_missing_facts_are_filled_in_and_wrong_ones_put_right(
    bos_desk: Client, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at, place="", people="")
    given = {"place": "一号场东侧", "people": "两位家长", "occurred_words": "改成下午", "seen": case.version}
    post(bos_desk, case, "facts", **given)
    case.refresh_from_db()
    assert (case.place, case.people, case.occurred_words) == ("一号场东侧", "两位家长", "改成下午")
    page = bos_desk.get(f"/cases/{case.number}/?lang=en").content.decode()
    assert "Bo put facts right" in page
    assert "今天上午九点半" in page


def test_facts_typed_beside_a_colleague_are_kept_on_the_form(
    bos_desk: Client, bo: Actor, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at, place="")
    complete_facts(case=case, place="更衣室", actor=bo, at=at)
    response = post(bos_desk, case, "facts", place="一号场东侧", seen=case.version)
    assert response.status_code == 409
    assert "一号场东侧" in response.content.decode()
    case.refresh_from_db()
    assert case.place == "更衣室"


@pytest.mark.req("B19")
def test_kind_and_urgency_are_changed_with_a_reason(bos_desk: Client, case: Case) -> None:
    assert "Change kind or urgency" in bos_desk.get(f"/cases/{case.number}/?lang=en").content.decode()
    wanted = {"kind": "complaint.service", "urgency": "urgent", "seen": case.version}
    silent = post(bos_desk, case, "class", **wanted)
    assert silent.status_code == 422
    assert "Say why" in silent.content.decode()
    assert post(bos_desk, case, "class", reason="是态度问题", **wanted).status_code == 302
    case.refresh_from_db()
    assert (case.kind, case.urgency) == ("complaint.service", "urgent")
    page = bos_desk.get(f"/cases/{case.number}/?lang=en").content.decode()
    assert "Bo changed kind and urgency: Service complaint, Urgent" in page
    assert "是态度问题" in page


@pytest.mark.parametrize("deed", ["reply", "call", "resolve", "facts", "ask"])
def test_on_a_case_that_was_closed_meanwhile_the_words_are_kept(
    bos_desk: Client, case: Case, at: datetime, deed: str
) -> None:
    given = {**WORDS, "facts": {"people": "两位家长"}, "ask": {"department": "venue", "words": "看看灯"}}[
        deed
    ]
    Case.objects.filter(pk=case.pk).update(state="closed", resolved_at=at, closed_at=at)
    response = post(bos_desk, case, deed, **given)
    page = response.content.decode()
    assert response.status_code in (409, 422)
    assert "What you typed is kept here" in page
    assert given.get("text", given.get("people", given.get("words"))) in page
    assert f'action="/cases/{case.number}/{deed}/"' in page


@pytest.mark.parametrize(
    ("deed", "given"),
    [("note", {"text": "叫张伟去看。"}), ("ask", {"department": "venue", "words": "看看灯"})],
)
def test_sent_twice_it_is_done_once(bos_desk: Client, case: Case, deed: str, given: dict[str, str]) -> None:
    page = bos_desk.get(f"/cases/{case.number}/").content.decode()
    key = re.search(r'name="once" value="([^"]+)"', page)
    assert key is not None
    for _twice in range(2):
        assert post(bos_desk, case, deed, once=key[1], **given).status_code == 302
    assert Message.objects.filter(direction="note").count() + Task.objects.sent().count() == 1


@pytest.mark.parametrize("deed", ["reply", "call"])
def test_a_double_click_on_what_was_seen_is_done_once_and_no_conflict(
    bos_desk: Client, case: Case, deed: str
) -> None:
    page = bos_desk.get(f"/cases/{case.number}/").content.decode()
    form = re.search(rf'<form class="sa-write" id="write-{deed}".*?</form>', page, re.S)
    assert form is not None
    sent = WORDS[deed] | dict(re.findall(r'type="hidden" name="(seen|once)" value="([^"]+)"', form[0]))
    for _twice in range(2):
        assert post(bos_desk, case, deed, **sent).status_code == 302
    assert Message.objects.exclude(direction="in").count() == 1


def test_facts_too_long_for_their_place_are_refused(bos_desk: Client, club: Club, at: datetime) -> None:
    response = post(bos_desk, make_case(club, at=at, place=""), "facts", place="长" * 121)
    assert response.status_code == 422
    assert "长" * 121 in response.content.decode()


def test_resolve_tells_the_member_and_close_ends(
    bos_desk: Client, bo: Actor, case: Case, at: datetime
) -> None:
    early = post(bos_desk, case, "close")
    assert early.status_code == 422
    assert "Solve the case and tell the member first, then close it." in early.content.decode()
    work_up_to(case, actor=bo, at=at)
    assert post(bos_desk, case, "resolve", seen=case.version, **WORDS["resolve"]).status_code == 302
    ready_to_close(case, actor=bo, at=at)
    assert post(bos_desk, case, "close").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.resolution) == ("closed", "solved")
    late = post(bos_desk, case, "note", text="还有一句。")
    assert late.status_code == 422
    assert "This case is closed." in late.content.decode()


def test_unknown_result_is_refused_and_the_text_kept(bos_desk: Client, case: Case) -> None:
    response = post(bos_desk, case, "resolve", resolution="magic", text="都好了。")
    assert response.status_code == 422
    assert "都好了。" in response.content.decode()


def test_task_is_ticked_once(bos_desk: Client, case: Case) -> None:
    task = Task.objects.filter(case=case).earliest("pk")
    assert bos_desk.post(f"/tasks/{task.pk}/done/").status_code == 302
    task.refresh_from_db()
    assert task.done_at is not None
    again = bos_desk.post(f"/tasks/{task.pk}/done/?lang=en")
    assert again.status_code == 409
    assert "This step was done already." in again.content.decode()


def test_task_of_another_club_does_not_exist(dees_desk: Client, case: Case) -> None:
    task = Task.objects.filter(case=case).earliest("pk")
    assert dees_desk.post(f"/tasks/{task.pk}/done/").status_code == 404
    assert dees_desk.post("/tasks/99999999999999999999/done/").status_code == 404
    task.refresh_from_db()
    assert task.done_at is None


def test_deed_needs_the_form_s_token(bo_account: Account, case: Case) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bo_account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert post(client, case, "note", text="x").status_code == 403


def test_visitor_is_sent_to_the_sign_in(case: Case) -> None:
    response = Client().get(f"/cases/{case.number}/")
    assert response.status_code == 302
    assert "login" in response["Location"]


def test_member_does_not_reach_the_desk(browser: Browser, ann: Actor, case: Case) -> None:
    client = browser(Account.objects.get(pk=ann.account))
    assert client.get("/").status_code == 404
    assert client.get(f"/cases/{case.number}/").status_code == 404


def test_reply_to_a_solved_case_keeps_it_solved(
    bos_desk: Client, bo: Actor, case: Case, at: datetime
) -> None:
    solve(case, actor=bo, at=at)
    reply(case=case, text="补充一句。", actor=bo, at=at)
    text = bos_desk.get(f"/cases/{case.number}/").content.decode()
    assert f"/cases/{case.number}/resolve/" not in text
    assert f"/cases/{case.number}/close/" in text


@pytest.mark.parametrize("deed", ["reply", "note"])
def test_other_words_from_a_page_that_was_sent_are_kept_and_can_be_sent(
    bos_desk: Client, club: Club, at: datetime, deed: str
) -> None:
    case = make_case(club, at=at)
    address = f"/cases/{case.number}/{deed}/?lang=en"
    sent = {"seen": case.version, "once": str(uuid.uuid4())}
    assert bos_desk.post(address, sent | {"text": "在看。"}).status_code == 302
    refused = bos_desk.post(address, sent | {"text": "明天修。"})
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "You sent this form before." in text
    assert "明天修。" in text
    form = text[text.index(f'id="write-{deed}"') :]
    fresh = dict(re.findall(r'name="(once|seen)" value="([^"]+)"', form.partition("</form>")[0]))
    assert fresh["once"] != sent["once"]
    assert bos_desk.post(address, fresh | {"text": "明天修。"}).status_code == 302
    assert Message.objects.filter(body="明天修。").count() == 1
