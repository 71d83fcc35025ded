"""What actions on a case refuse, each by its code and at its field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.refusal import Conflict, Refused
from clubassist.domain.cases.actions import (
    ask_department,
    assign,
    assign_task,
    complete_facts,
    log_call,
    promise_contact,
    replan,
    resolve,
    write_report,
)
from clubassist.domain.club.models import Club
from clubassist.domain.people.actions import grant_role, hire, issue_token
from clubassist.domain.people.models import Account
from tests.makers.cases import make_case, open_one, solve
from tests.makers.clubs import LONG_AGO, make_sensitive
from tests.makers.people import make_account, make_head

WEAK = "123"


def refused(act: Callable[[], Any]) -> tuple[str, str | None]:
    """Return code and field of what is refused."""
    with pytest.raises(Refused) as error:
        act()
    return error.value.code, error.value.field


def test_a_report_with_an_unknown_feeling_or_an_impossible_time(club: Club, bo: Actor, at: datetime) -> None:
    assert refused(lambda: open_one(club, at=at, emotion="happy")) == ("emotion-unknown", "emotion")
    later = at + timedelta(hours=1)
    assert refused(lambda: open_one(club, at=at, occurred_at=later)) == (
        "occurred-at-impossible",
        "occurred_at",
    )
    case = make_case(club, at=at)
    assert refused(lambda: complete_facts(case=case, emotion="happy", actor=bo, at=at)) == (
        "emotion-unknown",
        "emotion",
    )


def test_a_sensitive_case_is_handed_to_nobody_who_reads_no_cases(club: Club, cy: Actor, at: datetime) -> None:
    make_sensitive(club, "complaint.venue")
    case = make_case(club, at=at)
    task = ask_department(case=case, department="venue", words="看看灯", actor=cy, at=at)
    coach = make_head(club)
    assert refused(lambda: assign_task(task=task, assignee=coach, actor=cy, at=at)) == (
        "assignee-not-cleared",
        "assignee",
    )


def test_a_plan_that_has_changed_since_it_was_read(club: Club, cy: Actor, at: datetime) -> None:
    with pytest.raises(Conflict) as error:
        replan(club, actor=cy, at=at, seen="0" * 64)
    assert error.value.code == "plan-changed"


def test_what_is_not_on_the_list_or_not_here(
    club: Club, other_club: Club, bo: Actor, dee_account: Account, at: datetime
) -> None:
    case = make_case(club, at=at)
    assert refused(lambda: assign(case=case, owner=dee_account, actor=bo, at=at)) == (
        "owner-elsewhere",
        "owner",
    )
    assert refused(lambda: promise_contact(case=case, contact_at=at, actor=bo, at=at)) == (
        "contact-at-impossible",
        "contact_at",
    )
    assert refused(lambda: log_call(case=case, text="好", outcome="busy", actor=bo, at=at)) == (
        "outcome-unknown",
        "outcome",
    )
    assert refused(lambda: resolve(case=case, resolution="magic", text="好", actor=bo, at=at)) == (
        "resolution-unknown",
        "resolution",
    )
    solve(case, actor=bo, at=at)
    assert refused(lambda: write_report(case=case, text="好", cause="moon", actor=bo, at=at)) == (
        "cause-unknown",
        "cause",
    )


def test_an_account_that_cannot_be(club: Club, bo_account: Account, at: datetime) -> None:
    def hired(**changes: Any) -> Account:
        given = {"username": "new", "name": "New", "password": None, "role": "agent", "club": club}
        return hire(**(given | changes), actor=SYSTEM, at=LONG_AGO)

    assert refused(lambda: hired(username="BO")) == ("username-taken", "username")
    assert refused(lambda: hired(password=WEAK)) == ("password-weak", "password")
    account = make_account("eva", "agent", club)
    assert refused(lambda: grant_role(account=account, role="king", club=club, actor=SYSTEM, at=at)) == (
        "role-unknown",
        "role",
    )
    scopes = frozenset({"case.rule"})
    assert refused(lambda: issue_token(account=account, label="x", scopes=scopes, actor=SYSTEM, at=at)) == (
        "scope-unknown",
        "scopes",
    )
