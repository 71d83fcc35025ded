"""Turning over the wrapping key: everything stays readable, nothing is lost by an interruption."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from clubassist.core import vault
from clubassist.core.models import VaultKey
from clubassist.core.vault import keyfile, keys, rotation

PLACE = "members.contact.value"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("F26")]


@pytest.fixture
def blobs(at: datetime) -> Iterator[dict[UUID, bytes]]:
    """Seven owners and a value sealed for each; all of them must still open when the test is over."""
    values = {}
    for _ in range(7):
        owner = uuid4()
        vault.create_owner(owner, at=at)
        values[owner] = vault.seal(f"secret of {owner}", owner=owner, place=PLACE, row="1")
    yield values
    keys.forget_all()
    for owner, blob in values.items():
        assert vault.open_sealed(blob, place=PLACE, row="1") == f"secret of {owner}"


def in_use() -> set[str]:
    """Return the wrapping keys that owners stand under."""
    return set(VaultKey.objects.values_list("kek_id", flat=True))


def test_rotation_moves_every_owner_to_a_new_key(blobs: dict[UUID, bytes], at: datetime) -> None:
    before = in_use()
    assert vault.rotate_wrapping_key(at=at, batch=3) == 7
    assert in_use() == {keyfile.load().primary}
    assert in_use().isdisjoint(before)
    assert keyfile.load().document.rotating is False


def test_rotated_owners_need_the_new_key_only(blobs: dict[UUID, bytes], at: datetime, key_file: Path) -> None:
    vault.rotate_wrapping_key(at=at)
    document = json.loads(key_file.read_bytes())
    document["wrapping"]["key"] = [
        key for key in document["wrapping"]["key"] if key["keyId"] == document["wrapping"]["primaryKeyId"]
    ]
    key_file.write_text(json.dumps(document))
    keys.forget_all()
    for owner, blob in blobs.items():
        assert vault.open_sealed(blob, place=PLACE, row="1") == f"secret of {owner}"


def test_killed_rotation_goes_on_with_the_same_key(
    blobs: dict[UUID, bytes], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = rotation._store
    batches = []

    def killed_at_the_second(kek_id: str, wrapped: list[tuple[UUID, bytes]]) -> None:
        batches.append(len(wrapped))
        if len(batches) == 2:
            raise KeyboardInterrupt
        store(kek_id, wrapped)

    with monkeypatch.context() as patch:
        patch.setattr(rotation, "_store", killed_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            vault.rotate_wrapping_key(at=at, batch=3)
    half_way = keyfile.load().primary
    assert len(in_use()) == 2
    keys.forget_all()
    for owner, blob in blobs.items():
        assert vault.open_sealed(blob, place=PLACE, row="1") == f"secret of {owner}"
    assert vault.rotate_wrapping_key(at=at + timedelta(hours=1), batch=3) == 4
    assert in_use() == {half_way}
    assert len(keyfile.load().document.created) == 2


def test_owner_made_during_the_rotation_is_moved_too(
    blobs: dict[UUID, bytes], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, stale = rotation._store, keyfile.load()
    late = UUID(int=1)

    def with_a_latecomer(kek_id: str, wrapped: list[tuple[UUID, bytes]]) -> None:
        store(kek_id, wrapped)
        if late not in blobs:
            with monkeypatch.context() as patch:
                patch.setattr(keyfile, "load", lambda: stale)
                vault.create_owner(late, at=at)
            blobs[late] = vault.seal(f"secret of {late}", owner=late, place=PLACE, row="1")

    monkeypatch.setattr(rotation, "_store", with_a_latecomer)
    assert vault.rotate_wrapping_key(at=at, batch=3) == 8
    assert in_use() == {keyfile.load().primary}


def test_rotation_passes_over_shredded_owners(blobs: dict[UUID, bytes], at: datetime) -> None:
    gone = next(iter(blobs))
    del blobs[gone]
    vault.shred(gone, at=at)
    assert vault.rotate_wrapping_key(at=at) == 6


def test_rotation_refuses_to_run_inside_a_transaction(blobs: dict[UUID, bytes], at: datetime) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        vault.rotate_wrapping_key(at=at)


def test_inventory_shows_what_is_due(blobs: dict[UUID, bytes], at: datetime) -> None:
    (first,) = vault.inventory()
    assert (first.algorithm, first.owners, first.primary) == ("AES-256-GCM", 7, True)
    assert first.created is not None
    assert first.due == first.created + rotation.ROTATE_AFTER
    later = first.created + timedelta(days=400)
    vault.rotate_wrapping_key(at=later)
    newest, old = vault.inventory()
    assert (newest.owners, newest.primary, newest.created) == (7, True, later)
    assert newest.due == later + rotation.ROTATE_AFTER
    assert (old.kek_id, old.owners, old.primary, old.due) == (first.kek_id, 0, False, None)


def test_inventory_shows_owners_that_the_key_file_cannot_open(
    blobs: dict[UUID, bytes], at: datetime, key_file: Path
) -> None:
    before = key_file.read_bytes()
    key_file.unlink()
    vault.new_key_file(key_file, at=at)
    assert vault.rotate_wrapping_key(at=at + timedelta(days=1)) == 0
    *held, lacking = vault.inventory()
    assert [row.owners for row in held] == [0, 0]
    assert (lacking.owners, lacking.created, lacking.due) == (7, None, None)
    key_file.write_bytes(before)


def test_inventory_shows_an_unfinished_rotation_as_due(blobs: dict[UUID, bytes], at: datetime) -> None:
    later = at + timedelta(days=4000)
    keyfile.begin_rotation(at=later)
    newest, old = vault.inventory()
    assert (newest.owners, old.owners, old.due) == (0, 7, later)
