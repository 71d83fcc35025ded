"""Files on the desk: with a note, as evidence, and who opens them."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client

from clubassist.core.actor import Actor
from clubassist.core.models import Access
from clubassist.domain.cases.actions import add_evidence, write_finding
from clubassist.domain.cases.models import Attachment, Case, Evidence
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from tests.makers.cases import make_case, work_up_to
from tests.makers.files import PDF, picture, received, upload
from tests.makers.people import make_head
from tests.web.desk.test_agreeing import page_of, reading


@pytest.fixture
def case(club: Club, bo: Actor, at: datetime) -> Case:
    """A complaint that is to be verified."""
    return work_up_to(make_case(club, at=at), "verify", actor=bo, at=at)


@pytest.mark.req("B23")
def test_evidence_with_a_photo_is_listed_and_opened(
    bo_account: Account, cy_account: Account, case: Case
) -> None:
    desk = reading(bo_account)
    sent = {"kind": "photo", "words": "翘起两厘米", "uploads": [upload(picture("JPEG"), "x.jpg")]}
    assert desk.post(f"/cases/{case.number}/evidence/", sent).status_code == 302
    row = Attachment.objects.get(evidence=Evidence.objects.get())
    assert f'href="/files/{row.pk}/"' in page_of(desk, case)
    response = desk.get(f"/files/{row.pk}/")
    assert response["Content-Disposition"].startswith(f'attachment; filename="{case.number}-')
    assert "sandbox" in response["Content-Security-Policy"]
    assert Access.objects.filter(kind="file", actor=f"staff:{bo_account.pk}").count() == 1
    assert "File" in reading(cy_account).get("/access-log/").content.decode()


def test_a_note_with_a_file(bo_account: Account, case: Case) -> None:
    desk = reading(bo_account)
    sent = {"text": "维修账单", "uploads": [upload()]}
    assert desk.post(f"/cases/{case.number}/note/", sent).status_code == 302
    row = Attachment.objects.get()
    assert f'href="/files/{row.pk}/"' in page_of(desk, case)
    assert desk.get(f"/files/{row.pk}/").content == PDF


def test_a_refused_file_keeps_the_words(bo_account: Account, case: Case) -> None:
    desk = reading(bo_account)
    sent = {"kind": "photo", "words": "翘起两厘米", "uploads": [upload(b"hello", "x.jpg")]}
    answer = desk.post(f"/cases/{case.number}/evidence/", sent)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "x.jpg: Send photos" in shown
    assert "翘起两厘米" in shown
    assert "Please choose the files again" in shown
    assert not Evidence.objects.exists()


@pytest.mark.req("F25")
def test_another_club_s_files_do_not_exist(dee_account: Account, case: Case, bo: Actor, at: datetime) -> None:
    add_evidence(case=case, kind="photo", words="翘起", files=[received()], actor=bo, at=at)
    row = Attachment.objects.get()
    assert reading(dee_account).get(f"/files/{row.pk}/").status_code == 404
    assert Client().get(f"/files/{row.pk}/").status_code == 302
    assert Access.objects.get().deed == "denied"


@pytest.mark.req("B23")
def test_the_head_opens_what_the_finding_rests_on(case: Case, club: Club, bo: Actor, at: datetime) -> None:
    add_evidence(case=case, kind="photo", words="翘起", files=[received()], actor=bo, at=at)
    finding = write_finding(
        case=case, conclusion="true", summary="属实。", department="venue", actor=bo, at=at
    )
    head, row = reading(make_head(club)), Attachment.objects.get()
    assert f'href="/files/{row.pk}/"' in head.get(f"/findings/{finding.pk}/").content.decode()
    assert head.get(f"/files/{row.pk}/").content == PDF


def test_a_lost_file_says_so(bo_account: Account, case: Case, bo: Actor, at: datetime) -> None:
    add_evidence(case=case, kind="photo", words="翘起", files=[received()], actor=bo, at=at)
    row = Attachment.objects.get()
    gone = uuid4()
    Attachment.objects.filter(id=row.pk).update(id=gone)
    answer = reading(bo_account).get(f"/files/{gone}/")
    assert answer.status_code == 410
    assert "This file cannot be opened any more." in answer.content.decode()
