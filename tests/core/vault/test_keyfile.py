"""The key file: generated for trying out only, private, never overwritten; production wants a real one."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import translation

from clubassist.core import vault
from clubassist.core.vault import keyfile


def test_missing_file_is_generated_private_and_marked(key_file: Path) -> None:
    keyfile.load()
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert json.loads(key_file.read_text())["generated"] is True
    assert [path.name for path in key_file.parent.iterdir()] == [key_file.name]
    assert vault.boot_checks(production=False) == []


def test_threads_that_start_together_agree_on_one_file(key_file: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        primaries = set(pool.map(lambda _: keyfile.load().primary, range(32)))
    assert primaries == {keyfile.load().primary}


@pytest.mark.req("F26")
def test_production_refuses_a_missing_file(key_file: Path, production: Callable[[], None]) -> None:
    assert vault.boot_checks(production=False) == []
    production()
    with translation.override("en"):
        (refusal,) = vault.boot_checks(production=True)
    assert "clubassist vault new-key FILE" in refusal
    with pytest.raises(vault.WrongKey):
        keyfile.load()
    assert not key_file.exists()


@pytest.mark.req("F26")
def test_production_refuses_a_generated_file(key_file: Path) -> None:
    keyfile.load()
    with translation.override("en"):
        (refusal,) = vault.boot_checks(production=True)
    assert "clubassist vault new-key FILE" in refusal
    assert str(key_file) in refusal


def test_production_accepts_a_deliberate_file(key_file: Path, at: datetime) -> None:
    vault.new_key_file(key_file, at=at)
    assert vault.boot_checks(production=True) == []


def test_production_refuses_a_file_that_everybody_can_read(key_file: Path, at: datetime) -> None:
    vault.new_key_file(key_file, at=at)
    key_file.chmod(0o644)
    with translation.override("en"):
        (refusal,) = vault.boot_checks(production=True)
    assert "chmod 600" in refusal


def test_key_file_is_never_overwritten(key_file: Path, at: datetime) -> None:
    vault.new_key_file(key_file, at=at)
    before = key_file.read_bytes()
    with pytest.raises(FileExistsError):
        vault.new_key_file(key_file, at=at)
    assert key_file.read_bytes() == before


@pytest.mark.parametrize("damage", ["", "{}", "halved", "other key", "misplaced"])
def test_damaged_file_is_refused_without_quoting_it(key_file: Path, at: datetime, damage: str) -> None:
    vault.new_key_file(key_file, at=at)
    text = key_file.read_text()
    secret = json.loads(text)["wrapping"]["key"][0]["keyData"]["value"]
    other = text.replace("google.crypto.tink.AesGcmKey", "google.crypto.tink.Nothing")
    misplaced = json.dumps({**json.loads(text), "wrapping": secret})
    damaged = {"halved": text[: len(text) // 2], "other key": other, "misplaced": misplaced}
    key_file.write_text(damaged.get(damage, damage))
    (refusal,) = vault.boot_checks(production=False)
    assert str(key_file) in refusal
    with pytest.raises(vault.WrongKey) as error:
        keyfile.load()
    assert secret not in "".join(traceback.format_exception(error.value))


def test_interrupted_write_leaves_the_old_file(
    key_file: Path, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.new_key_file(key_file, at=at)
    before = key_file.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            keyfile.begin_rotation(at=at)
    assert key_file.read_bytes() == before
    assert len(keyfile.begin_rotation(at=at).document.created) == 2


def test_rotation_keeps_the_mode_of_the_file(key_file: Path, at: datetime) -> None:
    vault.new_key_file(key_file, at=at)
    key_file.chmod(0o400)
    keyfile.begin_rotation(at=at)
    assert key_file.stat().st_mode & 0o777 == 0o400
