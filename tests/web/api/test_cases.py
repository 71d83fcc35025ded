"""Cases by the API: what is seen, what is masked, and everything staff do with a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clubassist.core import clock
from clubassist.core.actor import SYSTEM, Actor
from clubassist.domain.cases.actions import add_note
from clubassist.domain.cases.models import Case, Task
from clubassist.domain.channels.models import Message
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.actions import issue_token
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import staff_actor
from tests.makers.cases import finish_stage, make_case, work_up_to
from tests.makers.people import make_account
from tests.web.api.tokens import token_of

Call = Callable[..., Any]


@pytest.fixture
def case(club: Club, ann_person: Person, at: datetime) -> Case:
    """A case of Ann's."""
    return make_case(club, at=at, subject=ann_person)


def test_a_case_is_read_whole(case: Case, bo_token: str, get: Call) -> None:
    body = get(f"/cases/{case.number}", bo_token).json()
    assert (body["number"], body["narrative"], body["missing"]) == (case.number, case.narrative, [])
    assert (body["subject"], body["club"], body["version"]) == ("安然", "main", 1)


@pytest.mark.req("F25")
def test_names_are_masked_for_a_token_that_may_not_look_members_up(
    case: Case, bo_account: Account, get: Call
) -> None:
    token = token_of(bo_account, frozenset({"case.read"}))
    assert get(f"/cases/{case.number}", token).json()["subject"] == "安*"
    assert get("/cases", token).json()["cases"][0]["subject"] == "安*"


@pytest.mark.req("F25")
@pytest.mark.parametrize("rest", ["", "/messages", "/clocks"])
def test_another_clubs_case_looks_like_no_case(case: Case, dee_token: str, get: Call, rest: str) -> None:
    foreign, absent = get(f"/cases/{case.number}{rest}", dee_token), get(f"/cases/GD-999{rest}", dee_token)
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_the_list_is_paged_without_gaps(club: Club, at: datetime, bo_token: str, get: Call) -> None:
    numbers = [make_case(club, at=at).number for _ in range(5)]
    seen, after = [], ""
    while True:
        page = get(f"/cases?limit=2{after}", bo_token).json()
        seen += [row["number"] for row in page["cases"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == numbers[::-1]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "most"),
    [("/cases", 2), ("/cases?view=mine", 2), ("/cases?club=main&state=open", 3), ("/tasks", 2)],
)
def test_lists_take_the_same_statements_for_one_row_and_three(
    club: Club, at: datetime, bo_token: str, get: Call, path: str, most: int, count: int
) -> None:
    for _ in range(count):
        make_case(club, at=at)
    with CaptureQueriesContext(connection) as statements:
        assert get(path, bo_token).status_code == 200
    assert len(statements) <= most


def test_the_list_is_filtered(
    club: Club, other_club: Club, bo_account: Account, at: datetime, bo_token: str, get: Call
) -> None:
    mine = make_case(club, at=at, actor=staff_actor(bo_account), channel="phone")
    free = make_case(club, at=at)
    make_case(other_club, at=at)

    def numbers(query: str) -> list[str]:
        return [row["number"] for row in get(f"/cases?{query}", bo_token).json()["cases"]]

    assert numbers("view=mine") == [mine.number]
    assert numbers("view=unassigned") == [free.number]
    assert numbers("view=club") == numbers("club=main") == numbers("state=open") == [free.number, mine.number]
    Case.objects.filter(pk=mine.pk).update(complexity="complex")
    assert numbers("view=complex") == [mine.number]
    assert numbers("club=other") == numbers("state=closed") == []


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "view=all", "state=lost", "after=0", "club=%00"]
)
def test_the_list_refuses_a_filter_that_cannot_be(club: Club, bo_token: str, get: Call, query: str) -> None:
    answer = get(f"/cases?{query}", bo_token)
    assert (answer.status_code, answer.json()["field"]) == (422, query.partition("=")[0])


def test_clocks_explain_themselves_in_both_languages(case: Case, bo_token: str, get: Call) -> None:
    clocks = get(f"/cases/{case.number}/clocks", bo_token).json()["clocks"]
    assert clocks[0]["promise"] == "judged", "the nearest comes first"
    first = next(clock for clock in clocks if clock["promise"] == "first_response")
    assert (first["seconds"], first["met_at"]) == (86_400, None)
    assert "11 月 22 日 12:00 到期" in first["why"]["zh"]
    assert "24 h around the clock" in first["why"]["en"]


def test_a_reply_keeps_the_promise_and_is_listed(case: Case, bo_token: str, get: Call, post: Call) -> None:
    answer = post(f"/cases/{case.number}/replies", bo_token, {"text": "我们已经在看了。"})
    assert answer.status_code == 201
    said = get(f"/cases/{case.number}/messages", bo_token).json()["messages"]
    assert [row["direction"] for row in said] == ["in", "out"]
    assert (said[1]["id"], said[1]["author"]) == (answer.json()["message"], "Bo")
    assert case.clocks.get(promise="first_response").met_at is not None


def test_calls_and_notes_are_kept_apart_from_replies(
    case: Case, bo_token: str, get: Call, post: Call
) -> None:
    post(f"/cases/{case.number}/calls", bo_token, {"outcome": "reached", "text": "电话里说明了。"})
    post(f"/cases/{case.number}/notes", bo_token, {"text": "先问问场地部。"})
    said = get(f"/cases/{case.number}/messages?limit=2", bo_token).json()
    assert [row["direction"] for row in said["messages"]] == ["in", "call"]
    rest = get(f"/cases/{case.number}/messages?after={said['next']}", bo_token).json()
    assert ([row["direction"] for row in rest["messages"]], rest["next"]) == (["note"], None)


def test_a_call_says_whether_it_reached_the_member(case: Case, bo_token: str, get: Call, post: Call) -> None:
    untold = post(f"/cases/{case.number}/calls", bo_token, {"text": "打过了。"})
    assert (untold.status_code, untold.json()["field"]) == (422, "outcome")
    answer = post(f"/cases/{case.number}/calls", bo_token, {"outcome": "not_reached"})
    assert (answer.status_code, answer.json()["version"]) == (201, case.version)
    said = get(f"/cases/{case.number}/messages", bo_token).json()["messages"]
    assert [row["direction"] for row in said] == ["in", "not_reached"]
    assert case.clocks.get(promise="first_response").running


def test_an_integration_is_no_person(
    case: Case, bo_account: Account, at: datetime, get: Call, post: Call
) -> None:
    token = issue_token(
        account=bo_account,
        label="website",
        scopes=frozenset({"case.read", "case.reply"}),
        integration=True,
        actor=SYSTEM,
        at=at,
    )
    assert post(f"/cases/{case.number}/replies", token, {"text": "我们已收到。"}).status_code == 201
    said = get(f"/cases/{case.number}/messages", token).json()["messages"]
    assert [row["automatic"] for row in said] == [False, True]
    assert case.clocks.get(promise="first_response").running


def test_the_second_of_two_hands_is_told(case: Case, bo_token: str, post: Call) -> None:
    seen = case.version
    assert (
        post(f"/cases/{case.number}/replies", bo_token, {"text": "我先回。", "seen": seen}).status_code == 201
    )
    late = post(f"/cases/{case.number}/replies", bo_token, {"text": "我也回。", "seen": seen})
    assert (late.status_code, late.json()["code"]) == (409, "changed-meanwhile")
    assert Message.objects.filter(direction="out").count() == 1


@pytest.mark.parametrize("deed", ["contact", "close"])
def test_the_second_to_promise_or_close_is_told(case: Case, bo_token: str, post: Call, deed: str) -> None:
    seen = case.version
    post(f"/cases/{case.number}/replies", bo_token, {"text": "好了", "seen": seen})
    tomorrow = {"contact_at": (clock.now() + timedelta(days=1)).isoformat()} if deed == "contact" else {}
    late = post(f"/cases/{case.number}/{deed}", bo_token, {"seen": seen, **tomorrow})
    assert (late.status_code, late.json()["code"]) == (409, "changed-meanwhile")


@pytest.mark.parametrize("seen", [True, "1", 1.0, 0])
def test_a_version_is_a_whole_number_and_nothing_like_it(
    case: Case, bo_token: str, post: Call, seen: Any
) -> None:
    answer = post(f"/cases/{case.number}/replies", bo_token, {"text": "在看。", "seen": seen})
    assert (answer.status_code, answer.json()["field"]) == (422, "seen")


def test_assigning_names_a_colleague_of_the_club(
    case: Case, cy_account: Account, dee_account: Account, bo_token: str, post: Call
) -> None:
    assert post(f"/cases/{case.number}/assign", bo_token, {"owner": "CY"}).status_code == 200
    case.refresh_from_db()
    assert case.owner == cy_account
    elsewhere = post(f"/cases/{case.number}/assign", bo_token, {"owner": "dee"})
    nobody = post(f"/cases/{case.number}/assign", bo_token, {"owner": "nobody"})
    assert elsewhere.status_code == nobody.status_code == 422
    assert elsewhere.json() == nobody.json()


def test_the_next_contact_is_promised(case: Case, bo_token: str, post: Call) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    answer = post(f"/cases/{case.number}/contact", bo_token, {"contact_at": tomorrow.isoformat()})
    assert answer.status_code == 200
    case.refresh_from_db()
    assert case.next_contact_at == tomorrow
    past = post(f"/cases/{case.number}/contact", bo_token, {"contact_at": "2026-01-01T00:00:00Z"})
    assert (past.status_code, past.json()["field"]) == (422, "contact_at")


def test_a_case_is_solved_and_closed(case: Case, bo: Actor, bo_token: str, post: Call) -> None:
    early = post(f"/cases/{case.number}/close", bo_token)
    assert (early.status_code, early.json()["code"]) == (422, "not-resolved")
    done = {"resolution": "solved", "text": "地板已换好。"}
    hasty = post(f"/cases/{case.number}/resolve", bo_token, done)
    assert (hasty.status_code, hasty.json()["code"]) == (422, "steps-open")
    work_up_to(case, actor=bo, at=clock.now())
    solved = post(f"/cases/{case.number}/resolve", bo_token, done)
    assert (solved.status_code, solved.json()["state"]) == (200, "resolved")
    wordy = {"cause": "venue", "text": "受潮起翘，已换。"}
    assert post(f"/cases/{case.number}/report", bo_token, wordy).status_code == 200
    finish_stage(case, actor=bo, at=clock.now())
    call = {"promise": "call_back_3", "outcome": "solved", "score": 5, "text": "满意。"}
    early_call = post(f"/cases/{case.number}/follow-ups", bo_token, call)
    assert (early_call.status_code, early_call.json()["code"]) == (422, "call-too-early")
    case.follow_ups.filter(promise="call_back_3").update(opens_at=clock.now())
    assert post(f"/cases/{case.number}/follow-ups", bo_token, call).status_code == 200
    assert post(f"/cases/{case.number}/follow-ups", bo_token, call).status_code == 404
    closed = post(f"/cases/{case.number}/close", bo_token)
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")


def test_tasks_are_listed_and_ticked(case: Case, bo_token: str, get: Call, post: Call) -> None:
    assert get("/tasks", bo_token).json()["tasks"] == [], "nobody's yet"
    rows = get(f"/tasks?whose=club&case={case.number}", bo_token).json()["tasks"]
    assert "record-facts" not in {row["code"] for row in rows}, "it was told with the report"
    assert rows[0]["title"] == {"zh": "安抚情绪，耐心听完", "en": "Calm the member and hear them out"}
    wish = post(f"/cases/{case.number}/facts", bo_token, {"remedy_sought": "修好"})
    assert wish.status_code == 200
    judged = post(f"/cases/{case.number}/assess", bo_token, {"kind": case.kind, "urgency": "normal"})
    assert judged.status_code == 200
    gates = {"record-facts", "record-demand", "judge"}
    for row in (row for row in rows if row["code"] not in gates):
        ticked = post(f"/tasks/{row['id']}/done", bo_token)
        assert ticked.status_code == 200
    assert ticked.json()["stage"] == "verify"
    again = post(f"/tasks/{rows[0]['id']}/done", bo_token)
    assert (again.status_code, again.json()["code"]) == (409, "task-done")
    done = get(f"/tasks?whose=club&open=false&case={case.number}", bo_token).json()["tasks"]
    assert {row["id"] for row in done} >= {row["id"] for row in rows}
    assert {row["code"] for row in done} - {row["code"] for row in rows} == {"record-facts"}


def test_a_coach_works_on_what_is_assigned_to_them(club: Club, case: Case, get: Call, post: Call) -> None:
    account = make_account("coach", "coach", club)
    token = token_of(account)
    assert get("/cases", token).json()["cases"] == []
    assert get(f"/cases/{case.number}", token).status_code == 404
    task = Task.objects.filter(case=case).first()
    assert task is not None
    Task.objects.filter(pk=task.pk).update(assignee=account)
    assert [row["id"] for row in get("/tasks", token).json()["tasks"]] == [
        row.pk for row in Task.objects.filter(assignee=account)
    ]
    assert post(f"/tasks/{task.pk}/done", token).status_code == 200
    assert post(f"/cases/{case.number}/replies", token, {"text": "你好"}).status_code == 403


def test_no_answer_holds_a_contact(
    club: Club, ann_person: Person, bo_account: Account, at: datetime, bo_token: str, get: Call
) -> None:
    case = make_case(club, at=at, subject=ann_person)
    add_note(case=case, text="已核实。", actor=staff_actor(bo_account), at=at)
    for path in ("/cases", f"/cases/{case.number}", f"/cases/{case.number}/messages", "/tasks?whose=club"):
        assert "13800138000" not in get(path, bo_token).content.decode()
