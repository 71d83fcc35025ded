"""Photos and files by the member's page, without scripts: what is taken, what is refused, how they come back."""

from __future__ import annotations

import uuid
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.test import Client

from clubassist.core.actor import Actor
from clubassist.core.files import MOST_BYTES
from clubassist.core.models import Access
from clubassist.domain.cases.actions import add_note, member_writes
from clubassist.domain.cases.models import Attachment, Case
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.web.shared import uploads
from tests.makers.cases import make_case, open_one
from tests.makers.files import PDF, opened, picture, received, upload

pytestmark = pytest.mark.req("B18")


def told(*files: UploadedFile[bytes], **changes: Any) -> dict[str, Any]:
    """Return what a guest sends, with files and changes."""
    sent = {"once": str(uuid.uuid4()), "kind": "complaint.venue", "narrative": "二号场地板翘起来了。"}
    return sent | {"uploads": list(files)} | changes


def text(response: Any) -> str:
    return unescape(response.content.decode())


def test_a_photo_comes_with_the_report_and_back_by_the_link(guest: Client, club: Club) -> None:
    form = text(guest.get("/m/report/"))
    assert "Up to 5 photos or PDF files, 10 MB each." in form
    assert 'enctype="multipart/form-data"' in form
    photo = upload(picture("JPEG"), "IMG_1.html")
    code = guest.post("/m/report/", told(photo, upload())).context["code"]
    page = text(guest.get(f"/t/{code}/"))
    row = Attachment.objects.get(content_type="image/jpeg")
    assert f"/t/{code}/files/{row.pk}/" in page
    response = guest.get(f"/t/{code}/files/{row.pk}/")
    assert opened(response.content).format == "JPEG"
    assert response["Content-Type"] == "image/jpeg"
    number = Case.objects.get().number
    assert response["Content-Disposition"] == f'attachment; filename="{number}-{row.pk.hex[:8]}.jpg"'
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert Access.objects.get().actor == "guest"


def test_more_photos_are_added_on_both_pages(
    guest: Client, anns_phone: Client, ann_person: Person, at: datetime
) -> None:
    matter = open_one(ann_person.club, at=at, subject=ann_person)
    for client, address in (
        (guest, f"/t/{matter.track_code}/"),
        (anns_phone, f"/m/cases/{matter.case.number}/"),
    ):
        sent = {"text": "照片在这里", "once": str(uuid.uuid4()), "uploads": [upload(picture())]}
        assert client.post(f"{address}write/", sent).status_code == 302
        row = Attachment.objects.order_by("-pk").first()
        assert row is not None
        assert client.get(f"{address}files/{row.pk}/").status_code == 200
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([(b"<script>alert(1)</script>", "photo.jpg")], "photo.jpg: Send photos"),
        ([(picture()[:40], "half.png")], "half.png: This file cannot be read."),
        ([(bytes(MOST_BYTES + 1), "film.mp4")], "film.mp4: A file may have 10 MB."),
        ([(PDF, f"{n}.pdf") for n in range(6)], "Send at most 5 files at once."),
    ],
)
def test_a_refused_file_loses_nothing_that_was_typed(
    guest: Client, club: Club, files: list[tuple[bytes, str]], words: str
) -> None:
    sent = told(*(upload(content, name) for content, name in files), people="我和教练")
    response = guest.post("/m/report/", sent)
    assert response.status_code == 422
    page = text(response)
    assert words in page
    assert "二号场地板翘起来了。" in page
    assert 'value="我和教练"' in page
    assert "Please choose the files again" in page
    assert not Case.objects.exists()
    assert guest.post("/m/report/", told(once=sent["once"])).status_code == 200


def test_a_forgotten_word_says_that_the_files_are_gone(guest: Client, club: Club) -> None:
    page = text(guest.post("/m/report/", told(upload(), narrative="")))
    assert "Please choose the files again" in page
    assert "Please choose the files again" not in text(guest.post("/m/report/", told(narrative="")))


def test_a_file_name_is_text_and_is_not_kept(guest: Client, club: Club) -> None:
    name = '<img src=x onerror="alert(1)">.jpg'
    page = guest.post("/m/report/", told(upload(b"hello", name))).content.decode()
    assert "<img src=x" not in page


def test_the_same_form_with_another_file_asks_first(guest: Client, club: Club) -> None:
    sent = told(upload())
    guest.post("/m/report/", sent)
    again = guest.post("/m/report/", sent | {"uploads": [upload(PDF + b"\n")]})
    assert again.status_code == 422
    assert "You sent this form before." in text(again)
    assert guest.post("/m/report/", sent | {"uploads": [upload()]}).status_code == 200
    assert Attachment.objects.count() == 1


def test_a_body_beyond_all_measure_is_not_read(
    guest: Client, club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_READ", 1_000)
    assert guest.post("/m/report/", told(upload(bytes(2_000)))).status_code == 413


@pytest.mark.req("F25")
def test_files_of_others_and_of_notes_do_not_exist(
    guest: Client, anns_phone: Client, ann: Actor, ann_person: Person, bo: Actor, at: datetime
) -> None:
    case, other = (make_case(ann_person.club, at=at, subject=who) for who in (ann_person, None))
    add_note(case=case, text="只给同事", files=[received()], actor=bo, at=at)
    note = Attachment.objects.get()
    assert str(note.pk) not in text(anns_phone.get(f"/m/cases/{case.number}/"))
    member_writes(case=case, text="照片", files=[received()], actor=ann, at=at)
    own = Attachment.objects.exclude(pk=note.pk).get()
    address = f"/m/cases/{case.number}/files"
    assert anns_phone.get(f"{address}/{own.pk}/").status_code == 200
    assert anns_phone.get(f"{address}/{note.pk}/").status_code == 404
    assert anns_phone.get(f"/m/cases/{other.number}/files/{own.pk}/").status_code == 404
    assert guest.get(f"{address}/{own.pk}/").status_code == 302
    stranger = open_one(ann_person.club, at=at)
    for row in (own, note):
        assert guest.get(f"/t/{stranger.track_code}/files/{row.pk}/").status_code == 404
