"""Files on a case: with a member's words, with a note, as evidence; who opens them (B18, B23, F25)."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.models import Access, Entry
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.cases.actions import (
    add_evidence,
    add_note,
    assign,
    member_writes,
    merge_cases,
    open_case,
    open_file,
    write_finding,
)
from clubassist.domain.cases.models import Attachment, Case
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import staff_actor
from tests.makers.cases import make_case, make_report, open_one, work_up_to
from tests.makers.clubs import make_sensitive
from tests.makers.files import PDF, received
from tests.makers.people import GUEST, make_account, make_head


@pytest.fixture
def case(club: Club, ann_person: Person, at: datetime) -> Case:
    """A complaint of Ann's."""
    return make_case(club, at=at, subject=ann_person)


def seen_by(actor: Actor) -> int:
    return Attachment.objects.visible_to(actor).count()


@pytest.mark.req("B18")
def test_what_came_with_a_report_is_kept_with_its_first_words(
    club: Club, ann: Actor, ann_person: Person, at: datetime
) -> None:
    report = make_report(subject=ann_person)
    opened = open_case(report=report, files=[received(), received()], club=club, actor=ann, at=at)
    rows = list(Attachment.objects.filter(case=opened.case))
    assert len(rows) == 2
    assert {row.message.body for row in rows if row.message} == {report.narrative}
    entry = Entry.objects.filter(fact="FileAttached").latest("pk")
    assert entry.data["digest"] in {bytes(row.digest).hex() for row in rows}
    assert open_file(attachment=rows[0], actor=ann, at=at) == PDF


@pytest.mark.req("F25")
def test_whoever_opens_a_file_is_logged(case: Case, ann: Actor, bo: Actor, at: datetime) -> None:
    member_writes(case=case, text="照片", files=[received()], actor=ann, at=at)
    row = Attachment.objects.get()
    open_file(attachment=row, actor=bo, at=at)
    look = Access.objects.get()
    assert (look.deed, look.kind, look.subject, look.actor) == ("read", "file", str(row.pk), bo.key)
    assert look.scope == case.club_id


@pytest.mark.req("F25")
def test_files_are_opened_by_who_reads_what_they_came_with(
    case: Case, ann: Actor, bo: Actor, dee: Actor, at: datetime
) -> None:
    coach = staff_actor(make_account("coach", "coach", case.club))
    member_writes(case=case, text="照片", files=[received()], actor=ann, at=at)
    add_note(case=case, text="只给同事", files=[received()], actor=bo, at=at)
    add_evidence(case=case, kind="photo", words="翘起", files=[received()], actor=bo, at=at)
    link = GUEST.holding("case", str(case.pk))
    assert [seen_by(actor) for actor in (bo, ann, link, coach, dee, GUEST, SYSTEM)] == [3, 1, 1, 0, 0, 0, 0]
    for row in Attachment.objects.all():
        with pytest.raises(Missing):
            open_file(attachment=row, actor=dee, at=at)
    assert not Access.objects.exists()


@pytest.mark.req("F25")
def test_a_sensitive_case_keeps_its_files(
    club: Club, ann: Actor, ann_person: Person, bo: Actor, cy: Actor, bo_account: Account, at: datetime
) -> None:
    make_sensitive(club, "complaint.venue")
    case = make_case(club, at=at, subject=ann_person)
    member_writes(case=case, text="照片", files=[received()], actor=ann, at=at)
    assert [seen_by(actor) for actor in (cy, ann, bo)] == [1, 1, 0]
    assign(case=case, owner=bo_account, actor=cy, at=at)
    assert seen_by(bo) == 1


@pytest.mark.req("B23")
def test_the_head_sees_what_the_finding_rests_on(case: Case, ann: Actor, bo: Actor, at: datetime) -> None:
    head = staff_actor(make_head(case.club))
    work_up_to(case, "verify", actor=bo, at=at)
    member_writes(case=case, text="照片", files=[received()], actor=ann, at=at)
    add_evidence(case=case, kind="photo", words="翘起", files=[received()], actor=bo, at=at)
    assert seen_by(head) == 0
    for department, seen in (("venue", 1), ("training", 0)):
        write_finding(case=case, conclusion="true", summary="属实", department=department, actor=bo, at=at)
        assert seen_by(head) == seen


@pytest.mark.req("F20")
def test_files_of_a_merged_case_go_on_with_it(case: Case, ann: Actor, bo: Actor, at: datetime) -> None:
    twin = open_one(case.club, at=at, subject=case.subject)
    member_writes(case=twin.case, text="照片", files=[received()], actor=ann, at=at)
    merge_cases(case=twin.case, into=case, actor=bo, at=at)
    assert Attachment.objects.on(case).count() == 1
    assert seen_by(GUEST.holding("case", str(case.pk))) == 1
    assert seen_by(GUEST.holding("case", str(twin.case.pk))) == 1


@pytest.mark.parametrize(
    ("count", "there", "code"), [(6, 0, "too-many-files"), (1, 50, "case-full-of-files")]
)
def test_files_have_a_limit_and_nothing_is_half_kept(
    case: Case, ann: Actor, at: datetime, count: int, there: int, code: str
) -> None:
    for _ in range(there // 5):
        member_writes(case=case, text="照片", files=[received()] * 5, actor=ann, at=at)
    with pytest.raises(Refused) as refused:
        member_writes(case=case, text="还有", files=[received()] * count, actor=ann, at=at)
    assert (refused.value.code, refused.value.field) == (code, "uploads")
    assert Attachment.objects.count() == there
    assert not case.conversation.messages.filter(body="还有").exists()


def test_a_file_belongs_to_one_thing(case: Case, ann: Actor, at: datetime) -> None:
    member_writes(case=case, text="照片", files=[received()], actor=ann, at=at)
    with pytest.raises(IntegrityError, match="attachment_of_one_thing"), transaction.atomic():
        Attachment.objects.update(message=None)
