"""Writing new rules on the desk: a draft, its problems with their lines, the review, and the second person (F13)."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clubassist.domain.club.models import Adoption, Club, Draft, PackVersion
from clubassist.domain.people.models import Account
from tests.domain.club.rules import common_text, solved_within
from tests.makers.cases import make_case
from tests.web.desk_rules.conftest import NOW, Browser

pytestmark = pytest.mark.req("F13")
HOUR = timedelta(hours=1)


def shown(answer: object) -> str:
    return html.unescape(answer.content.decode())  # type: ignore[attr-defined]


def begin(page: Client, text: str = "", **given: object) -> Draft:
    """Begin a draft from the version in force, and give it this text."""
    base = PackVersion.objects.get(name="common", version="2026.1")
    answer = page.post("/rules/in-force/main/draft/", {"base": base.pk} | given)
    assert answer.status_code == 302
    draft = Draft.objects.latest("pk")
    if text:
        page.post(f"/rules/drafts/{draft.pk}/save/", {"text": text, "seen": draft.digest})
        draft.refresh_from_db()
    return draft


def toml(content: bytes, name: str = "rules.toml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def cys(browser: Browser, cy_account: Account) -> Client:
    return browser(cy_account)


@pytest.fixture
def eves(browser: Browser, eve_account: Account) -> Client:
    return browser(eve_account)


def test_from_the_draft_to_the_rules_and_yesterdays_case_stays_as_it_is(
    club: Club, cys: Client, eves: Client
) -> None:
    yesterday = make_case(club, at=NOW - 20 * HOUR)
    due = yesterday.clocks.get(promise="solution").due_at
    draft = begin(cys)
    assert "Give the draft a new version." in shown(cys.get(f"/rules/drafts/{draft.pk}/"))
    answer = cys.post(
        f"/rules/drafts/{draft.pk}/save/",
        {"text": solved_within("12 h"), "seen": draft.digest},
        follow=True,
    )
    assert "The check found nothing to mend." in shown(answer)
    mine = shown(cys.get(f"/rules/drafts/{draft.pk}/review/"))
    assert "You wrote it, so somebody else publishes it" in mine
    review = shown(eves.get(f"/rules/drafts/{draft.pk}/review/"))
    for words in (
        "Compared with version 2026.1",
        "Time limit: 1 changed.",
        "Time limit Solution to a complaint",
        "<b>Limit</b> <del>24 h</del> <ins>12 h</ins>",
        "stricter",
        '<del>-target = "24 h"</del>',
        '<ins>+target = "12 h"</ins>',
    ):
        assert words in review
    (seen,) = re.findall(r'name="seen" value="(\w+)"', review)
    answer = eves.post(f"/rules/drafts/{draft.pk}/publish/", {"seen": seen}, follow=True)
    assert "common 2026.9 is in force; open cases keep their rules" in shown(answer)
    today = make_case(club, at=NOW)
    assert today.clocks.get(promise="solution").due_at == NOW + 12 * HOUR
    assert yesterday.clocks.get(promise="solution").due_at == due
    assert "Published as common 2026.9 by Eve" in shown(cys.get(f"/rules/drafts/{draft.pk}/"))
    assert cys.get(f"/rules/drafts/{draft.pk}/review/").status_code == 302


def test_its_author_cannot_publish_it(club: Club, cys: Client) -> None:
    draft = begin(cys, solved_within("12 h"))
    answer = cys.post(f"/rules/drafts/{draft.pk}/publish/", {"seen": draft.digest})
    assert answer.status_code == 403
    assert "Somebody else has to publish what you wrote." in shown(answer)
    assert not Adoption.objects.filter(pack_version__version="2026.9").exists()


def test_what_changed_since_the_review_is_shown_again_instead_of_published(
    club: Club, cys: Client, eves: Client
) -> None:
    draft = begin(cys, solved_within("12 h"))
    seen = draft.digest
    cys.post(f"/rules/drafts/{draft.pk}/save/", {"text": solved_within("6 h"), "seen": seen})
    given = {"seen": seen, "effective_from": "2026-12-01T08:00"}
    answer = eves.post(f"/rules/drafts/{draft.pk}/publish/", given)
    assert answer.status_code == 409
    page = shown(answer)
    assert "The draft was changed since you reviewed it." in page
    assert "<ins>6 h</ins>" in page
    assert 'value="2026-12-01T08:00"' in page
    draft.refresh_from_db()
    assert f'name="seen" value="{draft.digest}"' in page
    assert not Adoption.objects.filter(pack_version__version="2026.9").exists()


def test_problems_are_told_with_place_line_and_mend(club: Club, cys: Client) -> None:
    text = solved_within("12 h").replace('target = "12 h"', 'target = "-12 h"')
    line = text.split("\n").index('target = "-12 h"') + 1
    draft = begin(cys, text)
    page = shown(cys.get(f"/rules/drafts/{draft.pk}/"))
    assert "deadlines.toml: complaint-solution.target" in page
    assert f'<span class="sa-num">{line}</span> <code>target = "-12 h"</code>' in page
    assert "1 thing to mend before it can be published" in page
    review = shown(cys.get(f"/rules/drafts/{draft.pk}/review/"))
    assert "1 thing has to be mended before this draft can be reviewed." in review
    assert "Publish and adopt" not in review


def test_findings_stand_beside_the_statements(club: Club, cys: Client, eves: Client) -> None:
    statement = (
        '\n[[clause]]\nid = "Z01"\nref = "1"\nsection = {zh = "一", en = "One"}\n'
        'title = {zh = "投诉", en = "Complaints"}\ntext = {zh = "两天。", en = "Two days."}\nowner = "service"\n'
        '[[clause.states]]\nabout = "complaint"\npromise = "solution"\nat_most = "2 days"\n'
    )
    draft = begin(cys, common_text() + statement)
    page = shown(eves.get(f"/rules/drafts/{draft.pk}/review/"))
    row = next(each for each in page.split("<tr>") if "<b>Z01</b>" in each)
    assert "at most 2 days" in row
    assert "Have the interpreter decide" in row or "have the interpreter decide" in row


def test_a_file_takes_the_place_of_the_text(club: Club, cys: Client) -> None:
    written = solved_within("12 h")
    file = toml(b"\xef\xbb\xbf" + written.replace("\n", "\r\n").encode())
    draft = begin(cys, file=file)
    assert draft.text == written
    given = {"text": "typed", "file": toml(b"name = 'x'"), "seen": draft.digest}
    cys.post(f"/rules/drafts/{draft.pk}/save/", given)
    draft.refresh_from_db()
    assert draft.text == "name = 'x'"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": "my words", "file": ("a.txt", b"x")}, "File extension “txt” is not allowed"),
        ({"text": "my words", "file": ("a.toml", b"\xff\xfe")}, "The file is no text in UTF-8."),
        ({"text": "my words", "file": ("a.toml", b"\xed\xa0\x80")}, "The file is no text in UTF-8."),
        ({"text": "my words", "file": ("a.toml", b"#" * 500_000)}, "The file has more than 400 kB."),
        ({"text": "my words", "file": ("a.toml", b"a\0b")}, "characters that nobody can write"),
        ({"text": "my\0words"}, "Null characters are not allowed."),
        ({"text": "  "}, "Write the rules, or choose a file."),
        ({"text": "汉" * 140_000}, "The text has more than 400 kB."),
    ],
)
def test_what_cannot_be_kept_is_refused_and_what_was_typed_stays(
    club: Club, cys: Client, given: dict[str, object], words: str
) -> None:
    draft = begin(cys)
    if isinstance(file := given.get("file"), tuple):
        given = given | {"file": toml(file[1], file[0])}
    answer = cys.post(f"/rules/drafts/{draft.pk}/save/", given | {"seen": draft.digest})
    page = shown(answer)
    assert answer.status_code == 422
    assert words in page
    assert f">\n{given['text']}</textarea>" in page
    before = draft.digest
    draft.refresh_from_db()
    assert draft.digest == before


def test_a_file_that_does_not_do_begins_no_draft(club: Club, cys: Client) -> None:
    for file, status in ((toml(b"x", "a.txt"), 422), (None, 422)):
        given = {"file": file} if file else {}
        assert cys.post("/rules/in-force/main/draft/", given).status_code == status
    assert not Draft.objects.exists()


def test_two_windows_of_one_author_do_not_overrun_each_other(club: Club, cys: Client) -> None:
    draft = begin(cys)
    first = draft.digest
    cys.post(f"/rules/drafts/{draft.pk}/save/", {"text": "one = 1", "seen": first})
    answer = cys.post(f"/rules/drafts/{draft.pk}/save/", {"text": "two = 2", "seen": first})
    assert answer.status_code == 409
    assert ">\ntwo = 2</textarea>" in shown(answer)


def test_another_manager_reads_and_may_discard(
    club: Club, cys: Client, eves: Client, dee_account: Account, browser: Browser
) -> None:
    draft = begin(cys)
    page = shown(eves.get(f"/rules/drafts/{draft.pk}/"))
    assert "<textarea" not in page
    assert 'version = "2026.1"' in page
    assert f"Draft {draft.pk}" in shown(eves.get("/rules/in-force/"))
    assert browser(dee_account).get(f"/rules/drafts/{draft.pk}/").status_code == 404
    answer = eves.post(f"/rules/drafts/{draft.pk}/discard/", follow=True)
    assert "Draft discarded" in shown(answer)
    assert f"Draft {draft.pk}<" not in shown(answer)
    assert "Discarded by Eve" in shown(cys.get(f"/rules/drafts/{draft.pk}/"))
