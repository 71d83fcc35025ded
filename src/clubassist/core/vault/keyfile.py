"""The key file: the wrapping keys (KEK) that open every owner's key, and the key behind the blind indexes.

One JSON file outside the database, mode 0600, replaced atomically. It holds two tink keysets; of the wrapping
keys the newest is primary and the older ones still open what they wrapped. A dump without this file is
unreadable, so a backup needs both, kept apart.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import tink
from django.utils.translation import gettext as _
from pydantic import AwareDatetime, BaseModel, ValidationError
from tink import aead, json_proto_keyset_format, prf, secret_key_access

from clubassist.core import clock
from clubassist.core.vault.errors import WrongKey
from clubassist.env import env

aead.register()
prf.register()

ALGORITHM = "AES-256-GCM"
DATA_KEY = WRAPPING = aead.aead_key_templates.AES256_GCM
_INDEX = prf.prf_key_templates.HKDF_SHA256


class Document(BaseModel):
    """What stands in the file: `created` dates each wrapping key, `rotating` marks an unfinished rotation."""

    format: Literal[1] = 1
    generated: bool
    rotating: bool = False
    created: dict[str, AwareDatetime]
    wrapping: dict[str, Any]
    index: dict[str, Any]


@dataclass(frozen=True, eq=False, slots=True)
class Keys:
    """The file, opened: `wrapping` seals owners' keys, `index` derives the keys of blind indexes."""

    document: Document
    wrapping: aead.Aead
    index: prf.PrfSet

    @property
    def primary(self) -> str:
        """The id of the wrapping key for new owners."""
        return str(self.document.wrapping["primaryKeyId"])


def load() -> Keys:
    """Return the keys of the installation's file, read again whenever the file was replaced.

    Outside production a missing file is generated. Raises WrongKey when it is missing or cannot be read.
    """
    path = env().kek_file
    with suppress(FileNotFoundError):
        return _opened(path)
    if env().production:
        raise WrongKey(f"The vault's key file {path} is missing.")
    with _locked(path):
        if not path.exists():
            _write(path, _fresh(generated=True, at=clock.now()))
    return _opened(path)


def new_key_file(path: Path, *, at: datetime) -> None:
    """Write a deliberate key file, for production. Raises FileExistsError: none is ever overwritten."""
    with _locked(path):
        if path.exists():
            raise FileExistsError(f"{path} exists; overwriting it would destroy the keys inside.")
        _write(path, _fresh(generated=False, at=at))


def begin_rotation(*, at: datetime) -> Keys:
    """Add a wrapping key and make it primary, unless an interrupted rotation already did."""
    path = env().kek_file
    load()
    with _locked(path):
        document = _read(path)
        if not document.rotating:
            newest = _keyset(WRAPPING)
            added = {
                "rotating": True,
                "created": {**document.created, str(newest["primaryKeyId"]): at},
                "wrapping": {**newest, "key": [*document.wrapping["key"], *newest["key"]]},
            }
            _write(path, document.model_copy(update=added))
    return load()


def end_rotation() -> None:
    """Note that no owner is left under an older wrapping key."""
    path = env().kek_file
    with _locked(path):
        _write(path, _read(path).model_copy(update={"rotating": False}))


def boot_checks(production: bool) -> list[str]:
    """Return why the product must not start with this key file, each with its mend; [] when all is well."""
    path = env().kek_file
    deliberate = _(
        "Make one with `clubassist vault new-key FILE`, keep a copy apart, and set CLUBASSIST_KEK_FILE to it."
    )
    if not path.exists():
        missing = _("The vault's key file %(path)s is missing.") % {"path": path}
        return [f"{missing} {deliberate}"] if production else []
    try:
        keys = load()
    except WrongKey as error:
        return [str(error)]
    refusals = []
    if production and keys.document.generated:
        generated = _("The vault's key file %(path)s was generated for trying out.") % {"path": path}
        lost = _("What was sealed with the generated key will not open with the new one.")
        refusals.append(f"{generated} {deliberate} {lost}")
    if production and path.stat().st_mode & 0o007:
        refusals.append(
            _("Everybody on this machine can read the vault's key file. Mend it with `chmod 600 %(path)s`.")
            % {"path": path}
        )
    return refusals


def cipher(handle: tink.KeysetHandle) -> aead.Aead:
    """Return what seals and opens with the keys of a keyset."""
    return handle.primitive(aead.Aead)  # type: ignore[type-abstract]  # tink is asked for an interface by its class


def _opened(path: Path) -> Keys:
    stat = path.stat()
    return _parsed(path, stat.st_mtime_ns, stat.st_ino)


@lru_cache(maxsize=2)
def _parsed(path: Path, changed: int, inode: int) -> Keys:
    document = _read(path)
    try:
        return Keys(
            document=document,
            wrapping=cipher(_handle(document.wrapping)),
            index=_handle(document.index).primitive(prf.PrfSet),  # type: ignore[type-abstract]  # as in cipher
        )
    except (tink.TinkError, KeyError):
        raise _damaged(path) from None


def _read(path: Path) -> Document:
    try:
        return Document.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise
    except OSError as error:
        raise WrongKey(f"The vault's key file {path} cannot be read: {error.strerror}.") from error
    except ValidationError:
        raise _damaged(path) from None  # pydantic would quote the keys


def _damaged(path: Path) -> WrongKey:
    return WrongKey(f"{path} is damaged or is not a key file of the vault.")


def _fresh(*, generated: bool, at: datetime) -> Document:
    wrapping = _keyset(WRAPPING)
    created = {str(wrapping["primaryKeyId"]): at}
    return Document(generated=generated, created=created, wrapping=wrapping, index=_keyset(_INDEX))


def _keyset(template: Any) -> dict[str, Any]:
    """Return a new tink keyset of one key, as the JSON object tink writes."""
    text = json_proto_keyset_format.serialize(tink.new_keyset_handle(template), secret_key_access.TOKEN)
    keyset: dict[str, Any] = json.loads(text)
    return keyset


def _handle(keyset: dict[str, Any]) -> tink.KeysetHandle:
    return json_proto_keyset_format.parse(json.dumps(keyset), secret_key_access.TOKEN)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep other processes from writing; the folder carries the lock because the file gets replaced."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(path: Path, document: Document) -> None:
    """Replace the file so that a crash leaves the old or the new one; the old one's owner and mode stay."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if path.exists():
            before = path.stat()
            os.fchown(descriptor, before.st_uid, before.st_gid)
            os.fchmod(descriptor, before.st_mode & 0o777)
        file.write(document.model_dump_json(indent=2) + "\n")
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)
