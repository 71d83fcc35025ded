"""The owners' keys: made, opened, remembered for a minute, destroyed."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Lock
from uuid import UUID
from weakref import WeakValueDictionary

import tink
from django.db import transaction
from tink import aead, proto_keyset_format, secret_key_access

from clubassist.core.models.vault import VaultKey
from clubassist.core.vault import keyfile
from clubassist.core.vault.errors import Shredded, WrongKey

MOST = 10_000  # about 1.4 KB each
SECONDS = 60.0  # after which another process's shredding is noticed here


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class OwnerKey:
    """An owner's key, opened; the database is asked again after the monotonic second `until`."""

    primitive: aead.Aead
    until: float


class _Remembered:
    """The keys opened lately, least recently used first."""

    def __init__(self) -> None:
        self._keys: OrderedDict[UUID, OwnerKey] = OrderedDict()
        self._lock = Lock()

    def get(self, owner: UUID) -> OwnerKey | None:
        with self._lock:
            key = self._keys.pop(owner, None)
            if key is None or key.until < time.monotonic():
                return None
            self._keys[owner] = key
            return key

    def put(self, owner: UUID, key: OwnerKey) -> None:
        with self._lock:
            self._keys.pop(owner, None)
            self._keys[owner] = key
            if len(self._keys) > MOST:
                self._keys.popitem(last=False)

    def forget(self, owner: UUID) -> None:
        with self._lock:
            self._keys.pop(owner, None)

    def clear(self) -> None:
        with self._lock:
            self._keys.clear()


_remembered = _Remembered()
# Keys made in a transaction still open. Its commit hook holds the only strong reference, so a rollback takes
# the key away with the row, and nothing can be sealed with a key that was never stored.
_uncommitted: WeakValueDictionary[UUID, OwnerKey] = WeakValueDictionary()


def create_owner(owner: UUID, *, at: datetime) -> None:
    """Give `owner` a key of their own. One INSERT.

    Raises IntegrityError when the owner has a key or had one that was shredded, WrongKey without a key file.
    """
    new_key(owner, at=at).save(force_insert=True)


def new_key(owner: UUID, *, at: datetime) -> VaultKey:
    """Return a key for `owner`, wrapped by the key file's primary key, as a row.

    It seals at once; the caller inserts it in the same transaction. Raises WrongKey without a key file.
    """
    keys = keyfile.load()
    handle = tink.new_keyset_handle(keyfile.DATA_KEY)
    plain = proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
    key = _owner_key(handle)
    _uncommitted[owner] = key
    transaction.on_commit(partial(_remembered.put, owner, key))
    wrapped = keys.wrapping.encrypt(plain, owner.bytes)
    return VaultKey(owner=owner, wrapped=wrapped, kek_id=keys.primary, created_at=at)


def opened(owner: UUID) -> aead.Aead:
    """Return the cipher of `owner`; one SELECT unless it is remembered. Raises Shredded or WrongKey."""
    key = _known(owner)
    if key is None:
        row = VaultKey.objects.filter(owner=owner).values_list("wrapped", "shredded_at").first()
        if row is None:
            raise WrongKey("The owner has no key.")
        if row[1] is not None:
            raise Shredded("The owner's key was destroyed.")
        key = _unwrapped(owner, row[0])
    return key.primitive


def warm(owners: Iterable[UUID]) -> None:
    """Fetch the keys of many owners at once, before a list of their values is opened. At most one SELECT.

    Owners without a living key are passed over; opening their values says why.
    """
    cold = {owner for owner in owners if _known(owner) is None}
    if cold:
        rows = VaultKey.objects.filter(owner__in=cold, shredded_at__isnull=True)
        for owner, wrapped in rows.values_list("owner", "wrapped"):
            _unwrapped(owner, wrapped)


def shred(owner: UUID, *, at: datetime) -> None:
    """Destroy the key of `owner`: everything sealed for them is unreadable from now on, for good.

    Other processes notice within a minute. The caller drops blind indexes and whatever stands in the clear.
    Shredding twice keeps the first time; an owner without a key raises WrongKey.
    """
    living = VaultKey.objects.filter(owner=owner, shredded_at__isnull=True)
    if not living.update(wrapped=b"", shredded_at=at) and not VaultKey.objects.filter(owner=owner).exists():
        raise WrongKey("The owner has no key.")
    forget(owner)
    transaction.on_commit(partial(forget, owner))  # another thread may have opened it in between


def forget(owner: UUID) -> None:
    """Drop the opened key of `owner` from this process."""
    _remembered.forget(owner)
    _uncommitted.pop(owner, None)


def forget_all() -> None:
    """Drop every opened key from this process; keys of open transactions stay."""
    _remembered.clear()


def _known(owner: UUID) -> OwnerKey | None:
    return _remembered.get(owner) or _uncommitted.get(owner)


def _unwrapped(owner: UUID, wrapped: bytes | memoryview) -> OwnerKey:
    try:
        plain = keyfile.load().wrapping.decrypt(bytes(wrapped), owner.bytes)
    except tink.TinkError:
        raise WrongKey("The key file does not hold the key that wrapped this owner's.") from None
    key = _owner_key(proto_keyset_format.parse(plain, secret_key_access.TOKEN))
    _remembered.put(owner, key)
    return key


def _owner_key(handle: tink.KeysetHandle) -> OwnerKey:
    return OwnerKey(primitive=keyfile.cipher(handle), until=time.monotonic() + SECONDS)
