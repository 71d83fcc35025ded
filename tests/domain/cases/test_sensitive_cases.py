"""Sensitive cases: the service manager's, and an agent's only while handling one (reliability, who sees what)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clubassist.core import jobs
from clubassist.core.actor import Actor
from clubassist.core.models import Access
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.cases.actions import assign, close, look_up, reply
from clubassist.domain.cases.models import Alarm, Case, Clock, Task
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.channels.models import Conversation, Message, StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import staff_actor
from tests.makers.cases import make_case, ready_to_close, solve
from tests.makers.clubs import make_sensitive
from tests.makers.people import make_account

KIND = "complaint.service"
pytestmark = pytest.mark.req("F25")


@pytest.fixture
def case(club: Club, ann_person: Person, at: datetime) -> Case:
    """Ann's sensitive case, without an owner."""
    make_sensitive(club, KIND)
    return make_case(club, at=at, kind=KIND, subject=ann_person)


def sees(actor: Actor, case: Case) -> bool:
    return Case.objects.visible_to(actor).filter(pk=case.pk).exists()


def test_the_member_and_the_service_manager_see_it_the_desk_does_not(
    case: Case, club: Club, ann: Actor, bo: Actor, cy: Actor, dee: Actor
) -> None:
    centre = staff_actor(make_account("centre", "service_manager", None))
    assert all(sees(actor, case) for actor in (ann, cy, centre))
    roving = staff_actor(make_account("roving", "agent", None))
    assert not any(sees(actor, case) for actor in (bo, dee, roving))
    plain = make_case(club, at=case.received_at)
    assert all(sees(actor, plain) for actor in (bo, cy, centre, roving))


def test_a_colleagues_look_at_it_is_logged(
    case: Case, club: Club, ann: Actor, cy: Actor, at: datetime
) -> None:
    look_up(case.number, actor=cy, at=at)
    looks = Access.objects.values_list("actor", "deed", "kind", "subject", "scope")
    assert list(looks) == [(cy.key, "read", "case", case.number, club.pk)]
    look_up(case.number, actor=ann, at=at)
    look_up(make_case(club, at=at).number, actor=cy, at=at)
    assert looks.count() == 1


def test_its_clocks_alarms_and_tasks_are_out_of_sight_too(case: Case, bo: Actor, at: datetime) -> None:
    raise_due_alarms(at + timedelta(hours=30))
    for rows in (Clock.objects, Task.objects, Alarm.objects, Conversation.objects, Message.objects):
        assert rows.exists()
        assert not rows.visible_to(bo).exists()
    with pytest.raises(Missing):
        reply(case=case, text="你好", actor=bo, at=at)


def test_what_was_said_on_it_is_for_those_who_read_such_cases(
    case: Case, club: Club, ann: Actor, bo: Actor, cy: Actor, dee: Actor
) -> None:
    plain = make_case(club, at=case.received_at)
    centre = staff_actor(make_account("centre", "service_manager", None))
    for actor, seen in ((ann, 1), (bo, 1), (cy, 2), (centre, 2), (dee, 0)):
        assert Message.objects.visible_to(actor).count() == seen
    assert Message.objects.visible_to(bo).get().conversation == plain.conversation


def test_an_agent_keeps_it_while_handling_it(
    case: Case, bo: Actor, bo_account: Account, cy: Actor, cy_account: Account, at: datetime
) -> None:
    assign(case=case, owner=bo_account, actor=cy, at=at)
    assert sees(bo, case)
    assign(case=case, owner=cy_account, actor=cy, at=at)
    assert not sees(bo, case)
    Task.objects.filter(pk=Task.objects.filter(case=case).earliest("pk").pk).update(assignee=bo_account)
    assert sees(bo, case)
    solve(case, actor=bo, at=at)
    ready_to_close(case, actor=bo, at=at)
    close(case=case, actor=bo, at=at)
    assert not sees(bo, case)
    assert sees(cy, case)


def test_a_token_without_the_scope_reads_no_sensitive_case(case: Case, cy: Actor) -> None:
    assert not sees(cy.only(frozenset({"case.read"})), case)
    assert not sees(cy.only(frozenset({"case.read_sensitive"})), case)
    assert sees(cy.only(frozenset({"case.read", "case.read_sensitive"})), case)


@pytest.mark.parametrize("role", ["coach", "technician"])
def test_the_floor_sees_it_not_even_with_a_task(case: Case, role: str, club: Club) -> None:
    account = make_account(role, role, club)
    Task.objects.filter(case=case).update(assignee=account)
    assert not sees(staff_actor(account), case)


def test_who_logs_one_at_the_desk_keeps_it_unless_from_the_floor(
    case: Case, club: Club, bo: Actor, at: datetime
) -> None:
    technician = staff_actor(make_account("tech", "technician", club))
    assert make_case(club, at=at, kind=KIND, channel="desk", actor=bo).owner_id == bo.account
    assert make_case(club, at=at, kind=KIND, channel="desk", actor=technician).owner_id is None


def test_assign_refuses_an_owner_who_could_not_see_it(
    case: Case, club: Club, cy: Actor, at: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        assign(case=case, owner=make_account("tech", "technician", club), actor=cy, at=at)
    assert (refused.value.code, refused.value.field) == ("owner-not-cleared", "owner")


def test_alarms_of_one_without_an_owner_reach_somebody_who_can_open_it(
    case: Case, bo: Actor, cy: Actor, at: datetime
) -> None:
    later = at + timedelta(hours=13)
    raise_due_alarms(later)
    jobs.drain(at=later)
    assert set(StaffNotice.objects.filter(kind="case").values_list("account", flat=True)) == {cy.account}
