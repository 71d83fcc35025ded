"""What is true is found out together: evidence, a finding, and two signatures of two people (B23)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from clubassist.core import jobs
from clubassist.core.actor import ANONYMOUS, Actor
from clubassist.core.models import Entry
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import (
    acknowledge_task,
    add_evidence,
    complete_task,
    member_objects,
    sign_finding,
    write_finding,
)
from clubassist.domain.cases.models import Case, Clock, Finding, Stage, Task
from clubassist.domain.channels.models import StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import staff_actor
from tests.makers.cases import draft_one, make_case, solve, verify, work_up_to
from tests.makers.clubs import make_sensitive
from tests.makers.people import make_head

pytestmark = pytest.mark.req("B23")


@pytest.fixture
def case(club: Club, bo: Actor, at: datetime) -> Case:
    """A complaint that is to be verified."""
    return work_up_to(make_case(club, at=at), "verify", actor=bo, at=at)


@pytest.fixture
def head(club: Club) -> Actor:
    """The head of the venue department."""
    return staff_actor(make_head(club))


def found(case: Case, *, actor: Actor, at: datetime, **changes: Any) -> Finding:
    given: dict[str, Any] = {"conclusion": "true", "summary": "属实。", "department": "venue"}
    return write_finding(case=case, actor=actor, at=at, **(given | changes))


def evidence(case: Case, *, actor: Actor, at: datetime) -> None:
    add_evidence(case=case, kind="photo", words="地板翘起两厘米。", actor=actor, at=at)


def open_gates(case: Case) -> set[str]:
    here = Task.objects.open().filter(case=case, stage__left_at__isnull=True)
    return set(here.exclude(gate="").values_list("gate", flat=True))


def test_one_signature_is_not_verified_and_two_are(case: Case, bo: Actor, head: Actor, at: datetime) -> None:
    assert open_gates(case) == {"evidence", "signed_by_department", "signed_by_service"}
    evidence(case, actor=bo, at=at)
    finding = found(case, actor=bo, at=at)
    sign_finding(finding=finding, side="service", actor=bo, at=at)
    case.refresh_from_db()
    assert (case.stage, open_gates(case)) == ("verify", {"signed_by_department"})
    signed = sign_finding(finding=finding, side="department", actor=head, at=at)
    case.refresh_from_db()
    assert (case.stage, signed.signed) == ("propose", True)


def test_the_head_is_asked_and_sees_the_finding_not_the_case(
    case: Case, bo: Actor, head: Actor, at: datetime
) -> None:
    evidence(case, actor=bo, at=at)
    finding = found(case, actor=bo, at=at)
    task = Task.objects.get(case=case, gate="signed_by_department")
    assert (task.department, task.sent_at) == ("venue", at)
    assert Clock.objects.running().filter(task=task).exists()
    assert list(Finding.objects.visible_to(head)) == [finding]
    assert not Case.objects.visible_to(head).exists()


def test_one_person_does_not_sign_twice(case: Case, cy: Actor, at: datetime) -> None:
    evidence(case, actor=cy, at=at)
    finding = found(
        case, actor=cy, at=at, department="events"
    )  # which nobody heads: the service manager stands in
    sign_finding(finding=finding, side="service", actor=cy, at=at)
    with pytest.raises(Refused) as refused:
        sign_finding(finding=finding, side="department", actor=cy, at=at)
    assert refused.value.code == "signed-by-you"


def test_the_database_knows_two_people(case: Case, bo: Actor, bo_account: Account, at: datetime) -> None:
    evidence(case, actor=bo, at=at)
    finding = found(case, actor=bo, at=at)
    sign_finding(finding=finding, side="service", actor=bo, at=at)
    rows = Finding.objects.filter(pk=finding.pk)
    with pytest.raises(IntegrityError, match="finding_two_people_sign"), transaction.atomic():
        rows.update(department_by=bo_account, department_at=at)


def test_without_evidence_there_is_no_finding(case: Case, bo: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        found(case, actor=bo, at=at)
    assert refused.value.code == "evidence-missing"


def test_before_the_stage_there_is_no_finding(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    evidence(case, actor=bo, at=at)
    with pytest.raises(Refused) as refused:
        found(case, actor=bo, at=at)
    assert refused.value.code == "not-verifying"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"conclusion": "maybe"}, "conclusion-unknown"),
        ({"summary": " "}, "summary-missing"),
        ({"summary": "长" * 4001}, "text-too-long"),
        ({"department": "kitchen"}, "department-unknown"),
    ],
)
def test_a_finding_says_something(
    case: Case, bo: Actor, at: datetime, changes: dict[str, str], code: str
) -> None:
    evidence(case, actor=bo, at=at)
    with pytest.raises(Refused) as refused:
        found(case, actor=bo, at=at, **changes)
    assert (refused.value.code, refused.value.field) == (code, next(iter(changes)))


@pytest.mark.parametrize(
    ("kind", "words", "code"),
    [("rumour", "x", "kind-unknown"), ("photo", " ", "words-missing"), ("photo", "x" * 501, "text-too-long")],
)
def test_evidence_says_something(
    case: Case, bo: Actor, at: datetime, kind: str, words: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        add_evidence(case=case, kind=kind, words=words, actor=bo, at=at)
    assert refused.value.code == code


def test_a_change_voids_the_signatures(case: Case, bo: Actor, head: Actor, at: datetime) -> None:
    evidence(case, actor=bo, at=at)
    first = found(case, actor=bo, at=at)
    sign_finding(finding=first, side="service", actor=bo, at=at)
    second = found(case, actor=bo, at=at, conclusion="partly")
    first.refresh_from_db()
    assert first.voided_at == at
    assert first.service_at == at
    assert open_gates(case) == {"signed_by_department", "signed_by_service"}
    assert Entry.objects.filter(fact="FindingWritten").latest("pk").data["voided"] == 1
    with pytest.raises(Conflict) as refused:
        sign_finding(finding=first, side="department", actor=head, at=at)
    assert refused.value.code == "finding-replaced"
    sign_finding(finding=second, side="service", actor=bo, at=at)
    with pytest.raises(Conflict) as again:
        sign_finding(finding=second, side="service", actor=bo, at=at)
    assert again.value.code == "finding-signed"


def test_a_change_after_verifying_goes_back(case: Case, bo: Actor, at: datetime) -> None:
    verify(case, actor=bo, at=at)
    found(case, actor=bo, at=at, summary="又看了一次。")
    case.refresh_from_db()
    assert case.stage == "verify"
    assert Stage.objects.filter(case=case, code="verify").count() == 2
    assert open_gates(case) == {"signed_by_department", "signed_by_service"}


def test_another_department_is_asked_anew(case: Case, bo: Actor, head: Actor, at: datetime) -> None:
    evidence(case, actor=bo, at=at)
    found(case, actor=bo, at=at)
    task = Task.objects.get(case=case, gate="signed_by_department")
    acknowledge_task(task=task, actor=head, at=at)
    found(case, actor=bo, at=at + timedelta(hours=1), department="training")
    task.refresh_from_db()
    assert (task.department, task.acknowledged_at) == ("training", None)
    assert Clock.objects.running().filter(task=task).count() == 1


def test_a_finding_under_an_offer_stands(case: Case, bo: Actor, at: datetime) -> None:
    verify(case, actor=bo, at=at)
    draft_one(case, actor=bo, at=at)
    with pytest.raises(Refused) as refused:
        found(case, actor=bo, at=at, conclusion="not")
    assert refused.value.code == "finding-used"


def test_signing_is_for_its_people(
    case: Case, club: Club, bo: Actor, cy: Actor, dee: Actor, head: Actor, at: datetime
) -> None:
    evidence(case, actor=bo, at=at)
    finding = found(case, actor=bo, at=at)
    for actor, side in ((bo, "department"), (cy, "department"), (head, "service")):
        with pytest.raises(Refused) as refused:
            sign_finding(finding=finding, side=side, actor=actor, at=at)
        assert (refused.value.code, refused.value.status) == ("not-allowed", 403)
    with pytest.raises(Missing):
        sign_finding(finding=finding, side="service", actor=dee, at=at)
    with pytest.raises(Refused) as unknown:
        sign_finding(finding=finding, side="member", actor=bo, at=at)
    assert unknown.value.code == "side-unknown"


def test_signatures_are_not_ticked(case: Case, bo: Actor, at: datetime) -> None:
    for task in Task.objects.filter(case=case, gate__startswith="signed_by"):
        with pytest.raises(Refused) as refused:
            complete_task(task=task, actor=bo, at=at)
        assert refused.value.code == "task-has-gate"


def test_the_head_whose_signature_is_void_is_asked_anew(
    case: Case, bo: Actor, head: Actor, at: datetime
) -> None:
    evidence(case, actor=bo, at=at)
    sign_finding(finding=found(case, actor=bo, at=at), side="department", actor=head, at=at)
    task = Task.objects.get(case=case, gate="signed_by_department")
    later = at + timedelta(hours=1)
    found(case, actor=bo, at=later, summary="部分属实。")
    task.refresh_from_db()
    assert (task.done_at, task.sent_at, task.acknowledged_at) == (None, later, None)
    assert Clock.objects.running().filter(task=task).exists()
    jobs.drain(at=later)
    assert StaffNotice.objects.filter(account=head.account, code="task-sent").count() == 2


@pytest.mark.req("F52")
def test_a_case_opened_again_may_be_found_otherwise(club: Club, bo: Actor, at: datetime) -> None:
    case = solve(make_case(club, at=at), actor=bo, at=at)
    member = ANONYMOUS.holding("case", str(case.pk))
    member_objects(case=case, text="又翘了。", actor=member, at=at)
    again = found(case, actor=bo, at=at, conclusion="partly")
    case.refresh_from_db()
    assert (again.conclusion, case.stage) == ("partly", "verify")
    work_up_to(case, "implement", actor=bo, at=at)
    with pytest.raises(Refused, match="finding-used"):
        found(case, actor=bo, at=at)


@pytest.mark.req("F25")
def test_a_head_sees_no_finding_of_a_sensitive_case_and_a_manager_signs(
    club: Club, bo: Actor, cy: Actor, head: Actor, at: datetime
) -> None:
    make_sensitive(club, "complaint.service")
    case = make_case(club, at=at, kind="complaint.service", channel="desk", actor=bo)
    work_up_to(case, "verify", actor=bo, at=at)
    evidence(case, actor=bo, at=at)
    finding = found(case, actor=bo, at=at)
    assert not Finding.objects.visible_to(head).exists()
    with pytest.raises(Missing):
        sign_finding(finding=finding, side="department", actor=head, at=at)
    assert sign_finding(finding=finding, side="department", actor=cy, at=at).department_by_id == cy.account
