"""Roles, grants and tokens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from clubassist.core import clock
from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.models import Entry
from clubassist.core.refusal import Refused
from clubassist.domain.club.models import Club
from clubassist.domain.people.actions import end_role, grant_role, issue_token
from clubassist.domain.people.models import Account, Grant
from clubassist.domain.people.queries import holders, staff_actor, token_holder
from tests.makers.people import make_account


@pytest.mark.req("F25")
def test_a_role_holds_in_its_club_only(club: Club, other_club: Club, bo: Actor) -> None:
    assert bo.may("case.reply", club.pk)
    assert not bo.may("case.reply", other_club.pk)
    assert not bo.may("access.read", club.pk)


def test_an_ended_role_is_felt_at_once(club: Club, bo_account: Account, at: datetime) -> None:
    end_role(grant=Grant.objects.get(account=bo_account), actor=SYSTEM, at=at)
    assert not staff_actor(bo_account).may("case.reply", club.pk)


@pytest.mark.req("F25")
def test_a_role_runs_out_by_itself(club: Club, at: datetime) -> None:
    now = clock.now()
    eve = make_account("eve", "training", club)
    lent: dict[str, Any] = {"account": eve, "role": "auditor", "club": club, "actor": SYSTEM}
    token = issue_token(account=eve, label="x", scopes=frozenset({"access.read"}), actor=SYSTEM, at=at)
    grant = grant_role(**lent, at=now, until=now + timedelta(hours=1))
    assert staff_actor(eve).may("access.read", club.pk)
    assert holders("auditor", club.pk) == [eve.pk]
    assert Entry.objects.filter(fact="RoleGranted").latest("pk").data["until"]
    Grant.objects.filter(pk=grant.pk).update(ends_at=now - timedelta(seconds=1))
    assert not staff_actor(eve).may("access.read", club.pk)
    held = token_holder(token, at=now)
    assert held is not None
    assert not held[1].may("access.read", club.pk)
    assert holders("auditor", club.pk) == []
    assert grant_role(**lent, at=now).pk != grant.pk
    assert staff_actor(eve).may("access.read", club.pk)
    with pytest.raises(Refused) as refused:
        grant_role(**lent, at=now, until=now)
    assert (refused.value.code, refused.value.field) == ("until-passed", "until")


@pytest.mark.req("F25")
def test_a_role_that_is_held_gets_the_end_that_is_given(
    club: Club, bo_account: Account, at: datetime
) -> None:
    held: dict[str, Any] = {"account": bo_account, "role": "agent", "club": club, "actor": SYSTEM}
    for until in (at + timedelta(days=1), at + timedelta(days=2), None):
        grant = grant_role(**held, at=at, until=until)
        grant.refresh_from_db()
        assert grant.ends_at == until
        told = Entry.objects.filter(fact="RoleGranted").latest("pk").data["until"]
        assert (datetime.fromisoformat(told) if told else None) == until
    assert Grant.objects.filter(account=bo_account).count() == 1
    before = Entry.objects.count()
    grant_role(**held, at=at)
    assert Entry.objects.count() == before


def test_a_role_is_granted_once(club: Club, bo_account: Account, at: datetime) -> None:
    first = grant_role(account=bo_account, role="agent", club=club, actor=SYSTEM, at=at)
    assert grant_role(account=bo_account, role="agent", club=club, actor=SYSTEM, at=at) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(account=bo_account, role="agent", club=club, granted_at=at)


def test_grant_role_refuses_unknown_roles_and_staff(
    club: Club, bo: Actor, bo_account: Account, at: datetime
) -> None:
    with pytest.raises(Refused) as unknown:
        grant_role(account=bo_account, role="king", club=club, actor=SYSTEM, at=at)
    assert unknown.value.field == "role"
    with pytest.raises(Refused) as staff:
        grant_role(account=bo_account, role="management", club=club, actor=bo, at=at)
    assert staff.value.status == 403


def test_a_token_never_does_more_than_its_scopes(
    club: Club, bo: Actor, bo_account: Account, at: datetime
) -> None:
    token = issue_token(account=bo_account, label="app", scopes=frozenset({"case.open"}), actor=bo, at=at)
    found = token_holder(token, at=at)
    assert found is not None
    account, actor = found
    assert account == bo_account
    assert actor.may("case.open", club.pk)
    assert not actor.may("case.read", club.pk)


def test_a_token_dies_with_its_term_and_its_account(bo: Actor, bo_account: Account, at: datetime) -> None:
    soon = at + timedelta(hours=1)
    token = issue_token(
        account=bo_account, label="app", scopes=frozenset({"case.open"}), actor=bo, at=at, expires_at=soon
    )
    assert token_holder(token, at=soon - timedelta(seconds=1)) is not None
    assert token_holder(token, at=soon) is None
    Account.objects.filter(pk=bo_account.pk).update(is_active=False)
    assert token_holder(token, at=at) is None
    assert token_holder("ca_nonsense", at=at) is None


def test_issue_token_refuses_other_accounts_and_unknown_scopes(
    bo: Actor, bo_account: Account, cy_account: Account, at: datetime
) -> None:
    with pytest.raises(Refused) as other:
        issue_token(account=cy_account, label="x", scopes=frozenset({"case.open"}), actor=bo, at=at)
    assert other.value.status == 403
    with pytest.raises(Refused) as unknown:
        issue_token(account=bo_account, label="x", scopes=frozenset({"world.rule"}), actor=bo, at=at)
    assert unknown.value.field == "scopes"


def test_a_ladder_names_the_club_and_the_centre(club: Club, other_club: Club, cy_account: Account) -> None:
    centre = make_account("centre", "service_manager", None)
    make_account("elsewhere", "service_manager", other_club)
    assert holders("service_manager", club.pk) == sorted([cy_account.pk, centre.pk])
