"""Every write that matters, aborted at each of its statements (reliability A2)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from clubassist.core import journal
from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.files import content_of
from clubassist.core.idempotency import keep_answer
from clubassist.core.journal import deliver
from clubassist.core.models import Entry, Heartbeat
from clubassist.core.seal import seal_journal
from clubassist.domain.cases.actions import (
    ask_complex,
    assess,
    assign,
    close,
    complete_task,
    decide_complex,
    merge_cases,
    open_case,
    pause_clock,
    reply,
    resolve,
    resume_clock,
    unmerge_cases,
)
from clubassist.domain.cases.actions.holding import COMPENSATION
from clubassist.domain.cases.models import Attachment, Case, Clock, Task
from clubassist.domain.cases.sweep import raise_batch
from clubassist.domain.channels.models import Message
from clubassist.domain.club.models import Club
from clubassist.domain.ledgers.actions import open_budget
from clubassist.domain.members.actions import NewPerson
from clubassist.domain.members.models import Person
from clubassist.domain.people.actions import issue_token
from clubassist.domain.people.models import Account
from tests.faults.steps import Aborted, must_be_caught, survive_every_abort
from tests.makers.cases import draft_one, make_case, make_report, ready_to_close, solve, work_up_to
from tests.makers.files import PDF, received

pytestmark = [pytest.mark.django_db, pytest.mark.fault, pytest.mark.req("F49")]


def written(statements: list[str]) -> set[str]:
    """Return the tables that these statements insert into."""
    return set(re.findall(r'insert into "?(\w+)', "\n".join(statements), re.IGNORECASE))


def test_intake_is_whole_or_absent(club: Club, bo: Actor, at: datetime) -> None:
    guest = NewPerson(name="路人", phone="13900001111", mail="guest@example.com")
    statements = survive_every_abort(
        lambda: open_case(report=make_report(), new_person=guest, club=club, actor=bo, at=at)
    )
    assert written(statements) >= {
        "members_person",
        "members_contact",
        "core_vaultkey",
        "channels_conversation",
        "channels_message",
        "cases_case",
        "cases_clock",
        "cases_stage",
        "cases_task",
        "core_token",
        "core_entry",
    }
    assert any("procrastinate" in statement for statement in statements)


@pytest.mark.req("B18")
def test_a_report_with_files_is_whole_or_absent(club: Club, bo: Actor, at: datetime) -> None:
    files = [received(), received()]
    statements = survive_every_abort(
        lambda: open_case(report=make_report(), files=files, club=club, actor=bo, at=at)
    )
    assert written(statements) >= {"cases_case", "cases_attachment", "core_vaultkey"}
    open_case(report=make_report(), files=files, club=club, actor=bo, at=at)
    assert [content_of(row) for row in Attachment.objects.all()] == [PDF, PDF]


def test_reply_is_whole_or_absent(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    survive_every_abort(
        lambda: reply(case=case, text="我们在看。", actor=bo, at=at + timedelta(hours=1), seen=1)
    )


def test_assign_is_whole_or_absent(club: Club, bo: Actor, cy_account: Account, at: datetime) -> None:
    case = make_case(club, at=at)
    survive_every_abort(lambda: assign(case=case, owner=cy_account, actor=bo, at=at))


def test_last_tick_of_a_stage_is_whole_or_absent(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at, actor=bo, remedy_sought="修好")
    *others, last = Task.objects.filter(case=case, mandatory=True, gate="").order_by("pk")
    for task in others:
        complete_task(task=task, actor=bo, at=at)
    statements = survive_every_abort(lambda: complete_task(task=last, actor=bo, at=at))
    assert written(statements) >= {"cases_stage", "cases_task"}


def test_a_judgement_with_its_step_is_whole_or_absent(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    statements = survive_every_abort(lambda: assess(case=case, actor=bo, at=at))
    assert written(statements) >= {"cases_assessment", "core_entry"}


def test_a_pause_and_its_end_are_whole_or_absent(club: Club, bo: Actor, at: datetime) -> None:
    clock = make_case(club, at=at).clocks.get(promise="solution")
    later = at + timedelta(hours=1)

    def pause() -> object:
        return pause_clock(clock=clock, reason="part", evidence="订单 12", actor=bo, at=later)

    survive_every_abort(pause)
    pause()
    survive_every_abort(lambda: resume_clock(clock=clock, actor=bo, at=later + timedelta(hours=1)))


def test_a_longer_limit_is_whole_or_absent(club: Club, bo: Actor, cy: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    request = ask_complex(case=case, reason="需要鉴定", actor=bo, at=at)
    survive_every_abort(lambda: decide_complex(request=request, approve=True, actor=cy, at=at))


def test_a_merge_and_its_undoing_are_whole_or_absent(
    club: Club, ann_person: Person, bo: Actor, at: datetime
) -> None:
    kept, merged = (make_case(club, at=at + timedelta(hours=n), subject=ann_person) for n in (1, 0))
    later = at + timedelta(hours=2)
    survive_every_abort(lambda: merge_cases(case=merged, into=kept, actor=bo, at=later))
    merge = merge_cases(case=merged, into=kept, actor=bo, at=later)
    survive_every_abort(lambda: unmerge_cases(merge=merge, actor=bo, at=later))


def test_offer_and_its_hold_are_whole_or_absent(club: Club, bo: Actor, at: datetime) -> None:
    open_budget(
        club=club, kind=COMPENSATION, year=2026, amount=50_000, clause="B51", limits={}, actor=SYSTEM, at=at
    )
    case = work_up_to(make_case(club, at=at), "propose", actor=bo, at=at)
    statements = survive_every_abort(
        lambda: draft_one(case, actor=bo, at=at, cost=15_000, remedy="refund"),
    )
    assert written(statements) >= {"cases_offer", "cases_option", "ledgers_hold", "core_entry"}


def test_resolve_is_whole_or_absent(club: Club, bo: Actor, at: datetime) -> None:
    case = work_up_to(make_case(club, at=at), actor=bo, at=at)
    survive_every_abort(
        lambda: resolve(case=case, resolution="solved", text="已修好。", actor=bo, at=at + timedelta(hours=2))
    )


def test_close_is_whole_or_absent(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    ready_to_close(solve(case, actor=bo, at=at), actor=bo, at=at)
    survive_every_abort(lambda: close(case=case, actor=bo, at=at))


@pytest.mark.parametrize(
    ("subscriber", "table"), [("confirm_receipt", "channels_message"), ("keep_findable", "cases_casewords")]
)
def test_delivery_of_a_fact_is_whole_or_absent(
    club: Club, at: datetime, subscriber: str, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each subscriber has a transaction of its own."""
    make_case(club, at=at)
    entry = Entry.objects.get(fact="CaseOpened")
    handlers = journal._HANDLERS["CaseOpened"]
    only = {name: handler for name, handler in handlers.items() if name.endswith(subscriber)}
    monkeypatch.setitem(journal._HANDLERS, "CaseOpened", only)
    statements = survive_every_abort(lambda: _deliver(entry.pk))
    assert table in written(statements)


def _deliver(entry_id: int) -> None:
    """Deliver, and let the one failure out of its group."""
    try:
        deliver(entry_id=entry_id)
    except ExceptionGroup as group:
        raise group.exceptions[0] from None


def test_sweep_is_whole_or_absent(club: Club, at: datetime) -> None:
    make_case(club, at=at)
    survive_every_abort(lambda: raise_batch(at + timedelta(hours=30)))


def test_seal_is_whole_or_absent(club: Club, at: datetime) -> None:
    make_case(club, at=at)

    def seal() -> None:
        # Where the lock cannot be had the sealer gives way until its next round: that too must leave nothing.
        with transaction.atomic():
            if seal_journal(at) == "busy":
                raise Aborted

    assert "core_seal" in written(survive_every_abort(seal))


def test_intake_over_the_api_is_whole_or_absent_and_so_is_its_kept_answer(
    club: Club, bo_account: Account, at: datetime
) -> None:
    token = issue_token(
        account=bo_account, label="site", scopes=frozenset({"case.open"}), actor=SYSTEM, at=at
    )
    person = {"name": "路人", "phone": "13900001111"}
    report = {"club": club.code, "kind": "complaint.venue", "narrative": "地板翘起", "person": person}

    def send() -> None:
        answer = Client().post(
            "/api/v1/intake",
            report,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "one"},
        )
        if answer.status_code == 503:
            assert answer["Retry-After"]
            raise Aborted
        assert answer.status_code == 201

    with transaction.atomic():  # the first answer of an installation makes the key that all of them share
        keep_answer(caller="before", key="first", request=b"", status=200, body={}, at=at)
    with time_machine.travel(at, tick=False):
        statements = survive_every_abort(send)
    assert written(statements) >= {"cases_case", "members_contact", "core_answer"}


def test_harness_catches_a_deed_of_two_commits(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)

    def two_commits() -> None:
        with transaction.atomic():
            Message.objects.create(
                conversation=case.conversation, direction="out", channel="web", body="先存", at=at
            )
        with transaction.atomic():
            Clock.objects.filter(case=case).update(met_at=at)

    must_be_caught(two_commits, "half a deed was kept")


def test_harness_catches_a_swallowed_abort(club: Club, at: datetime) -> None:
    case = make_case(club, at=at)

    def careless() -> None:
        try:
            with transaction.atomic():
                Clock.objects.filter(case=case).update(met_at=at)
        except DatabaseError:
            pass
        Case.objects.filter(pk=case.pk).update(told_at=at + timedelta(hours=1))

    must_be_caught(careless, "went on after")


def test_harness_catches_a_repeat_that_ends_elsewhere(at: datetime) -> None:
    runs: list[int] = []

    def forgetful() -> None:
        runs.append(1)
        with transaction.atomic():
            Heartbeat.objects.create(name=str(len(runs) > 1), at=at, ok=True)

    must_be_caught(forgetful, "ended elsewhere")
