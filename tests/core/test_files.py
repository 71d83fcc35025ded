"""Files on the disk: sealed, there before their row and gone after it, whatever crashes in between."""

from __future__ import annotations

import errno
import os
import subprocess
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from clubassist.core import clock, files, vault
from clubassist.core.actor import Actor
from clubassist.core.files import FilesMissing, clear_away, content_of, receive
from clubassist.core.models import VaultKey
from clubassist.core.refusal import Refused
from clubassist.domain.cases.actions import add_note
from clubassist.domain.cases.models import Attachment
from clubassist.domain.club.models import Club
from tests.makers.cases import make_case
from tests.makers.files import PDF, picture, received

pytestmark = [pytest.mark.django_db, pytest.mark.req("F26")]
NOW = clock.now()  # files carry the machine's own time


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """A files' folder of the test's own."""
    settings.FILES_FOLDER = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def kept(club: Club, bo: Actor, at: datetime) -> Attachment:
    """A file on a case."""
    add_note(case=make_case(club, at=at), text="账单", files=[received()], actor=bo, at=at)
    return Attachment.objects.get()


def there(folder: Path) -> list[Path]:
    return sorted(folder.glob("??/*"))


def test_what_lies_on_the_disk_is_sealed_and_for_nobody_else(kept: Attachment, folder: Path) -> None:
    (path,) = there(folder)
    assert path.name == kept.pk.hex
    assert PDF[:20] not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert content_of(kept) == PDF
    assert VaultKey.objects.filter(owner=kept.pk).exists()


def test_another_file_in_its_place_is_not_opened(kept: Attachment, folder: Path) -> None:
    (path,) = there(folder)
    for wrong in (path.read_bytes()[:-1], b"", bytes(60), PDF):
        path.write_bytes(wrong)
        with pytest.raises(Refused) as refused:
            content_of(kept)
        assert (refused.value.code, refused.value.status) == ("file-gone", 410)
    path.unlink()
    with pytest.raises(Refused):
        content_of(kept)


def test_a_full_disk_refuses_the_files_and_keeps_nothing(
    club: Club, bo: Actor, at: datetime, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    case = make_case(club, at=at)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(Refused) as refused:
            add_note(case=case, text="账单", files=[received()], actor=bo, at=at)
    assert (refused.value.code, refused.value.field, refused.value.status) == (
        "files-unavailable",
        "uploads",
        503,
    )
    assert not there(folder)
    assert not Attachment.objects.exists()
    add_note(case=case, text="账单", actor=bo, at=at)


def test_what_has_no_row_goes_after_a_day(kept: Attachment, folder: Path, at: datetime) -> None:
    crashed, unsealed = uuid.uuid4(), uuid.uuid4()
    vault.create_owner(crashed, at=at)
    for owner in (crashed, unsealed):
        (folder / owner.hex[:2]).mkdir(exist_ok=True)
        (folder / owner.hex[:2] / owner.hex).write_bytes(b"sealed")
    assert clear_away(NOW + timedelta(hours=23)) == "0 removed"
    assert clear_away(NOW + timedelta(hours=25)) == "2 removed"
    assert [path.name for path in there(folder)] == [kept.pk.hex]
    with pytest.raises(vault.Shredded):
        vault.seal("x", owner=crashed, place="x", row="x")
    assert content_of(kept) == PDF


def test_a_case_takes_its_files_along(kept: Attachment, folder: Path) -> None:
    owner = kept.pk
    kept.delete()
    clear_away(NOW + timedelta(hours=25))
    assert not there(folder)
    assert VaultKey.objects.get(owner=owner).shredded_at is not None


def test_a_missing_file_is_noticed(kept: Attachment, folder: Path) -> None:
    (path,) = there(folder)
    path.unlink()
    with pytest.raises(FilesMissing, match="1 files"):
        clear_away(NOW)


def test_what_is_not_ours_is_left_alone(folder: Path) -> None:
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "lost+found").write_bytes(b"")
    assert clear_away(NOW + timedelta(days=9)) == "0 removed"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (bytes(files.MOST_BYTES + 1), "file-too-large"),
        (b"hello", "file-type-unknown"),
        (picture()[:40], "file-unreadable"),
        (picture(mode="1", size=(8_000, 8_000)), "file-too-many-pixels"),
    ],
)
def test_what_cannot_be_taken_is_told(sent: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        receive(sent)
    assert (refused.value.code, refused.value.field) == (code, "uploads")
    assert refused.value.mend


def test_a_picture_is_copied_in_a_process_that_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}
    run = subprocess.run

    def watched(command: list[str], **options: Any) -> Any:
        seen.update(options)
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", watched)
    assert receive(picture("JPEG")).content_type == "image/jpeg"
    assert seen["env"] == {}


@pytest.mark.parametrize("trouble", ["slow", "killed", "no process"])
def test_a_copy_that_comes_to_nothing_refuses(trouble: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **options: Any) -> Any:
        if trouble == "slow":
            raise subprocess.TimeoutExpired(command, 1)
        if trouble == "no process":
            raise OSError(errno.ENOMEM, "Cannot allocate memory")
        return subprocess.CompletedProcess(command, -9, b"", b"")

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(Refused) as refused:
        receive(picture())
    assert refused.value.code == ("files-unavailable" if trouble == "no process" else "file-unreadable")
