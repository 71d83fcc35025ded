"""Sealed values open for their owner, in their place, unchanged; otherwise not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clubassist.core import vault
from clubassist.core.models import VaultKey
from clubassist.core.vault import keys

PLACE = "members.contact.value"
PHONE = "+8613812345678"


@given(text=st.text())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sealed_value_opens_as_it_was(owner: UUID, text: str) -> None:
    blob = vault.seal(text, owner=owner, place=PLACE, row="7")
    assert vault.open_sealed(blob, place=PLACE, row="7") == text


def test_sealed_value_says_whose_and_how_and_nothing_else(owner: UUID) -> None:
    blob = vault.seal(PHONE, owner=owner, place=PLACE, row="7")
    assert blob[:2] == b"\x01\x01"
    assert blob[6:22] == owner.bytes
    assert b"138" not in blob
    assert len(blob) == 22 + 12 + len(PHONE) + 16
    assert blob != vault.seal(PHONE, owner=owner, place=PLACE, row="7")


@pytest.mark.req("F26")
@pytest.mark.parametrize(
    ("place", "row"),
    [(PLACE, "8"), ("members.contact.note", "7"), ("members.contact.valu", "e7"), (PLACE, "")],
)
def test_sealed_value_moved_to_another_row_or_column_is_refused(owner: UUID, place: str, row: str) -> None:
    blob = vault.seal(PHONE, owner=owner, place=PLACE, row="7")
    with pytest.raises(vault.Tampered):
        vault.open_sealed(blob, place=place, row=row)


@pytest.mark.req("F26")
def test_sealed_value_moved_to_another_person_is_refused(owner: UUID, at: datetime) -> None:
    other = uuid4()
    vault.create_owner(other, at=at)
    blob = vault.seal(PHONE, owner=owner, place=PLACE, row="7")
    with pytest.raises(vault.Tampered):
        vault.open_sealed(blob[:6] + other.bytes + blob[22:], place=PLACE, row="7")


@pytest.mark.req("F26")
def test_key_moved_to_another_person_does_not_open(owner: UUID, at: datetime) -> None:
    other = uuid4()
    vault.create_owner(other, at=at)
    stolen = VaultKey.objects.get(owner=owner).wrapped
    VaultKey.objects.filter(owner=other).update(wrapped=stolen)
    keys.forget(other)
    with pytest.raises(vault.WrongKey):
        vault.seal(PHONE, owner=other, place=PLACE, row="7")


def test_sealed_value_with_any_byte_changed_is_refused(owner: UUID) -> None:
    blob = vault.seal(PHONE, owner=owner, place=PLACE, row="7")
    for position in range(len(blob)):
        changed = bytearray(blob)
        changed[position] ^= 1
        with pytest.raises(vault.VaultError) as refusal:
            vault.open_sealed(bytes(changed), place=PLACE, row="7")
        assert "138" not in str(refusal.value)


@pytest.mark.parametrize("length", [0, 1, 2, 21, 22, 40])
def test_sealed_value_cut_short_is_refused(owner: UUID, length: int) -> None:
    blob = vault.seal(PHONE, owner=owner, place=PLACE, row="7")
    with pytest.raises(vault.Tampered):
        vault.open_sealed(blob[:length], place=PLACE, row="7")


@pytest.mark.req("F26")
def test_wrong_key_file_fails_closed(owner: UUID, key_file: Path) -> None:
    blob = vault.seal(PHONE, owner=owner, place=PLACE, row="7")
    keys.forget(owner)
    key_file.unlink()
    with pytest.raises(vault.WrongKey):
        vault.open_sealed(blob, place=PLACE, row="7")
    with pytest.raises(vault.WrongKey):
        vault.seal(PHONE, owner=owner, place=PLACE, row="7")


@pytest.mark.req("F26")
def test_missing_key_file_in_production_fails_closed(
    owner: UUID, key_file: Path, production: Callable[[], None]
) -> None:
    blob = vault.seal(PHONE, owner=owner, place=PLACE, row="7")
    keys.forget(owner)
    key_file.unlink()
    production()
    with pytest.raises(vault.WrongKey):
        vault.open_sealed(blob, place=PLACE, row="7")
    assert not key_file.exists()


@pytest.mark.django_db
def test_sealing_for_an_owner_without_a_key_is_refused() -> None:
    with pytest.raises(vault.WrongKey):
        vault.seal(PHONE, owner=uuid4(), place=PLACE, row="7")


def test_sealing_half_a_character_is_refused_without_quoting_the_text(owner: UUID) -> None:
    with pytest.raises(ValueError, match="surrogate") as refusal:
        vault.seal("+8613812345678 \ud83d", owner=owner, place=PLACE, row="7")
    assert "138" not in repr(refusal.value)
    assert refusal.value.__suppress_context__  # the codec's own error carries the whole text


def test_bytes_come_back_as_they_were_and_only_from_their_place(owner: UUID) -> None:
    plain = bytes(range(256))
    blob = vault.seal_bytes(plain, owner=owner, place="core.file.content", row="1")
    assert plain[:16] not in blob
    assert vault.open_bytes(blob, place="core.file.content", row="1") == plain
    with pytest.raises(vault.Tampered):
        vault.open_bytes(blob, place="core.file.content", row="2")
