"""Finding out, offering, agreeing, asking departments and what follows the solution, over the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clubassist.core.actor import SYSTEM, Actor
from clubassist.domain.cases.actions import add_evidence
from clubassist.domain.cases.actions.holding import COMPENSATION
from clubassist.domain.cases.models import Case, Offer, OfferState, Report, Task
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers.actions import open_budget
from clubassist.domain.ledgers.models import Hold
from clubassist.domain.members.models import Person
from clubassist.domain.people.actions import issue_token
from clubassist.domain.people.models import Account
from tests.makers.cases import draft_one, finish_stage, make_case, offer_one, solve, work_up_to
from tests.makers.files import received
from tests.makers.people import make_account, make_head
from tests.web.api.tokens import token_of

Call = Callable[..., Any]
OFFER = {"options": [{"words": "退还场租。", "remedy": "refund", "clause": "B24", "cost": 15_000}]}


@pytest.fixture(autouse=True)
def _now(club: Club, at: datetime) -> Iterator[None]:
    """Answer as of the moment of the tests; there is a fund."""
    open_budget(
        club=club, kind=COMPENSATION, year=2026, amount=300_000, clause="B51", limits={}, actor=SYSTEM, at=at
    )
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def case(club: Club, ann_person: Person, at: datetime) -> Case:
    """A complaint of Ann's."""
    return make_case(club, at=at, subject=ann_person)


@pytest.fixture
def verified(case: Case, bo: Actor, at: datetime) -> Case:
    """The complaint, verified."""
    return work_up_to(case, "propose", actor=bo, at=at)


@pytest.fixture
def cy_token(cy_account: Account) -> str:
    """Cy's token with everything a service manager may do."""
    return token_of(cy_account)


@pytest.mark.req("B24", "B25")
def test_an_offer_from_draft_to_the_members_yes(
    verified: Case, bo_token: str, ann_token: str, get: Call, post: Call
) -> None:
    answer = post(f"/cases/{verified.number}/offers", bo_token, OFFER)
    assert answer.status_code == 201
    offer = answer.json()["id"]
    assert get(f"/me/cases/{verified.number}", ann_token).json()["offers"] == []
    sent = post(f"/offers/{offer}/send", bo_token)
    assert (sent.status_code, sent.json()["stage"]) == (200, "decide")
    (mine,) = get(f"/me/cases/{verified.number}", ann_token).json()["offers"]
    assert (mine["id"], mine["state"], mine["options"][0]["words"]) == (offer, "sent", "退还场租。")
    yes = {"option": mine["options"][0]["id"], "text": "好的"}
    agreed = post(f"/me/cases/{verified.number}/offers/{offer}/answer", ann_token, yes)
    assert (agreed.status_code, agreed.json()["state"]) == (200, "accepted")
    again = post(f"/me/cases/{verified.number}/offers/{offer}/answer", ann_token, yes)
    assert (again.status_code, again.json()["code"]) == (409, "offer-answered")
    (shown,) = get(f"/cases/{verified.number}/offers", bo_token).json()["offers"]
    assert (shown["state"], shown["answer_channel"], shown["words"]) == ("accepted", "web", "好的")
    assert [option["chosen"] for option in shown["options"]] == [True]
    assert Hold.objects.get().state == "committed"


@pytest.mark.req("B24")
def test_the_same_key_makes_one_offer(verified: Case, bo_token: str, post: Call) -> None:
    address = f"/cases/{verified.number}/offers"
    first, second = (post(address, bo_token, OFFER, key="once") for _ in range(2))
    assert first.json() == second.json()
    assert Offer.objects.count() == Hold.objects.count() == 1


@pytest.mark.req("B25", "B27")
def test_a_no_needs_words_and_opens_the_next_round(
    verified: Case, bo: Actor, at: datetime, bo_token: str, ann_token: str, post: Call
) -> None:
    for round_, (address, body) in enumerate(
        [("/me/cases/{case}/offers/{offer}/answer", {}), ("/offers/{offer}/answer", {"channel": "phone"})], 1
    ):
        offer = offer_one(verified, actor=bo, at=at)
        token = ann_token if "/me/" in address else bo_token
        address = address.format(case=verified.number, offer=offer.pk)
        silent = post(address, token, body)
        assert (silent.status_code, silent.json()["field"]) == (422, "text")
        assert post(address, token, body | {"text": "不够"}).status_code == 200
        offer.refresh_from_db()
        assert (offer.round, offer.state, offer.answer_words) == (round_, OfferState.DECLINED, "不够")
        verified.refresh_from_db()


@pytest.mark.req("B25")
def test_a_colleague_does_not_tap_for_the_member(
    verified: Case, bo: Actor, at: datetime, bo_token: str, post: Call
) -> None:
    offer = offer_one(verified, actor=bo, at=at)
    body = {"option": offer.options.get().pk, "channel": "web"}
    answer = post(f"/offers/{offer.pk}/answer", bo_token, body)
    assert (answer.status_code, answer.json()["field"]) == (422, "channel")
    unknown = post(f"/offers/{offer.pk}/answer", bo_token, {"option": 999_999, "channel": "phone"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "option-unknown")


@pytest.mark.req("B06")
def test_an_offer_above_the_limit_waits_for_another(
    verified: Case, club: Club, bo_token: str, cy_token: str, get: Call, post: Call
) -> None:
    dear = {"options": [OFFER["options"][0] | {"cost": 50_000}]}
    offer = post(f"/cases/{verified.number}/offers", bo_token, dear).json()["id"]
    early = post(f"/offers/{offer}/send", bo_token)
    assert (early.status_code, early.json()["code"]) == (422, "approval-missing")
    assert post(f"/offers/{offer}/approve", bo_token).status_code == 403
    boss = token_of(make_account("boss", "management", club))
    for token in (cy_token, boss):
        assert [row["id"] for row in get("/offers", token).json()["offers"]] == [offer]
    assert get(f"/cases/{verified.number}/offers", boss).status_code == 403
    assert post(f"/offers/{offer}/approve", cy_token).status_code == 200
    assert get("/offers", cy_token).json() == {"offers": [], "next": None}
    assert post(f"/offers/{offer}/send", bo_token).status_code == 200


@pytest.mark.req("B24")
def test_a_withdrawn_offer_frees_what_was_set_aside(
    verified: Case, bo: Actor, at: datetime, bo_token: str, ann_token: str, get: Call, post: Call
) -> None:
    offer = offer_one(verified, actor=bo, at=at, cost=10_000)
    assert post(f"/offers/{offer.pk}/withdraw", bo_token, {"reason": "算错"}).status_code == 200
    assert Hold.objects.get().state == "released"
    (mine,) = get(f"/me/cases/{verified.number}", ann_token).json()["offers"]
    assert (mine["state"], mine["words"]) == ("withdrawn", "")


@pytest.mark.req("B24")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"options": []}, "options"),
        ({"options": [{"words": "x", "remedy": "gold", "clause": "B24"}]}, "option1_remedy"),
        ({"options": [{"words": "x", "remedy": "refund", "clause": "B24", "cost": -1}]}, "options.0.cost"),
        ({"options": [{"words": "x", "remedy": "refund", "clause": "B24", "cost": 1.5}]}, "options.0.cost"),
        ({"options": [{"words": "x", "remedy": "refund", "clause": "B24", "cost": 400_000}]}, "option1_cost"),
        ({"options": [{"words": "x", "remedy": "refund", "clause": "Z9"}]}, "option1_clause"),
    ],
)
def test_an_offer_is_refused_at_the_field(
    verified: Case, bo_token: str, post: Call, change: dict[str, Any], field: str
) -> None:
    answer = post(f"/cases/{verified.number}/offers", bo_token, change)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert not Offer.objects.exists()


@pytest.mark.req("B24")
def test_an_integration_makes_no_offer(verified: Case, bo_account: Account, at: datetime, post: Call) -> None:
    scopes = frozenset({"case.read", "offer.make"})
    token = issue_token(
        account=bo_account, label="site", scopes=scopes, integration=True, actor=SYSTEM, at=at
    )
    assert post(f"/cases/{verified.number}/offers", token, OFFER).status_code == 403


@pytest.mark.req("B23")
def test_evidence_finding_and_two_signatures(
    case: Case, club: Club, bo: Actor, at: datetime, bo_token: str, get: Call, post: Call
) -> None:
    work_up_to(case, "verify", actor=bo, at=at)
    body = {"conclusion": "true", "summary": "翘起属实。", "department": "venue"}
    early = post(f"/cases/{case.number}/finding", bo_token, body)
    assert (early.status_code, early.json()["code"]) == (422, "evidence-missing")
    written = post(f"/cases/{case.number}/evidence", bo_token, {"kind": "photo", "words": "翘起两厘米"})
    assert written.status_code == 201
    add_evidence(case=case, kind="record", words="巡检记录", files=[received()], actor=bo, at=at)
    rows = get(f"/cases/{case.number}/evidence", bo_token).json()["evidence"]
    assert [(row["words"], row["files"]) for row in rows] == [("翘起两厘米", 0), ("巡检记录", 1)]
    assert get(f"/cases/{case.number}/finding", bo_token).json() == {"finding": None}
    finding = post(f"/cases/{case.number}/finding", bo_token, body).json()["id"]
    head = token_of(make_head(club))
    assert get(f"/cases/{case.number}/finding", head).status_code == 404
    assert post(f"/findings/{finding}/sign", bo_token, {"side": "department"}).status_code == 403
    assert post(f"/findings/{finding}/sign", bo_token, {"side": "service"}).json()["stage"] == "verify"
    assert post(f"/findings/{finding}/sign", head, {"side": "department"}).json()["stage"] == "propose"
    shown = get(f"/cases/{case.number}/finding", bo_token).json()["finding"]
    assert shown["signed_by_service"]["by"] == "Bo"
    assert shown["signed_by_department"]["by"] == "Head"


@pytest.mark.req("B20")
def test_a_department_is_asked_takes_it_on_and_hands_it_out(
    case: Case, club: Club, cy_account: Account, bo_token: str, get: Call, post: Call
) -> None:
    asked = post(f"/cases/{case.number}/tasks", bo_token, {"department": "venue", "words": "看看灯"})
    assert asked.status_code == 201
    task, head = asked.json()["id"], token_of(make_head(club))
    (row,) = get("/tasks?whose=club", head).json()["tasks"]
    assert (row["id"], row["words"], row["acknowledged_at"]) == (task, "看看灯", None)
    assert post(f"/tasks/{task}/acknowledge", bo_token).status_code == 403
    assert post(f"/tasks/{task}/acknowledge", head).status_code == 200
    again = post(f"/tasks/{task}/acknowledge", head)
    assert (again.status_code, again.json()["code"]) == (409, "task-acknowledged")
    nobody = post(f"/tasks/{task}/assign", head, {"assignee": "nobody"})
    assert (nobody.status_code, nobody.json()["field"]) == (422, "assignee")
    assert post(f"/tasks/{task}/assign", head, {"assignee": "CY"}).status_code == 200
    assert Task.objects.get(pk=task).assignee == cy_account


@pytest.mark.req("B20")
def test_a_step_is_sent_to_a_department(case: Case, bo_token: str, post: Call) -> None:
    step = Task.objects.filter(case=case, gate="").first()
    assert step is not None
    unknown = post(f"/tasks/{step.pk}/send", bo_token, {"department": "kitchen"})
    assert (unknown.status_code, unknown.json()["field"]) == (422, "department")
    assert post(f"/tasks/{step.pk}/send", bo_token, {"department": "venue"}).status_code == 200
    again = post(f"/tasks/{step.pk}/send", bo_token, {"department": "venue"})
    assert (again.status_code, again.json()["code"]) == (409, "task-sent")


@pytest.mark.req("B28")
def test_a_report_is_read_by_a_superior(
    case: Case, bo: Actor, at: datetime, bo_token: str, cy_token: str, get: Call, post: Call
) -> None:
    solve(case, actor=bo, at=at)
    body = {"cause": "venue", "text": "受潮起翘，已换。"}
    assert post(f"/cases/{case.number}/report", cy_token, body).status_code == 200
    report = Report.objects.get()
    as_read = {"written_at": report.written_at.isoformat()}
    assert post(f"/reports/{report.pk}/read", bo_token, as_read).status_code == 403
    own = post(f"/reports/{report.pk}/read", cy_token, as_read)
    assert (own.status_code, own.json()["code"]) == (403, "own-report")
    assert post(f"/cases/{case.number}/report", bo_token, body).status_code == 200
    stale = {"written_at": (report.written_at - timedelta(seconds=1)).isoformat()}
    rewritten = post(f"/reports/{report.pk}/read", cy_token, stale)
    assert (rewritten.status_code, rewritten.json()["code"]) == (409, "report-rewritten")
    assert post(f"/reports/{report.pk}/read", cy_token, as_read).status_code == 200
    (row,) = get(f"/cases/{case.number}/reports", bo_token).json()["reports"]
    assert (row["written_by"], row["read_by"], row["cause"]) == ("Bo", "Cy", "venue")


@pytest.mark.req("F52")
def test_follow_up_calls_are_listed_with_their_tries(
    case: Case, bo: Actor, at: datetime, bo_token: str, get: Call, post: Call
) -> None:
    solve(case, actor=bo, at=at)
    address = f"/cases/{case.number}/follow-ups"
    with time_machine.travel(at + timedelta(days=4), tick=False):
        call = {"promise": "call_back_3", "outcome": "not_reached"}
        assert post(address, bo_token, call).status_code == 200
    first, second = get(address, bo_token).json()["follow_ups"]
    assert (first["promise"], first["tries"], first["outcome"]) == ("call_back_3", 1, "")
    assert (second["promise"], second["tries"]) == ("call_back_30", 0)


@pytest.mark.req("B90")
def test_a_clock_tells_its_pauses(case: Case, bo_token: str, get: Call, post: Call) -> None:
    solution = case.clocks.get(promise="solution")
    body = {"reason": "part", "evidence": "订单 12"}
    post(f"/cases/{case.number}/clocks/{solution.pk}/pause", bo_token, body)
    clocks = get(f"/cases/{case.number}/clocks", bo_token).json()["clocks"]
    (pause,) = next(one["pauses"] for one in clocks if one["id"] == solution.pk)
    assert (pause["reason"], pause["evidence"], pause["by"]) == ("part", "订单 12", "Bo")
    assert pause["resumed_at"] is None


@pytest.mark.req("F25")
def test_another_club_s_things_do_not_exist(
    case: Case, bo: Actor, at: datetime, dee_token: str, get: Call, post: Call
) -> None:
    finish_stage(work_up_to(case, "verify", actor=bo, at=at), actor=bo, at=at)
    offer, finding = draft_one(case, actor=bo, at=at), case.findings.get()
    for rest in ("offers", "evidence", "finding", "reports", "follow-ups"):
        assert get(f"/cases/{case.number}/{rest}", dee_token).status_code == 404
    assert post(f"/offers/{offer.pk}/send", dee_token).status_code == 404
    assert post(f"/offers/{offer.pk}/withdraw", dee_token, {"reason": "x"}).status_code == 404
    assert post(f"/findings/{finding.pk}/sign", dee_token, {"side": "service"}).status_code == 404


@pytest.mark.parametrize("rounds", [1, 3])
def test_offers_take_the_same_statements_for_one_round_and_three(
    verified: Case, cy: Actor, at: datetime, bo_token: str, get: Call, post: Call, rounds: int
) -> None:
    for n in range(rounds):
        offer = offer_one(verified, actor=cy, at=at)
        if n < rounds - 1:
            post(f"/offers/{offer.pk}/answer", bo_token, {"text": "不够", "channel": "phone"})
            verified.refresh_from_db()
    with CaptureQueriesContext(connection) as statements:
        assert len(get(f"/cases/{verified.number}/offers", bo_token).json()["offers"]) == rounds
    assert len(statements) <= 4
