"""Turning over the wrapping key, and the inventory of keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import tink
from django.db import connection, transaction
from django.db.models import Count

from clubassist.core.models.vault import VaultKey
from clubassist.core.vault import keyfile
from clubassist.core.vault.errors import WrongKey
from clubassist.core.vault.keys import forget_all

ROTATE_AFTER = timedelta(days=365)
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One wrapping key: how many owners it wraps and when it is to be turned over.

    `created` is empty for a key that the file lacks: its owners' values do not open. `due` is empty for a key
    that wraps nobody any more and is kept for old backups only.
    """

    kek_id: str
    algorithm: str
    created: datetime | None
    owners: int
    primary: bool
    due: datetime | None


def rotate_wrapping_key(*, at: datetime, batch: int = 1000) -> int:
    """Add a wrapping key to the key file and rewrap every owner's key with it; return how many were.

    Sealed values are not touched and everything stays readable meanwhile. Each batch commits by itself, so
    this raises RuntimeError inside a transaction; called again after an interruption it goes on with the key
    already added. Owners under a key that the file lacks are left alone: `inventory` shows them.
    """
    keys = keyfile.begin_rotation(at=at)
    moved = 0
    while count := _rewrap_all(keys, batch):  # until a pass finds no owner made meanwhile under the older key
        moved += count
    keyfile.end_rotation()
    forget_all()
    return moved


def inventory() -> list[KeyRow]:
    """Return every wrapping key in the file or in use, newest first, then those that the file lacks."""
    keys = keyfile.load()
    created = keys.document.created
    living = VaultKey.objects.filter(shredded_at__isnull=True)
    owners = dict(living.values_list("kek_id").annotate(Count("owner")).order_by())
    newest = created[keys.primary]
    rows = []
    for kek_id in sorted(created, key=lambda name: created[name], reverse=True):
        primary = kek_id == keys.primary
        due = newest + ROTATE_AFTER if primary else newest if kek_id in owners else None
        count = owners.get(kek_id, 0)
        rows.append(KeyRow(kek_id, keyfile.ALGORITHM, created[kek_id], count, primary=primary, due=due))
    lacking = sorted(owners.keys() - created.keys())
    return rows + [KeyRow(name, "", None, owners[name], primary=False, due=None) for name in lacking]


def _rewrap_all(keys: keyfile.Keys, batch: int) -> int:
    """Go once through the owners under older keys, in the order of their ids."""
    older = [kek_id for kek_id in keys.document.created if kek_id != keys.primary]
    moved, after = 0, _FIRST
    while True:
        with transaction.atomic(durable=True):
            rows = VaultKey.objects.select_for_update().filter(
                owner__gt=after, kek_id__in=older, shredded_at__isnull=True
            )
            found = list(rows.order_by("owner").values_list("owner", "wrapped")[:batch])
            if not found:
                return moved
            fresh = [(owner, _rewrapped(keys, owner, bytes(wrapped))) for owner, wrapped in found]
            _store(keys.primary, fresh)
        moved += len(found)
        after = found[-1][0]


def _rewrapped(keys: keyfile.Keys, owner: UUID, wrapped: bytes) -> bytes:
    try:
        again: bytes = keys.wrapping.encrypt(keys.wrapping.decrypt(wrapped, owner.bytes), owner.bytes)
    except tink.TinkError:
        raise WrongKey(f"The stored key of the owner {owner} is damaged; it was left as it is.") from None
    return again


def _store(kek_id: str, wrapped: list[tuple[UUID, bytes]]) -> None:
    """Write one batch, sorted by owner, in one statement."""
    owners, values = zip(*wrapped, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            # The range keeps the planner from reading the whole table for every batch.
            "update core_vaultkey as old set wrapped = fresh.wrapped, kek_id = %s"
            " from unnest(%s::uuid[], %s::bytea[]) as fresh (owner, wrapped)"
            " where old.owner = fresh.owner and old.owner between %s and %s",
            [kek_id, list(owners), list(values), owners[0], owners[-1]],
        )
