"""The desk's side of verifying, offering and agreeing: panels, deeds, lists."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from clubassist.core.actor import SYSTEM, Actor
from clubassist.domain.cases.actions import accept_offer, add_evidence, close, decline_offer, write_finding
from clubassist.domain.cases.actions.holding import COMPENSATION
from clubassist.domain.cases.models import Case, Finding, Offer, OfferState
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers.actions import open_budget
from clubassist.domain.members.models import Person
from clubassist.domain.people.actions import hire
from clubassist.domain.people.models import Account
from tests.makers.cases import draft_one, make_case, offer_one, ready_to_close, solve, work_up_to
from tests.makers.people import make_account, make_head


@pytest.fixture(autouse=True)
def _fund(club: Club, at: datetime) -> None:
    open_budget(
        club=club, kind=COMPENSATION, year=2026, amount=300_000, clause="B51", limits={}, actor=SYSTEM, at=at
    )


@pytest.fixture
def case(club: Club, bo: Actor, at: datetime) -> Case:
    """A complaint that is to be verified."""
    return work_up_to(make_case(club, at=at), "verify", actor=bo, at=at)


@pytest.fixture
def verified(club: Club, bo: Actor, at: datetime) -> Case:
    """A complaint that was verified."""
    return work_up_to(make_case(club, at=at), "propose", actor=bo, at=at)


def reading(account: Account) -> Client:
    """Return a browser in which a colleague is signed in and reads English."""
    client = Client()
    client.cookies["lang"] = "en"
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def bos_desk(bo_account: Account) -> Client:
    """Bo's browser, in English."""
    return reading(bo_account)


def page_of(client: Client, case: Case) -> str:
    return client.get(f"/cases/{case.number}/").content.decode()


@pytest.mark.req("B23")
def test_evidence_finding_and_a_signature(bos_desk: Client, case: Case, club: Club) -> None:
    address = f"/cases/{case.number}/"
    assert "Write the finding" not in page_of(bos_desk, case)
    empty = bos_desk.post(f"{address}evidence/", {"kind": "photo", "words": ""})
    assert empty.status_code == 422
    assert bos_desk.post(f"{address}evidence/", {"kind": "photo", "words": "翘起两厘米"}).status_code == 302
    given = {"conclusion": "partly", "summary": "翘起属实。", "department": "venue"}
    assert bos_desk.post(f"{address}finding/", given | {"summary": ""}).status_code == 422
    assert bos_desk.post(f"{address}finding/", given).status_code == 302
    finding = Finding.objects.get()
    assert bos_desk.post(f"/findings/{finding.pk}/sign-service/").status_code == 302
    shown = page_of(bos_desk, case)
    assert "Partly true" in shown
    assert "Bo signed the finding" in shown
    refused = bos_desk.post(f"/findings/{finding.pk}/sign-department/")
    assert refused.status_code == 403


@pytest.mark.req("B23")
def test_the_head_signs_without_the_case(case: Case, club: Club, bo: Actor, at: datetime) -> None:
    add_evidence(case=case, kind="photo", words="翘起两厘米", actor=bo, at=at)
    finding = write_finding(
        case=case, conclusion="true", summary="翘起属实。", department="venue", actor=bo, at=at
    )
    head = reading(make_head(club))
    assert f"/findings/{finding.pk}/" in head.get("/tasks/").content.decode()
    assert head.get(f"/cases/{case.number}/").status_code == 404
    shown = head.get(f"/findings/{finding.pk}/").content.decode()
    assert "翘起两厘米" in shown
    assert case.narrative not in shown
    address = f"/findings/{finding.pk}/sign-department/"
    assert "Signed" in head.post(address, follow=True).content.decode()
    assert "This was signed already." in head.post(address, follow=True).content.decode()


@pytest.mark.req("B24", "B25")
def test_an_offer_from_draft_to_answer(bos_desk: Client, verified: Case) -> None:
    address = f"/cases/{verified.number}/"
    given = {
        "option1_words": "退还场租。",
        "option1_remedy": "refund",
        "option1_cost": "150.50",
        "option1_clause": "b24",
        "option2_words": "延长会籍一个月。",
        "option2_remedy": "extension",
    }
    assert bos_desk.post(f"{address}offer/", given).status_code == 302
    offer = Offer.objects.get()
    assert list(offer.options.order_by("position").values_list("cost", "clause")) == [
        (15_050, "B24"),
        (0, "B24"),
    ]
    assert "¥150.50" in page_of(bos_desk, verified)
    assert bos_desk.post(f"/offers/{offer.pk}/send/").status_code == 302
    assert bos_desk.post(f"/offers/{offer.pk}/send/").status_code == 409
    nothing = bos_desk.post(f"/offers/{offer.pk}/answer/", {"channel": "phone"})
    assert nothing.status_code == 422
    chosen = offer.options.get(position=1)
    answer = {"answer": str(chosen.pk), "channel": "phone", "text": "可以。"}
    assert bos_desk.post(f"/offers/{offer.pk}/answer/", answer).status_code == 302
    shown = page_of(bos_desk, verified)
    assert "Bo noted: the member agrees to the offer of round 1" in shown
    offer.refresh_from_db()
    assert offer.state == OfferState.ACCEPTED


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"option1_words": ""}, "Write what the member is offered."),
        ({"option1_cost": "much"}, "Give an amount in yuan"),
        ({"option1_clause": "Z99"}, "Give the number of a clause"),
        ({"option1_cost": "99999"}, "The fund does not cover this: ¥3,000 is left."),
        ({"option3_words": "再送一瓶水"}, "Fill in the option before this one first."),
        ({"option2_cost": "5"}, "Write what the member is offered."),
    ],
)
@pytest.mark.req("B24")
def test_a_refused_offer_keeps_what_was_typed(
    bos_desk: Client, verified: Case, changes: dict[str, str], words: str
) -> None:
    given = {"option1_words": "退还场租。", "option1_remedy": "refund", "option1_cost": "150"}
    answer = bos_desk.post(f"/cases/{verified.number}/offer/", given | changes)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert words in shown
    assert (given | changes)["option1_words"] in shown
    assert not Offer.objects.exists()


@pytest.mark.req("B06")
def test_the_management_approves_what_it_may_see(
    verified: Case, club: Club, bo: Actor, bos_desk: Client, cy_account: Account, at: datetime
) -> None:
    offer = draft_one(verified, actor=bo, at=at, cost=150_000, remedy="compensation")
    boss, cy = reading(make_account("boss", "management", club)), reading(cy_account)
    assert bos_desk.get("/offers/approve/").status_code == 404
    assert "above your limit" in cy.post(f"/offers/{offer.pk}/approve/", follow=True).content.decode()
    listed = boss.get("/offers/approve/").content.decode()
    assert "¥1,500" in listed
    assert verified.title not in listed
    assert boss.get(f"/cases/{verified.number}/").status_code == 404
    assert "Approved" in boss.post(f"/offers/{offer.pk}/approve/", follow=True).content.decode()
    assert "¥1,500" not in boss.get("/offers/approve/").content.decode()


@pytest.mark.req("B06")
def test_sent_back_says_why(verified: Case, bo: Actor, cy_account: Account, at: datetime) -> None:
    offer = draft_one(verified, actor=bo, at=at, cost=50_000)
    cy = reading(cy_account)
    silent = cy.post(f"/offers/{offer.pk}/refuse/", follow=True).content.decode()
    assert "Say why it is withdrawn." in silent
    cy.post(f"/offers/{offer.pk}/refuse/", {"reason": "太多了"})
    offer.refresh_from_db()
    assert (offer.state, offer.answer_words) == (OfferState.WITHDRAWN, "太多了")


def test_withdrawn_from_the_case(bos_desk: Client, verified: Case, bo: Actor, at: datetime) -> None:
    offer = draft_one(verified, actor=bo, at=at)
    assert bos_desk.post(f"/offers/{offer.pk}/withdraw/", {"reason": ""}).status_code == 422
    assert bos_desk.post(f"/offers/{offer.pk}/withdraw/", {"reason": "算错"}).status_code == 302
    assert "Withdrawn" in page_of(bos_desk, verified)


@pytest.mark.req("B27")
def test_no_and_the_routes_outside(bos_desk: Client, verified: Case, bo: Actor, at: datetime) -> None:
    offer = offer_one(verified, actor=bo, at=at)
    assert "Tell the member who outside" not in page_of(bos_desk, verified)
    refused = {"answer": "no", "channel": "phone", "text": ""}
    assert bos_desk.post(f"/offers/{offer.pk}/answer/", refused).status_code == 422
    bos_desk.post(f"/offers/{offer.pk}/answer/", refused | {"text": "不够"})
    shown = page_of(bos_desk, verified)
    assert "Tell the member who outside" in shown
    assert "12315" in shown
    assert bos_desk.post(f"/cases/{verified.number}/routes/").status_code == 302
    assert bos_desk.post(f"/cases/{verified.number}/routes/").status_code == 409
    assert "The member knows the routes outside the club" in page_of(bos_desk, verified)


@pytest.mark.req("B26")
def test_agreed_without_tasks_is_listed(bos_desk: Client, verified: Case, bo: Actor, at: datetime) -> None:
    offer = offer_one(verified, actor=bo, at=at)
    accept_offer(offer=offer, option=offer.options.get(), channel="phone", actor=bo, at=at)
    assert verified.number in bos_desk.get("/offers/not-started/").content.decode()
    assert "nobody has been asked" in page_of(bos_desk, verified)
    bos_desk.post(f"/cases/{verified.number}/ask/", {"department": "venue", "words": "修地板"})
    assert verified.number not in bos_desk.get("/offers/not-started/").content.decode()


def test_rounds_are_all_there(bos_desk: Client, verified: Case, bo: Actor, at: datetime) -> None:
    for words in ("不够", "还不够"):
        offer = offer_one(verified, actor=bo, at=at)
        decline_offer(offer=offer, words=words, channel="phone", actor=bo, at=at)
    shown = page_of(bos_desk, verified)
    for said in ("Round 1", "Round 2", "还不够"):
        assert said in shown


def test_another_club_s_things_do_not_exist(
    dee_account: Account, case: Case, bo: Actor, at: datetime
) -> None:
    work_up_to(case, "propose", actor=bo, at=at)
    offer, dee = draft_one(case, actor=bo, at=at), reading(dee_account)
    for verb in ("send", "answer", "withdraw"):
        assert dee.post(f"/offers/{offer.pk}/{verb}/").status_code == 404
    finding = Finding.objects.get()
    assert dee.get(f"/findings/{finding.pk}/").status_code == 404
    assert dee.post(f"/findings/{finding.pk}/sign-service/").status_code == 404


@pytest.mark.req("B23")
@pytest.mark.parametrize("role", ["finance", "training", "management", "it_security"])
def test_a_head_of_any_role_reads_and_signs(
    case: Case, bo: Actor, bo_account: Account, club: Club, at: datetime, role: str
) -> None:
    head = hire(
        username="fin",
        name="Fin",
        password=None,
        role=role,
        club=club,
        department="finance",
        heads=True,
        actor=SYSTEM,
        at=at,
    )
    add_evidence(case=case, kind="record", words="收据一张。", actor=bo, at=at)
    finding = write_finding(
        case=case, conclusion="true", summary="多收了钱。", department="finance", actor=bo, at=at
    )
    desk = reading(head)
    assert f"/findings/{finding.pk}/" in desk.get("/tasks/").content.decode()
    text = desk.get(f"/findings/{finding.pk}/").content.decode()
    assert "多收了钱。" in text
    assert desk.get(f"/cases/{case.number}/").status_code == 404
    assert desk.post(f"/findings/{finding.pk}/sign-department/").status_code == 302
    finding.refresh_from_db()
    assert finding.department_by == head


def test_who_loses_to_a_colleague_keeps_what_they_typed(
    bos_desk: Client, verified: Case, ann_person: Person, bo: Actor, at: datetime
) -> None:
    offer = offer_one(verified, actor=bo, at=at)
    option = offer.options.get()
    accept_offer(offer=offer, option=option, channel="phone", actor=bo, at=at)
    late = bos_desk.post(
        f"/offers/{offer.pk}/answer/", {"answer": "no", "channel": "phone", "text": "嫌慢。"}
    )
    assert late.status_code == 409
    assert "What you typed is kept here" in late.content.decode()
    assert "嫌慢。" in late.content.decode()
    again = {"option1_words": "再送一次体验课。", "option1_remedy": "other"}
    drawn = bos_desk.post(f"/cases/{verified.number}/offer/", again)
    assert drawn.status_code == 422
    assert "再送一次体验课。" in drawn.content.decode()


def test_sending_back_without_a_reason_keeps_the_list_and_the_words(
    verified: Case, bo: Actor, club: Club, at: datetime
) -> None:
    offer = draft_one(verified, actor=bo, at=at, cost=100_000, remedy="refund")
    boss = reading(make_account("boss", "management", club))
    long = boss.post(f"/offers/{offer.pk}/refuse/", {"reason": "长" * 301})
    assert long.status_code == 422
    assert "长" * 301 in long.content.decode()
    assert boss.post(f"/offers/{offer.pk}/refuse/", {"reason": "太多"}).status_code == 302


@pytest.mark.req("B24")
def test_like_cases_stand_beside_a_new_offer_and_lead_to_them(
    bos_desk: Client, verified: Case, club: Club, bo: Actor, at: datetime
) -> None:
    assert "No case of this kind was closed" in page_of(bos_desk, verified)
    earlier = solve(make_case(club, at=at), actor=bo, at=at)
    ready_to_close(earlier, actor=bo, at=at)
    close(case=earlier, actor=bo, at=at + timedelta(days=4))
    shown = page_of(bos_desk, verified)
    assert "1 case looked at, 1 agreed to an offer.</p>" in shown
    assert f'<a href="/cases/{earlier.number}/">{earlier.number} {earlier.title}</a>' in shown
    assert "Something else" in shown
    assert "Like cases before" not in page_of(bos_desk, make_case(club, at=at)), (
        "only while an offer is drawn up"
    )
