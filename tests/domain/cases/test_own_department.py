"""A department that only the club's own rules know; and colleagues who see no cases but work in one (B20)."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.refusal import Refused
from clubassist.domain.cases.actions import (
    acknowledge_task,
    add_evidence,
    ask_department,
    assign_task,
    complete_task,
    send_task,
    sign_finding,
    write_finding,
)
from clubassist.domain.cases.models import Case, Finding, Task
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Club
from clubassist.domain.people.actions import grant_role, hire, issue_token
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import staff_actor, token_holder
from clubassist.pure.policy import Pack, shipped_pack
from tests.makers.cases import make_case, work_up_to
from tests.makers.clubs import LONG_AGO
from tests.makers.people import make_account

pytestmark = pytest.mark.req("B20")


@pytest.fixture
def pool(club: Club) -> None:
    """The club's rules name a department of their own: the pool."""
    document = shipped_pack("common").document()
    document["version"] += ".pool"
    document["departments"] = [
        *document["departments"],
        {"code": "pool", "title": {"zh": "泳池部", "en": "Pool"}},
    ]
    version = store_pack(pack=Pack.from_document(document), actor=SYSTEM, at=LONG_AGO)
    adopt_pack(club=club, version=version, effective_from=LONG_AGO, actor=SYSTEM, at=LONG_AGO)


def works_in(username: str, role: str, club: Club | None, department: str, *, heads: bool = False) -> Account:
    """Hire somebody into a department."""
    return hire(
        username=username,
        name=username.title(),
        password=None,
        role=role,
        club=club,
        department=department,
        heads=heads,
        actor=SYSTEM,
        at=LONG_AGO,
    )


def test_a_department_of_the_clubs_own_takes_a_task_on_and_signs(
    pool: None, club: Club, bo_account: Account, at: datetime
) -> None:
    bo, case = staff_actor(bo_account), make_case(club, at=at)
    task = ask_department(case=case, department="pool", words="看看水质", actor=bo, at=at)
    worker = staff_actor(works_in("wei", "technician", club, "pool"))
    head = staff_actor(works_in("hai", "technician", club, "pool", heads=True))
    assert list(Task.objects.visible_to(worker)) == [task]
    assert not Case.objects.visible_to(worker).exists()
    acknowledge_task(task=task, actor=worker, at=at)
    work_up_to(case, "verify", actor=bo, at=at)
    add_evidence(case=case, kind="visit", words="水质超标。", actor=bo, at=at)
    finding = write_finding(
        case=case, conclusion="true", summary="水质超标。", department="pool", actor=bo, at=at
    )
    assert not Finding.objects.visible_to(worker).exists()
    assert sign_finding(finding=finding, side="department", actor=head, at=at).department_by is not None
    client = Client()
    client.force_login(bo_account, backend="allauth.account.auth_backends.AuthenticationBackend")
    for page in ("/tasks/", f"/cases/{case.number}/", f"/findings/{finding.pk}/"):
        response = client.get(page, {"lang": "en"})
        assert response.status_code == 200, page
        assert "Pool" in response.content.decode(), page


def test_a_token_opens_what_its_holder_does_in_such_a_department(
    pool: None, club: Club, bo: Actor, at: datetime
) -> None:
    wei = works_in("wei", "technician", club, "pool")
    task = ask_department(case=make_case(club, at=at), department="pool", words="看看水质", actor=bo, at=at)
    for scope, opened in (("works_in.pool", [task]), ("case.reply", [])):
        scopes = frozenset({scope})
        token = issue_token(account=wei, label="phone", scopes=scopes, actor=staff_actor(wei), at=LONG_AGO)
        held = token_holder(token, at=at)
        assert held is not None
        assert list(Task.objects.visible_to(held[1])) == opened


def test_who_works_everywhere_may_work_in_the_department_of_any_club(pool: None) -> None:
    assert works_in("wei", "technician", None, "pool").grants.get().department == "pool"


def test_a_department_that_no_rules_name_is_refused(club: Club, other_club: Club) -> None:
    wei = make_account("wei", "technician", club)
    for department, heads, code in (("pool", False, "department-unknown"), ("", True, "department-missing")):
        with pytest.raises(Refused) as refused:
            grant_role(
                account=wei,
                role="coach",
                club=club,
                department=department,
                heads=heads,
                actor=SYSTEM,
                at=LONG_AGO,
            )
        assert (refused.value.code, refused.value.field) == (code, "department")


def test_finance_hands_its_task_to_a_colleague(
    club: Club, other_club: Club, bo_account: Account, at: datetime
) -> None:
    case = make_case(club, at=at)
    asked = staff_actor(bo_account)
    task = ask_department(case=case, department="finance", words="查一笔款", actor=asked, at=at)
    head_account = works_in("fei", "finance", club, "finance", heads=True)
    head, colleague = staff_actor(head_account), works_in("ma", "finance", club, "finance")
    client = Client()
    client.force_login(head_account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert f'<option value="{colleague.pk}">Ma</option>' in client.get("/tasks/").content.decode()
    assert client.post(f"/tasks/{task.pk}/hand/", {"assignee": colleague.pk}).status_code == 302
    task.refresh_from_db()
    assert task.assignee == colleague
    complete_task(task=task, actor=staff_actor(colleague), at=at)
    assert not Case.objects.visible_to(staff_actor(colleague)).exists()
    another = ask_department(case=case, department="finance", words="再查", actor=asked, at=at)
    for stranger in (
        make_account("tia", "training", club),
        works_in("eli", "finance", other_club, "finance"),
    ):
        with pytest.raises(Refused) as refused:
            assign_task(task=another, assignee=stranger, actor=head, at=at)
        assert refused.value.code == "assignee-elsewhere"


def test_a_step_that_was_not_sent_is_given_to_nobody_who_could_not_see_it(
    club: Club, cy_account: Account, at: datetime
) -> None:
    cy, fei = staff_actor(cy_account), works_in("fei", "finance", club, "maintenance")
    step = Task.objects.get(case=make_case(club, at=at, kind="equipment.fault"), department="maintenance")
    with pytest.raises(Refused) as refused:
        assign_task(task=step, assignee=fei, actor=cy, at=at)
    assert refused.value.code == "assignee-elsewhere"
    send_task(task=step, department="maintenance", actor=cy, at=at)
    assign_task(task=step, assignee=fei, actor=cy, at=at)
    assert list(Task.objects.visible_to(staff_actor(fei))) == [step]
