"""Complex cases: asked with a reason, approved by somebody else, 72 hours from receipt (F50)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from clubassist.core import jobs
from clubassist.core.actor import ANONYMOUS, Actor
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import (
    ask_complex,
    decide_complex,
    member_objects,
    pause_clock,
    reply,
    resume_clock,
)
from clubassist.domain.cases.auditor import audit
from clubassist.domain.cases.models import Case, Clock, ComplexityRequest
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.channels.models import Message, StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.people.queries import staff_actor
from tests.makers.cases import make_case, solve
from tests.makers.people import make_account

pytestmark = pytest.mark.req("F50")
HOUR = timedelta(hours=1)
REASON = "需要厂家鉴定器械。"


def solution(case: Case) -> Clock:
    """Return the running clock of the solution."""
    return Clock.objects.running().select_related("case__club").get(case=case, promise="solution")


def asked(case: Case, actor: Actor, at: datetime) -> ComplexityRequest:
    """Ask for the longer limit."""
    return ask_complex(case=case, reason=REASON, actor=actor, at=at)


def approved(case: Case, *, by: Actor, of: Actor, at: datetime) -> ComplexityRequest:
    """Ask and approve."""
    return decide_complex(request=asked(case, of, at), approve=True, actor=by, at=at)


@pytest.mark.parametrize("hours", [0, 23, 40])
def test_the_limit_is_72_hours_from_receipt_whenever_it_was_approved(
    club: Club, bo: Actor, cy: Actor, at: datetime, hours: int
) -> None:
    case = make_case(club, at=at)
    old = solution(case)
    approved(case, by=cy, of=bo, at=at + hours * HOUR)
    new = solution(case)
    assert (new.deadline, new.strictness, new.due_at) == (
        "complaint-solution-complex",
        "breach",
        at + 72 * HOUR,
    )
    old.refresh_from_db()
    assert (old.stopped_at, old.replaced_by_id) == (at + hours * HOUR, new.pk)
    case.refresh_from_db()
    assert case.complexity == "complex"
    assert case.next_due_at == at + 24 * HOUR


def test_asking_alone_moves_nothing(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    asked(case, bo, at + 23 * HOUR)
    case.refresh_from_db()
    assert (solution(case).due_at, case.complexity) == (at + 24 * HOUR, "ordinary")


def test_alarms_follow_the_longer_limit_and_the_auditor_agrees(
    club: Club, bo: Actor, cy: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    reply(case=case, text="在看。", actor=bo, at=at + HOUR)
    for hour in range(1, 40):
        raise_due_alarms(at + hour * HOUR)
    approved(case, by=cy, of=bo, at=at + 39.5 * HOUR)
    for hour in range(40, 120):
        raise_due_alarms(at + hour * HOUR)
    assert list(solution(case).alarms.order_by("level").values_list("level", flat=True)) == [50, 75, 100, 150]
    found = audit(at + 120 * HOUR)
    assert found is not None
    assert (found.missing.count, found.late.count) == (0, 0)


def test_the_auditor_misses_an_alarm_of_the_longer_limit(
    club: Club, bo: Actor, cy: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    reply(case=case, text="在看。", actor=bo, at=at + HOUR)
    approved(case, by=cy, of=bo, at=at + 2 * HOUR)
    raise_due_alarms(at + 35 * HOUR)
    found = audit(at + 37 * HOUR)
    assert found is not None
    assert found.missing.clocks == (solution(case).pk,)


def test_earlier_pauses_count_for_the_longer_limit_too(
    club: Club, bo: Actor, cy: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    pause_clock(clock=solution(case), reason="part", evidence="订单 12", actor=bo, at=at + HOUR)
    request = asked(case, bo, at + 2 * HOUR)
    with pytest.raises(Conflict, match="clock-paused"):
        decide_complex(request=request, approve=True, actor=cy, at=at + 2 * HOUR)
    resume_clock(clock=solution(case), actor=bo, at=at + 6 * HOUR)
    decide_complex(request=request, approve=True, actor=cy, at=at + 7 * HOUR)
    assert solution(case).due_at == at + 77 * HOUR
    assert solution(case).pauses.get().evidence == "订单 12"


def test_the_member_the_manager_and_who_asked_are_told(
    club: Club, bo: Actor, cy: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    request = asked(case, bo, at + HOUR)
    jobs.drain(at=at + HOUR)
    assert StaffNotice.objects.filter(account__username="cy", code="complex-asked").count() == 1
    decide_complex(request=request, approve=True, actor=cy, at=at + 2 * HOUR)
    jobs.drain(at=at + 2 * HOUR)
    assert StaffNotice.objects.filter(account__username="bo", code="complex-approved").count() == 1
    assert Message.objects.filter(body__contains="改为 11 月 24 日 12:00").count() == 1


def test_a_refusal_says_why_and_moves_nothing(club: Club, bo: Actor, cy: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    request = asked(case, bo, at)
    with pytest.raises(Refused, match="remark-missing"):
        decide_complex(request=request, approve=False, remark=" ", actor=cy, at=at)
    row = decide_complex(request=request, approve=False, remark="换块地板即可。", actor=cy, at=at)
    jobs.drain(at=at)
    assert (row.approved, solution(case).due_at) == (False, at + 24 * HOUR)
    assert StaffNotice.objects.filter(account__username="bo", code="complex-refused").count() == 1
    assert not Message.objects.filter(body__contains="改为").exists()
    asked(case, bo, at + HOUR)


def test_nobody_approves_their_own_request(club: Club, cy: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    request = asked(case, cy, at)
    with pytest.raises(Refused, match="own-request"):
        decide_complex(request=request, approve=True, actor=cy, at=at)
    with pytest.raises(IntegrityError, match="complexity_not_ones_own"), transaction.atomic():
        ComplexityRequest.objects.update(decided_by=cy.account, decided_at=at, approved=True)
    other = staff_actor(make_account("cyd", "service_manager", club))
    assert decide_complex(request=request, approve=True, actor=other, at=at).approved


def test_one_request_waits_at_a_time_and_is_decided_once(
    club: Club, bo: Actor, cy: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    request = asked(case, bo, at)
    with pytest.raises(Conflict, match="complex-asked"):
        asked(case, bo, at)
    decide_complex(request=request, approve=True, actor=cy, at=at)
    with pytest.raises(Conflict, match="complex-decided"):
        decide_complex(request=request, approve=True, actor=cy, at=at)
    with pytest.raises(Refused, match="complex-already"):
        asked(case, bo, at)


def test_asking_is_refused(club: Club, bo: Actor, dee: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    with pytest.raises(Refused, match="reason-missing"):
        ask_complex(case=case, reason="", actor=bo, at=at)
    with pytest.raises(Refused, match="text-too-long"):
        ask_complex(case=case, reason="长" * 301, actor=bo, at=at)
    with pytest.raises(Refused, match="complex-too-late"):
        asked(case, bo, at + 72 * HOUR)
    with pytest.raises(Refused, match="no-complex-limit"):
        asked(make_case(club, at=at, kind="inquiry"), bo, at)
    with pytest.raises(Missing):
        asked(case, dee, at)
    with pytest.raises(Conflict, match="changed-meanwhile"):
        ask_complex(case=case, reason=REASON, actor=bo, at=at, seen=9)
    solve(case, actor=bo, at=at + HOUR)
    with pytest.raises(Refused, match="solution-given"):
        asked(case, bo, at + HOUR)


def test_deciding_is_a_managers(club: Club, bo: Actor, cy: Actor, dee: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    request = asked(case, cy, at)
    with pytest.raises(Refused, match="not-allowed"):
        decide_complex(request=request, approve=True, actor=bo, at=at)
    with pytest.raises(Missing):
        decide_complex(request=request, approve=True, actor=dee, at=at)
    other = staff_actor(make_account("cyd", "service_manager", club))
    with pytest.raises(Refused, match="text-too-long"):
        decide_complex(request=request, approve=True, remark="长" * 301, actor=other, at=at)


@pytest.mark.req("F52")
def test_after_reopening_the_time_used_before_is_used_of_the_longer_limit_too(
    club: Club, bo: Actor, cy: Actor, at: datetime
) -> None:
    case = solve(make_case(club, at=at), actor=bo, at=at + 10 * HOUR)
    again = at + 100 * HOUR
    member_objects(case=case, text="没好", actor=ANONYMOUS.holding("case", str(case.pk)), at=again)
    case.refresh_from_db()
    approved(case, by=cy, of=bo, at=again + 5 * HOUR)
    assert solution(case).due_at == again + 62 * HOUR


def test_no_machine_decides(club: Club, bo: Actor, cy: Actor, at: datetime) -> None:
    request = asked(make_case(club, at=at), bo, at)
    with pytest.raises(Refused, match="not-allowed"):
        decide_complex(request=request, approve=True, actor=replace(cy, machine=True), at=at)


def test_a_sole_manager_s_own_request_wakes_the_management(club: Club, cy: Actor, at: datetime) -> None:
    management = make_account("mo", "management", club)
    case = make_case(club, at=at)
    request = asked(case, cy, at)
    jobs.drain(at=at)
    needed = StaffNotice.objects.get(code="manager-needed")
    assert (needed.account, needed.kind, needed.subject) == (management, "role", case.number)
    assert not StaffNotice.objects.filter(code="complex-asked").exists(), "who asked cannot decide"
    second = staff_actor(make_account("second", "service_manager", club))
    decide_complex(request=request, approve=True, actor=second, at=at + HOUR)
    case.refresh_from_db()
    assert case.complex
