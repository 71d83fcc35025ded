"""What a merge carries along, and what it does not: steps, people, confidentiality, an emergency's clock (F20)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clubassist.core.actor import ANONYMOUS, Actor
from clubassist.core.refusal import Missing
from clubassist.domain.cases.actions import (
    accept_offer,
    add_evidence,
    complete_facts,
    decline_offer,
    member_writes,
    merge_cases,
    reclassify,
    reply,
    unmerge_cases,
)
from clubassist.domain.cases.models import Case, Clock, Task
from clubassist.domain.cases.queries import next_round
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.channels.models import Message
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from tests.makers.cases import draft_one, make_case, offer_one, work_up_to
from tests.makers.clubs import make_sensitive
from tests.makers.people import actor_of_member, make_member

pytestmark = pytest.mark.req("F20")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def first(club: Club, ann_person: Person, at: datetime) -> Case:
    """Ann's first word."""
    return make_case(club, at=at, subject=ann_person)


@pytest.fixture
def second(club: Club, ann_person: Person, at: datetime) -> Case:
    """The same matter, told an hour later."""
    return make_case(club, at=at + HOUR, subject=ann_person)


@pytest.fixture
def witness(club: Club) -> Person:
    """Whoever saw what happened to Ann."""
    return make_member(club, name="魏证", phone="13900139000", number="W1")


def open_step(case: Case, code: str) -> bool:
    return Task.objects.open().filter(case=case, code=code, stage__left_at__isnull=True).exists()


def counting(case: Case, promise: str = "first_response") -> Clock:
    """Return the clock that counts for a promise."""
    return Clock.objects.get(case=case, promise=promise, replaced_by__isnull=True)


@pytest.mark.req("B22")
def test_what_the_merged_case_wanted_takes_the_step_that_asks_for_it(
    club: Club, first: Case, ann_person: Person, bo: Actor, at: datetime
) -> None:
    again = make_case(club, at=at, subject=ann_person, remedy_sought="退半场场租")
    assert open_step(first, "record-demand")
    merge_cases(case=again, into=first, actor=bo, at=at + HOUR)
    assert not open_step(first, "record-demand")


@pytest.mark.req("B22")
def test_a_demand_put_right_takes_the_step_too(first: Case, bo: Actor, at: datetime) -> None:
    Case.objects.filter(pk=first.pk).update(remedy_sought="退款")
    complete_facts(case=first, remedy_sought="退半场场租", actor=bo, at=at)
    assert not open_step(first, "record-demand")


@pytest.mark.req("B23")
@pytest.mark.parametrize("kept_stage", ["accept", "verify"])
def test_evidence_of_the_merged_case_takes_the_step_that_asks_for_it(
    first: Case, second: Case, bo: Actor, at: datetime, kept_stage: str
) -> None:
    work_up_to(second, kept_stage, actor=bo, at=at + HOUR)
    add_evidence(case=first, kind="visit", words="地板翘起。", actor=bo, at=at + HOUR)
    merge_cases(case=first, into=second, actor=bo, at=at + 2 * HOUR)
    work_up_to(second, "verify", actor=bo, at=at + 2 * HOUR)
    assert not open_step(second, "gather-evidence")


def test_who_told_of_anothers_matter_does_not_read_what_she_told_herself(
    club: Club, first: Case, ann_person: Person, witness: Person, bo: Actor, at: datetime
) -> None:
    seen = make_case(club, at=at, subject=ann_person, reporter=witness)
    own = make_case(club, at=at, reporter=witness)
    reads, link = actor_of_member(witness), ANONYMOUS.holding("case", str(seen.pk))
    merge_cases(case=seen, into=first, actor=bo, at=at + HOUR)
    offer = offer_one(work_up_to(first, "propose", actor=bo, at=at + HOUR), actor=bo, at=at + HOUR)
    for stranger in (reads, link):
        assert not Case.objects.visible_to(stranger).filter(pk=first.pk).exists()
        assert Case.objects.visible_to(stranger).filter(pk=seen.pk).exists()
        with pytest.raises(Missing):
            member_writes(case=first, text="我也看到了。", actor=stranger, at=at + HOUR)
        with pytest.raises(Missing):
            accept_offer(offer=offer, option=offer.options.get(), channel="web", actor=stranger, at=at + HOUR)
    assert Case.objects.visible_to(reads).filter(pk=own.pk).exists()


@pytest.mark.req("F25")
def test_what_becomes_sensitive_takes_along_what_was_merged_into_it(
    club: Club, first: Case, second: Case, bo: Actor, cy: Actor, at: datetime
) -> None:
    make_sensitive(club, "complaint.service")
    kept = make_case(club, at=at, subject=first.subject)
    merge = merge_cases(case=first, into=kept, actor=bo, at=at + HOUR)
    assert Message.objects.visible_to(bo).filter(conversation=first.conversation).exists()
    reclassify(case=kept, kind="complaint.service", urgency="normal", reason="是服务", actor=bo, at=at + HOUR)
    assert not Case.objects.visible_to(bo).filter(pk__in=(kept.pk, first.pk)).exists()
    assert not Message.objects.visible_to(bo).filter(conversation=first.conversation).exists()
    assert Message.objects.visible_to(cy).filter(conversation=first.conversation).exists()
    assert Case.objects.visible_to(bo).filter(pk=second.pk).exists()
    unmerge_cases(merge=merge, actor=cy, at=at + 2 * HOUR)
    assert not Case.objects.visible_to(bo).filter(pk=first.pk).exists()


@pytest.mark.req("B30")
@pytest.mark.parametrize("into_the_emergency", [True, False])
@pytest.mark.parametrize("answered", [-DAY, MINUTE / 6, None])
def test_an_emergency_is_alarmed_whatever_was_answered_on_the_other_case(
    club: Club,
    ann_person: Person,
    bo: Actor,
    at: datetime,
    *,
    into_the_emergency: bool,
    answered: timedelta | None,
) -> None:
    calm = make_case(club, at=at - DAY + MINUTE, subject=ann_person)
    hurt = make_case(club, at=at, subject=ann_person, kind="emergency.injury")
    if answered is not None:
        reply(case=calm, text="在看。", actor=bo, at=max(at + answered, calm.received_at))
    kept, merged = (hurt, calm) if into_the_emergency else (calm, hurt)
    merge = merge_cases(case=merged, into=kept, actor=bo, at=at + MINUTE / 2)
    (clock,) = kept.clocks.running().filter(promise="first_response")
    assert (clock.due_at, clock.urgency) == (at + 3 * MINUTE, "emergency")
    raise_due_alarms(at + 2 * MINUTE)
    assert counting(kept).raised > clock.raised
    unmerge_cases(merge=merge, actor=bo, at=at + 2 * MINUTE)
    assert counting(hurt).running
    assert counting(calm).running is (answered is None)


@pytest.mark.req("B30")
def test_a_promise_broken_by_then_stays_one_beside_the_emergency(
    club: Club, ann_person: Person, bo: Actor, at: datetime
) -> None:
    late = make_case(club, at=at - 2 * DAY, subject=ann_person)
    hurt = make_case(club, at=at, subject=ann_person, kind="emergency.injury")
    merge_cases(case=hurt, into=late, actor=bo, at=at + MINUTE)
    broken, alarmed = late.clocks.filter(promise="first_response", replaced_by__isnull=True).order_by("pk")
    assert (broken.stopped_at, broken.due_at) == (at + MINUTE, at - DAY)
    assert (alarmed.running, alarmed.due_at) == (True, at + 3 * MINUTE)


def test_what_was_said_before_a_promise_began_does_not_keep_it(
    club: Club, first: Case, ann_person: Person, bo: Actor, at: datetime
) -> None:
    reply(case=first, text="在看。", actor=bo, at=at + HOUR)
    later = make_case(club, at=at + 2 * HOUR, subject=ann_person, urgency="urgent")
    merge_cases(case=later, into=first, actor=bo, at=at + 3 * HOUR)
    assert (counting(first).running, counting(first).due_at) == (True, later.received_at + 4 * HOUR)


@pytest.mark.req("B27")
def test_a_round_that_was_had_gets_no_second_offer_when_the_merge_is_undone(
    first: Case, second: Case, bo: Actor, cy: Actor, at: datetime
) -> None:
    def declined(case: Case) -> int:
        work_up_to(case, "propose", actor=bo, at=at + HOUR)
        offer = offer_one(case, actor=cy, at=at + HOUR)
        decline_offer(offer=offer, words="不够", channel="phone", actor=bo, at=at + HOUR)
        return offer.round

    assert declined(first) == 1
    merge = merge_cases(case=first, into=second, actor=bo, at=at + HOUR)
    assert declined(second) == 2
    unmerge_cases(merge=merge, actor=bo, at=at + HOUR)
    assert (next_round(second), next_round(first)) == (3, 2)
    assert draft_one(second, actor=cy, at=at + HOUR).round == 3
