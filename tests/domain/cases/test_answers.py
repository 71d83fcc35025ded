"""The member decides: yes by one tap, no with words and another round, in the end the routes outside (B25 to B27)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from clubassist.core import jobs
from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import (
    Choice,
    accept_offer,
    acknowledge_task,
    approve_offer,
    ask_department,
    decline_offer,
    make_offer,
    resolve,
    send_offer,
    skip_task,
    tell_routes,
    withdraw_offer,
)
from clubassist.domain.cases.actions.holding import COMPENSATION
from clubassist.domain.cases.models import Case, Clock, Offer, OfferState, Task
from clubassist.domain.cases.queries import day_figures
from clubassist.domain.channels.models import Message, StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers.actions import open_budget
from clubassist.domain.ledgers.models import Account, Entry
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account as Colleague
from clubassist.domain.people.queries import staff_actor
from tests.makers.cases import draft_one, make_case, offer_one, work_up_to
from tests.makers.clubs import make_sensitive
from tests.makers.people import GUEST, make_head

HOUR = timedelta(hours=1)


@pytest.fixture
def fund(club: Club, at: datetime) -> Account:
    """The club's compensation account of the year, with ¥3,000 on it."""
    return open_budget(
        club=club, kind=COMPENSATION, year=2026, amount=300_000, clause="B51", limits={}, actor=SYSTEM, at=at
    )


@pytest.fixture
def case(club: Club, ann_person: Person, bo: Actor, at: datetime) -> Case:
    """Ann's complaint, verified."""
    return work_up_to(make_case(club, at=at, subject=ann_person), "propose", actor=bo, at=at)


@pytest.fixture
def offer(case: Case, fund: Account, bo: Actor, at: datetime) -> Offer:
    """Money back, or a longer membership for a little more; Ann was told."""
    refund = Choice(words="退还场租。", remedy="refund", clause="B24", cost=15_000)
    longer = Choice(words="延长会籍一个月。", remedy="extension", clause="B24", cost=18_000)
    return send_offer(offer=make_offer(case=case, choices=[refund, longer], actor=bo, at=at), actor=bo, at=at)


def left(fund: Account) -> tuple[int, int]:
    fund.refresh_from_db()
    return fund.balance, fund.held


@pytest.mark.req("B25", "B26")
def test_yes_pays_the_chosen_and_starts_the_rest(
    case: Case, offer: Offer, fund: Account, ann: Actor, at: datetime
) -> None:
    chosen = offer.options.get(position=2)
    answered = accept_offer(offer=offer, option=chosen, actor=ann, at=at + HOUR)
    assert (answered.state, answered.answer_channel, answered.answered_by) == (
        OfferState.ACCEPTED,
        "web",
        None,
    )
    assert left(fund) == (300_000 - 18_000, 0)
    assert Entry.objects.get(hold__option=chosen).amount == -18_000
    case.refresh_from_db()
    assert case.stage == "implement"
    task = Task.objects.get(case=case, stage__code="implement", sent_at__isnull=False)
    assert (task.department, task.words) == ("service", "延长会籍一个月。")
    start = Clock.objects.get(case=case, promise="implementation")
    assert (start.started_at, start.due_at) == (at + HOUR, at + 25 * HOUR)


@pytest.mark.req("B25")
def test_yes_by_the_link_in_the_hand(offer: Offer, case: Case, fund: Account, at: datetime) -> None:
    holder = GUEST.holding("case", str(case.pk))
    accept_offer(offer=offer, option=offer.options.get(position=1), actor=holder, at=at)
    assert left(fund) == (285_000, 0)


@pytest.mark.req("B25")
def test_a_second_tap_changes_nothing(
    case: Case, offer: Offer, fund: Account, ann: Actor, at: datetime
) -> None:
    accept_offer(offer=offer, option=offer.options.get(position=1), actor=ann, at=at)
    before = left(fund), Task.objects.count(), Case.objects.get(pk=case.pk).version
    for option in offer.options.all():
        with pytest.raises(Conflict) as refused:
            accept_offer(offer=offer, option=option, actor=ann, at=at)
        assert refused.value.code == "offer-answered"
    with pytest.raises(Conflict):
        decline_offer(offer=offer, words="不要了", actor=ann, at=at)
    assert (left(fund), Task.objects.count(), Case.objects.get(pk=case.pk).version) == before


@pytest.mark.req("B25")
def test_the_answer_on_the_phone_is_written_down_by_whom(
    offer: Offer, bo: Actor, bo_account: Colleague, at: datetime
) -> None:
    option = offer.options.get(position=1)
    for actor, channel in ((bo, "web"), (replace(bo, machine=True), "phone")):
        with pytest.raises(Refused) as refused:
            accept_offer(offer=offer, option=option, channel=channel, actor=actor, at=at)
        assert refused.value.code == "channel-member"
    with pytest.raises(Refused) as unknown:
        accept_offer(offer=offer, option=option, channel="pigeon", actor=bo, at=at)
    assert unknown.value.code == "channel-unknown"
    row = accept_offer(offer=offer, option=option, channel="phone", words="好的。", actor=bo, at=at)
    assert (row.answered_by, row.answer_channel) == (bo_account, "phone")
    assert Message.objects.filter(conversation=row.case.conversation, channel="phone", body="好的。").exists()


@pytest.mark.req("B25")
def test_only_its_member_answers_and_only_what_is_offered(
    club: Club, offer: Offer, bo: Actor, dee: Actor, ann: Actor, at: datetime
) -> None:
    option = offer.options.get(position=1)
    for stranger in (GUEST, dee):
        with pytest.raises(Missing):
            accept_offer(offer=offer, option=option, channel="phone", actor=stranger, at=at)
        with pytest.raises(Missing):
            decline_offer(offer=offer, words="不", channel="phone", actor=stranger, at=at)
    other = offer_one(work_up_to(make_case(club, at=at), "propose", actor=bo, at=at), actor=bo, at=at)
    with pytest.raises(Refused) as refused:
        accept_offer(offer=offer, option=other.options.get(), actor=ann, at=at)
    assert refused.value.code == "option-unknown"


@pytest.mark.req("B25")
def test_what_was_not_sent_is_not_there(case: Case, bo: Actor, ann: Actor, at: datetime) -> None:
    draft = draft_one(case, actor=bo, at=at)
    with pytest.raises(Missing):
        accept_offer(offer=draft, option=draft.options.get(), actor=ann, at=at)
    with pytest.raises(Conflict) as refused:
        accept_offer(offer=draft, option=draft.options.get(), channel="phone", actor=bo, at=at)
    assert refused.value.code == "offer-not-sent"


@pytest.mark.req("B25")
def test_the_member_is_told_of_an_offer(offer: Offer, at: datetime) -> None:
    jobs.drain(at=at)
    told = Message.objects.filter(conversation=offer.case.conversation, automatic=True)
    assert any("处理方案" in message.body for message in told)


@pytest.mark.req("B27")
def test_no_frees_the_money_and_opens_the_next_round(
    case: Case, offer: Offer, fund: Account, ann: Actor, bo: Actor, at: datetime
) -> None:
    for words, code in ((" ", "text-missing"), ("长" * 2001, "text-too-long")):
        with pytest.raises(Refused) as refused:
            decline_offer(offer=offer, words=words, actor=ann, at=at)
        assert refused.value.code == code
    declined = decline_offer(offer=offer, words="不够。", actor=ann, at=at)
    assert (declined.state, declined.answer_words) == (OfferState.DECLINED, "不够。")
    assert left(fund) == (300_000, 0)
    case.refresh_from_db()
    assert (case.stage, case.awaits_reply) == ("propose", True)
    assert draft_one(case, actor=bo, at=at).round == 2


def declined_twice(case: Case, *, bo: Actor, ann: Actor, at: datetime) -> None:
    for _round in range(2):
        decline_offer(offer=offer_one(case, actor=bo, at=at), words="不够。", actor=ann, at=at)


@pytest.mark.req("B27")
def test_the_third_round_is_the_manager_s(
    case: Case, bo: Actor, cy: Actor, cy_account: Colleague, ann: Actor, at: datetime
) -> None:
    decline_offer(offer=offer_one(case, actor=bo, at=at), words="不够。", actor=ann, at=at)
    jobs.drain(at=at)
    assert not StaffNotice.objects.filter(code="manager-round").exists()
    decline_offer(offer=offer_one(case, actor=bo, at=at), words="还不够。", actor=ann, at=at)
    jobs.drain(at=at)
    assert StaffNotice.objects.get(code="manager-round").account == cy_account
    third = draft_one(case, actor=bo, at=at)
    assert (third.round, third.state) == (3, OfferState.AWAITING)
    assert approve_offer(offer=third, actor=cy, at=at).state == OfferState.DRAFT


@pytest.mark.req("B27")
def test_the_manager_s_own_third_offer_needs_nobody(
    case: Case, bo: Actor, cy: Actor, ann: Actor, at: datetime
) -> None:
    declined_twice(case, bo=bo, ann=ann, at=at)
    assert draft_one(case, actor=cy, at=at).state == OfferState.DRAFT


def end_unagreed(case: Case, *, actor: Actor, at: datetime, **changes: Any) -> Case:
    given = {"resolution": "not_agreed", "text": "很抱歉没有谈妥。", "reason": "三轮未谈妥"}
    return resolve(case=case, actor=actor, at=at, **(given | changes))


@pytest.mark.req("B27")
def test_no_agreement_needs_the_manager_and_the_routes_told(
    case: Case, bo: Actor, cy: Actor, ann: Actor, at: datetime
) -> None:
    declined_twice(case, bo=bo, ann=ann, at=at)
    with pytest.raises(Refused) as untold:
        end_unagreed(case, actor=cy, at=at)
    assert (untold.value.code, untold.value.field) == ("routes-untold", "resolution")
    with translation.override("en"):
        tell_routes(case=case, actor=bo, at=at)
    told = Message.objects.filter(conversation=case.conversation, direction="out").latest("pk")
    assert "12315" in told.body
    assert "消费者协会" in told.body
    with pytest.raises(Refused) as agent:
        end_unagreed(case, actor=bo, at=at)
    assert (agent.value.code, agent.value.status) == ("not-allowed", 403)
    ended = end_unagreed(case, actor=cy, at=at)
    assert ended.resolution == "not_agreed"
    assert ended.first_resolved_at is None


@pytest.mark.req("B27")
def test_no_agreement_counts_as_unsolved(case: Case, bo: Actor, cy: Actor, ann: Actor, at: datetime) -> None:
    declined_twice(case, bo=bo, ann=ann, at=at)
    tell_routes(case=case, actor=bo, at=at)
    end_unagreed(case, actor=cy, at=at)
    assert day_figures(actor=cy, since=at).solved == 0


@pytest.mark.req("B27")
def test_routes_are_told_once_and_in_their_time(case: Case, bo: Actor, ann: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as early:
        tell_routes(case=case, actor=bo, at=at)
    assert early.value.code == "nothing-declined"
    decline_offer(offer=offer_one(case, actor=bo, at=at), words="不够。", actor=ann, at=at)
    with pytest.raises(Refused) as machine:
        tell_routes(case=case, actor=replace(bo, machine=True), at=at)
    assert machine.value.status == 403
    assert tell_routes(case=case, actor=bo, at=at).routes_told_at == at
    with pytest.raises(Conflict) as twice:
        tell_routes(case=case, actor=bo, at=at)
    assert twice.value.code == "routes-told"


@pytest.mark.req("B26")
def test_taking_it_on_keeps_the_start(club: Club, case: Case, bo: Actor, ann: Actor, at: datetime) -> None:
    offer = offer_one(case, actor=bo, at=at, department="venue")
    accept_offer(offer=offer, option=offer.options.get(), actor=ann, at=at)
    task = Task.objects.get(case=case, stage__code="implement", sent_at__isnull=False)
    head = staff_actor(Colleague.objects.get(username="head"))
    acknowledge_task(task=task, actor=head, at=at + HOUR)
    assert Clock.objects.get(case=case, promise="implementation").met_at == at + HOUR


@pytest.mark.req("B26")
def test_agreed_without_a_task_is_flagged(case: Case, bo: Actor, ann: Actor, cy: Actor, at: datetime) -> None:
    offer = offer_one(case, actor=bo, at=at)  # something else: who does it remains to be said
    accept_offer(offer=offer, option=offer.options.get(), actor=ann, at=at)
    flagged = Offer.objects.visible_to(bo).agreed_without_tasks()
    assert list(flagged) == [offer]
    task = ask_department(case=case, department="venue", words="修地板", actor=bo, at=at + HOUR)
    assert not flagged.all().exists()
    skip_task(task=task, reason="不必了", actor=cy, at=at + HOUR)
    assert list(flagged.all()) == [offer]


@pytest.mark.req("B26")
def test_a_refund_is_asked_of_finance_at_once(
    case: Case, offer: Offer, ann: Actor, bo: Actor, at: datetime
) -> None:
    accept_offer(offer=offer, option=offer.options.get(position=1), actor=ann, at=at)
    assert Task.objects.get(case=case, stage__code="implement", sent_at=at).department == "finance"
    assert not Offer.objects.visible_to(bo).agreed_without_tasks().exists()


def test_the_head_of_another_house_sees_no_offer(club: Club, offer: Offer) -> None:
    assert not Offer.objects.visible_to(staff_actor(make_head(club, "events", username="e"))).exists()


@pytest.mark.req("B25")
def test_an_offer_taken_back_is_not_called_answered(
    case: Case, offer: Offer, ann: Actor, bo: Actor, at: datetime
) -> None:
    withdraw_offer(offer=offer, reason="算错了", actor=bo, at=at)
    with pytest.raises(Conflict, match="offer-withdrawn"):
        decline_offer(offer=offer, words="不够", actor=ann, at=at)


def test_after_the_close_the_member_is_answered_in_words_for_members(
    case: Case, offer: Offer, ann: Actor, at: datetime
) -> None:
    Case.objects.filter(pk=case.pk).update(state="closed", resolved_at=at, closed_at=at)
    offer = Offer.objects.get(pk=offer.pk)
    with pytest.raises(Refused, match="case-closed") as refused, translation.override("en"):
        decline_offer(offer=offer, words="不够", actor=ann, at=at)
    with translation.override("en"):
        assert "Please tell us anew" in str(refused.value.mend)


@pytest.mark.req("B27", "B21")
def test_a_no_is_confirmed_and_the_managers_round_is_named(
    case: Case, bo: Actor, ann: Actor, at: datetime
) -> None:
    for number in (1, 2):
        decline_offer(
            offer=offer_one(case, actor=bo, at=at), words="不够。", actor=ann, at=at + number * HOUR
        )
        jobs.drain(at=at + number * HOUR)
    said = Message.objects.filter(conversation=case.conversation, automatic=True, at__gt=at)
    first, second = said.order_by("pk").values_list("body", flat=True)
    assert "会另外拟定方案" in first
    assert "由主管亲自拟定方案" in second


@pytest.mark.req("F25")
def test_a_department_reads_only_the_remedy_of_a_sensitive_case(
    club: Club, ann_person: Person, cy: Actor, ann: Actor, at: datetime
) -> None:
    make_sensitive(club, "complaint.service")
    case = make_case(club, at=at, subject=ann_person, kind="complaint.service")
    work_up_to(case, "propose", actor=cy, at=at)
    words = "向小安的母亲当面道歉。"
    offer = offer_one(case, actor=cy, at=at, words=words, remedy="other", department="venue")
    accept_offer(offer=offer, option=offer.options.get(), actor=ann, at=at)
    assert words not in Task.objects.get(case=case, code__startswith="asked-").words
