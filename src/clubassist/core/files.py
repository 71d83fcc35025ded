"""Files that people send: a harmless copy of each, sealed, in a folder of its own that no web server knows.

The file is on the disk before its row commits, and goes after its row went. What a crash leaves between the two is a
sealed file without a row, which the round `files` removes.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from clubassist.core import vault
from clubassist.core.jobs import every
from clubassist.core.models.file import KeptFile
from clubassist.core.refusal import Refused

F = TypeVar("F", bound=KeptFile)

MOST_FILES: Final = 5
"""How many files may be sent at once."""
MOST_BYTES: Final = 10 * 1024 * 1024
"""How large each may be."""
ENDINGS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
}
PLACE: Final = "core.file.content"
LOST_AFTER: Final = timedelta(days=1)
_CHILD_SECONDS: Final = 30
_MENDS: Final = {
    "type-unknown": _("Send photos (JPEG, PNG, WebP, GIF) or PDF files."),
    "unreadable": _("This file cannot be read. Open it, save it anew and send that."),
    "too-many-pixels": _("This picture is too large. Make it smaller and send that."),
}


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was sent, as a harmless copy that nothing has been kept of yet."""

    content_type: str
    content: bytes
    sent_digest: bytes


class FilesMissing(RuntimeError):
    """Rows name files that are not in the folder; the health check is red until they are put back from a backup."""


def receive(sent: bytes) -> Received:
    """Return a harmless copy of what was sent, made by a child process within limits of memory and time.

    Raises Refused at the field `uploads` for what is too large, of no known type by its content, or cannot be read.
    """
    if len(sent) > MOST_BYTES:
        raise Refused("file-too-large", field="uploads", mend=too_large())
    child = [sys.executable, "-I", "-m", "clubassist.pure.uploads"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, told nothing but the bytes
            child, input=sent, capture_output=True, timeout=_CHILD_SECONDS, env={}, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _refused("unreadable") from error
    except OSError as error:
        raise _no_room() from error
    if done.returncode:
        code = done.stdout.decode(errors="replace")
        raise _refused(code if code in _MENDS else "unreadable")
    content_type, _line, content = done.stdout.partition(b"\n")
    return Received(content_type.decode(), content, hashlib.sha256(sent).digest())


def too_large() -> str:
    """Return what is told of a file over the limit."""
    return _("A file may have %(most)s MB. Make it smaller, or leave it out.") % {"most": MOST_BYTES >> 20}


def _refused(code: str) -> Refused:
    return Refused(f"file-{code}", field="uploads", mend=_MENDS[code])


def _no_room() -> Refused:
    mend = _("We cannot take files at the moment. Send it without them and add them later.")
    return Refused("files-unavailable", field="uploads", mend=mend, status=503)


def keep(row: F, received: Received, *, at: datetime) -> F:
    """Seal the content under a key of its own, write it to the disk for good, and insert `row`. Two INSERTs.

    Call it inside the transaction of what the file belongs to. Raises Refused (503) when the disk has no room.
    """
    owner = row.pk
    vault.create_owner(owner, at=at)
    sealed = vault.seal_bytes(received.content, owner=owner, place=PLACE, row=str(owner))
    row.content_type, row.size, row.at = received.content_type, len(received.content), at
    row.digest, row.sent_digest = hashlib.sha256(sealed).digest(), received.sent_digest
    try:
        _write(_path(owner), sealed)
    except OSError as error:
        _path(owner).unlink(missing_ok=True)
        raise _no_room() from error
    row.save(force_insert=True)
    return row


def content_of(row: KeptFile) -> bytes:
    """Return the content of a kept file. Raises Refused (410) when it is gone, or is not what was kept."""
    try:
        return vault.open_bytes(_path(row.pk).read_bytes(), place=PLACE, row=str(row.pk))
    except (OSError, vault.VaultError) as error:
        mend = _("This file cannot be opened any more. Ask for it again.")
        raise Refused("file-gone", mend=mend, status=410) from error


def _path(owner: UUID) -> Path:
    return Path(settings.FILES_FOLDER) / owner.hex[:2] / owner.hex


def _write(path: Path, sealed: bytes) -> None:
    """Write a new file so that a power cut afterwards leaves it there whole."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(descriptor)
    for folder in (path.parent, path.parent.parent):
        held = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)


@every(seconds=3600, name="files")
def clear_away(at: datetime) -> str:
    """Remove files without a row that are older than a day, and destroy their keys; of deleted rows and crashes.

    Raises FilesMissing when a row's file is not there.
    """
    kept = set(_kept())  # before looking at the disk: a file is there before its row
    there = dict(_on_disk())
    lost = [owner for owner, since in there.items() if owner not in kept and since < at - LOST_AFTER]
    for owner in lost:
        try:
            vault.shred(owner, at=at)
        except vault.WrongKey:
            pass  # the crash came before the key was kept
        _path(owner).unlink(missing_ok=True)
    if missing := len(kept - there.keys()):
        raise FilesMissing(f"{missing} files are missing")
    return f"{len(lost)} removed"


def _kept() -> Iterable[UUID]:
    for model in apps.get_models():
        if issubclass(model, KeptFile):
            yield from model._default_manager.values_list("pk", flat=True)


def _on_disk() -> Iterator[tuple[UUID, datetime]]:
    for path in Path(settings.FILES_FOLDER).glob("??/*"):
        try:
            yield UUID(hex=path.name), datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
        except (ValueError, FileNotFoundError):
            pass  # not ours, or removed meanwhile
