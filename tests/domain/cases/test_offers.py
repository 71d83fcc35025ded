"""Offers: options with cost and basis, limits and approval, money set aside in the same commit (B24, B06)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from clubassist.core import jobs
from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import (
    Choice,
    approve_offer,
    make_offer,
    resolve,
    send_offer,
    withdraw_offer,
)
from clubassist.domain.cases.actions.holding import COMPENSATION, in_yuan
from clubassist.domain.cases.auditor import audit
from clubassist.domain.cases.models import Case, Clock, Offer, OfferState
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.channels.models import Message, StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers.actions import open_budget
from clubassist.domain.ledgers.models import Account, Hold, HoldState
from clubassist.domain.people.models import Account as Colleague
from clubassist.domain.people.queries import staff_actor
from tests.makers.cases import draft_one, make_case, offer_one, work_up_to
from tests.makers.clubs import make_sensitive
from tests.makers.people import make_account

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.req("B24")


@pytest.fixture
def fund(club: Club, at: datetime) -> Account:
    """The club's compensation account of the year, with ¥3,000 on it."""
    return open_budget(
        club=club, kind=COMPENSATION, year=2026, amount=300_000, clause="B51", limits={}, actor=SYSTEM, at=at
    )


@pytest.fixture
def case(club: Club, bo: Actor, at: datetime) -> Case:
    """A complaint that was verified."""
    return work_up_to(make_case(club, at=at), "propose", actor=bo, at=at)


@pytest.fixture
def boss(club: Club) -> Actor:
    """Somebody of the management."""
    return staff_actor(make_account("boss", "management", club))


def option(**changes: Any) -> Choice:
    given: dict[str, Any] = {"words": "退还本次场租。", "remedy": "refund", "clause": "B24", "cost": 15_000}
    return Choice(**(given | changes))


@pytest.mark.req("B25")
@pytest.mark.parametrize("late", [True, False])
def test_taking_back_what_the_member_knew_owes_a_solution_again(
    club: Club, bo: Actor, at: datetime, *, late: bool
) -> None:
    case = make_case(club, at=at)
    sent = at + (30 if late else 10) * HOUR
    for hour in range(40 if late else 0):
        raise_due_alarms(min(at + hour * HOUR, sent))
    offer = offer_one(work_up_to(case, "propose", actor=bo, at=sent), actor=bo, at=sent)
    first = Clock.objects.get(case=case, promise="first_response")
    withdraw_offer(offer=offer, reason="算错了", actor=bo, at=sent + HOUR)
    clock = Clock.objects.running().get(case=case, promise="solution")
    assert clock.due_at == (at + 24 * HOUR if late else sent + 15 * HOUR)
    assert Clock.objects.get(pk=first.pk).met_at == sent
    assert Case.objects.get(pk=case.pk).awaits_reply
    jobs.drain(at=sent + HOUR)
    told = Message.objects.filter(conversation=case.conversation, automatic=True).latest("pk")
    assert "之前发给您的方案已经撤回" in told.body
    for hour in range(31, 60):
        raise_due_alarms(at + hour * HOUR)
    found = audit(at + 60 * HOUR)
    assert found is not None
    assert found.missing.count == 0


def test_a_draft_taken_back_tells_the_member_nothing_and_its_maker_if_it_was_another(
    case: Case, fund: Account, bo: Actor, cy: Actor, at: datetime
) -> None:
    withdraw_offer(offer=draft_one(case, actor=bo, at=at), reason="算错了", actor=bo, at=at)
    withdraw_offer(offer=draft_one(case, actor=bo, at=at), reason="太少", actor=cy, at=at)
    big = draft_one(case, actor=bo, at=at, cost=100_000, remedy="refund")
    approve_offer(offer=big, actor=cy, at=at)
    jobs.drain(at=at)
    assert not Message.objects.filter(conversation=case.conversation, body__contains="撤回").exists()
    to_bo = StaffNotice.objects.filter(account=bo.account, code__startswith="offer-")
    assert sorted(to_bo.values_list("code", flat=True)) == ["offer-approved", "offer-withdrawn"]


@pytest.mark.req("F25")
def test_who_approves_sees_no_offer_of_a_sensitive_case(
    club: Club, fund: Account, bo: Actor, boss: Actor, cy: Actor, at: datetime
) -> None:
    make_sensitive(club, "complaint.service")
    case = make_case(club, at=at, kind="complaint.service", channel="desk", actor=bo)
    draft_one(work_up_to(case, "propose", actor=bo, at=at), actor=bo, at=at, cost=100_000, remedy="refund")
    assert not Offer.objects.visible_to(boss).exists()
    assert Offer.objects.visible_to(cy).exists()


def held(fund: Account) -> int:
    fund.refresh_from_db()
    return fund.held


def test_an_offer_sets_its_costs_aside(case: Case, fund: Account, bo: Actor, at: datetime) -> None:
    choices = [option(), option(words="延长会籍一个月。", remedy="extension", cost=0), option(cost=18_000)]
    offer = make_offer(case=case, choices=choices, actor=bo, at=at)
    assert (offer.round, offer.state) == (1, OfferState.DRAFT)
    assert held(fund) == 33_000
    first, free, _last = offer.options.order_by("position")
    assert first.hold is not None
    assert (first.department, first.hold.cause_id, first.hold.clause) == ("finance", str(case.pk), "B24")
    assert free.hold is None


@pytest.mark.req("B06")
def test_alternatives_do_not_add_up_against_the_limit(
    case: Case, fund: Account, bo: Actor, at: datetime
) -> None:
    within = make_offer(case=case, choices=[option(cost=20_000), option(cost=20_000)], actor=bo, at=at)
    assert not within.needs_approval
    withdraw_offer(offer=within, reason="算错了", actor=bo, at=at)
    above = make_offer(case=case, choices=[option(cost=1), option(cost=20_001)], actor=bo, at=at)
    assert above.state == OfferState.AWAITING
    assert list(Hold.objects.open().order_by("pk").values_list("needs_approval", flat=True)) == [False, True]


@pytest.mark.req("B06")
def test_above_the_limit_another_approves(
    case: Case, fund: Account, bo: Actor, cy: Actor, at: datetime
) -> None:
    offer = make_offer(case=case, choices=[option(cost=60_000)], actor=bo, at=at)
    with pytest.raises(Refused) as early:
        send_offer(offer=offer, actor=bo, at=at)
    assert early.value.code == "approval-missing"
    with pytest.raises(Refused) as agent:
        approve_offer(offer=offer, actor=bo, at=at)
    assert agent.value.code == "not-allowed"
    approve_offer(offer=offer, actor=cy, at=at)
    assert Hold.objects.get(option__offer=offer).approved_by == cy.key
    assert send_offer(offer=offer, actor=bo, at=at).state == OfferState.SENT
    with pytest.raises(Conflict) as twice:
        approve_offer(offer=offer, actor=cy, at=at)
    assert twice.value.code == "offer-decided"


@pytest.mark.req("B06")
def test_nobody_approves_their_own(
    case: Case, fund: Account, cy: Actor, cy_account: Colleague, boss: Actor, at: datetime
) -> None:
    offer = make_offer(case=case, choices=[option(cost=100_001)], actor=cy, at=at)
    with pytest.raises(Refused) as own:
        approve_offer(offer=offer, actor=cy, at=at)
    assert (own.value.code, own.value.status) == ("own-offer", 403)
    with pytest.raises(IntegrityError, match="offer_not_approved_by_maker"), transaction.atomic():
        Offer.objects.filter(pk=offer.pk).update(approved_by=cy_account, approved_at=at)
    assert list(Offer.objects.visible_to(boss)) == [offer]
    assert not Case.objects.visible_to(boss).exists()
    assert approve_offer(offer=offer, actor=boss, at=at).state == OfferState.DRAFT
    assert not Offer.objects.visible_to(boss).exists()


@pytest.mark.req("B06")
def test_whose_limit_does_not_cover_it_does_not_approve(
    case: Case, fund: Account, bo: Actor, cy: Actor, at: datetime
) -> None:
    offer = make_offer(case=case, choices=[option(cost=100_001)], actor=bo, at=at)
    with pytest.raises(Refused) as refused:
        approve_offer(offer=offer, actor=cy, at=at)
    assert refused.value.code == "above-limit"
    offer.refresh_from_db()
    assert offer.state == OfferState.AWAITING


def test_more_than_the_fund_holds_is_refused_with_what_is_left(
    case: Case, fund: Account, cy: Actor, at: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        make_offer(case=case, choices=[option(cost=200_000), option(cost=100_001)], actor=cy, at=at)
    assert (refused.value.code, refused.value.field) == ("fund-short", "option2_cost")
    assert "1,000" in str(refused.value.mend)
    assert not Offer.objects.exists()
    assert held(fund) == 0


def test_without_a_fund_only_what_costs_nothing(case: Case, fund: Account, bo: Actor, at: datetime) -> None:
    next_year = at + timedelta(days=60)
    with pytest.raises(Refused) as refused:
        make_offer(case=case, choices=[option()], actor=bo, at=next_year)
    assert refused.value.code == "fund-missing"
    assert draft_one(case, actor=bo, at=next_year).state == OfferState.DRAFT


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"words": " "}, "words-missing", "words"),
        ({"words": "长" * 301}, "text-too-long", "words"),
        ({"remedy": "revenge"}, "remedy-unknown", "remedy"),
        ({"cost": -1}, "cost-invalid", "cost"),
        ({"cost": 10**13}, "cost-invalid", "cost"),
        ({"clause": "Z99"}, "clause-unknown", "clause"),
        ({"department": "kitchen"}, "department-unknown", "department"),
    ],
)
def test_an_option_is_whole(
    case: Case, fund: Account, bo: Actor, at: datetime, changes: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        make_offer(case=case, choices=[option(), option(**changes)], actor=bo, at=at)
    assert (refused.value.code, refused.value.field) == (code, f"option2_{field}")


@pytest.mark.parametrize("number", [0, 6])
def test_an_offer_has_one_to_five_options(
    case: Case, fund: Account, bo: Actor, at: datetime, number: int
) -> None:
    with pytest.raises(Refused) as refused:
        make_offer(case=case, choices=[option(cost=0)] * number, actor=bo, at=at)
    assert refused.value.code == "options-number"


def test_an_offer_has_its_stage_and_is_one_at_a_time(club: Club, case: Case, bo: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as early:
        draft_one(make_case(club, at=at), actor=bo, at=at)
    assert early.value.code == "not-proposing"
    draft_one(case, actor=bo, at=at)
    with pytest.raises(Refused) as second:
        draft_one(case, actor=bo, at=at)
    assert second.value.code == "offer-open"


def test_a_machine_and_a_stranger_make_none(case: Case, bo: Actor, dee: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as machine:
        draft_one(case, actor=replace(bo, machine=True), at=at)
    assert machine.value.status == 403
    with pytest.raises(Missing):
        draft_one(case, actor=dee, at=at)


def test_sending_keeps_the_solution_and_is_contact(case: Case, bo: Actor, at: datetime) -> None:
    later = at + timedelta(hours=2)
    offer = offer_one(case, actor=bo, at=later)
    case.refresh_from_db()
    assert (case.stage, case.told_at, case.awaits_reply) == ("decide", later, False)
    assert Clock.objects.get(case=case, promise="solution").met_at == later
    with pytest.raises(Conflict) as twice:
        send_offer(offer=offer, actor=bo, at=later)
    assert twice.value.code == "offer-sent"


def test_withdrawn_is_free_again_and_worked_out_anew(
    case: Case, fund: Account, bo: Actor, at: datetime
) -> None:
    offer = send_offer(offer=make_offer(case=case, choices=[option()], actor=bo, at=at), actor=bo, at=at)
    with pytest.raises(Refused) as silent:
        withdraw_offer(offer=offer, reason=" ", actor=bo, at=at)
    assert silent.value.code == "reason-missing"
    with pytest.raises(Refused) as long:
        withdraw_offer(offer=offer, reason="长" * 301, actor=bo, at=at)
    assert long.value.code == "text-too-long"
    withdraw_offer(offer=offer, reason="算错了", actor=bo, at=at)
    case.refresh_from_db()
    assert (case.stage, held(fund)) == ("propose", 0)
    with pytest.raises(Conflict) as twice:
        withdraw_offer(offer=offer, reason="算错了", actor=bo, at=at)
    assert twice.value.code == "offer-answered"
    assert draft_one(case, actor=bo, at=at).round == 1


def test_a_case_that_ends_takes_its_open_offer_back(
    case: Case, fund: Account, bo: Actor, cy: Actor, at: datetime
) -> None:
    offer = send_offer(offer=make_offer(case=case, choices=[option()], actor=bo, at=at), actor=bo, at=at)
    resolve(case=case, resolution="withdrawn", text="您撤回了。", reason="会员撤回", actor=cy, at=at)
    offer.refresh_from_db()
    assert (offer.state, held(fund)) == (OfferState.WITHDRAWN, 0)
    assert Hold.objects.get(option__offer=offer).state == HoldState.RELEASED


def test_yuan_in_words() -> None:
    assert (in_yuan(125_000), in_yuan(50), in_yuan(0)) == ("1,250", "0.50", "0")
