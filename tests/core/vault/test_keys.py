"""Owners' keys: one INSERT to make, remembered within bounds, gone for good when shredded."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from clubassist.core import vault
from clubassist.core.models import VaultKey
from clubassist.core.vault import keys

PLACE = "members.contact.value"
Queries = Callable[[int], AbstractContextManager[object]]


def sealed(owner: UUID) -> bytes:
    """Return a phone number sealed for `owner`."""
    return vault.seal("+8613812345678", owner=owner, place=PLACE, row="1")


@pytest.mark.django_db
def test_new_owner_costs_one_statement_and_seals_at_once(
    at: datetime, django_assert_num_queries: Queries
) -> None:
    owner = uuid4()
    with django_assert_num_queries(1):
        vault.create_owner(owner, at=at)
        vault.open_sealed(sealed(owner), place=PLACE, row="1")


def test_owner_never_gets_a_second_key(owner: UUID, at: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        vault.create_owner(owner, at=at)
    vault.shred(owner, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        vault.create_owner(owner, at=at)


@pytest.mark.django_db
@pytest.mark.parametrize("outer", [True, False])
def test_rolled_back_owner_cannot_seal(at: datetime, outer: bool) -> None:
    owner = uuid4()

    def create_and_fail() -> None:
        with transaction.atomic(savepoint=outer):
            vault.create_owner(owner, at=at)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        create_and_fail()
    with pytest.raises(vault.WrongKey):
        sealed(owner)


@pytest.mark.django_db(transaction=True)
def test_committed_owner_is_remembered_for_a_minute_only(
    at: datetime, django_assert_num_queries: Queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered, expired = uuid4(), uuid4()
    vault.create_owner(remembered, at=at)
    with monkeypatch.context() as patch:
        patch.setattr(keys, "SECONDS", -1.0)
        vault.create_owner(expired, at=at)
    with django_assert_num_queries(0):
        sealed(remembered)
    with django_assert_num_queries(1):
        sealed(expired)
        sealed(expired)


@pytest.mark.django_db(transaction=True)
def test_keys_of_a_list_come_in_one_query(at: datetime, django_assert_num_queries: Queries) -> None:
    owners = [uuid4() for _ in range(5)]
    for owner in owners:
        vault.create_owner(owner, at=at)
    vault.shred(owners[0], at=at)
    keys.forget_all()
    with django_assert_num_queries(1):
        vault.warm(owners)
        for owner in owners[1:]:
            sealed(owner)
    with pytest.raises(vault.Shredded):
        sealed(owners[0])


@pytest.mark.django_db(transaction=True)
def test_remembered_keys_are_bounded_by_latest_use(
    at: datetime, django_assert_num_queries: Queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "MOST", 2)
    first, second, third = owners = [uuid4() for _ in range(3)]
    for owner in owners:
        vault.create_owner(owner, at=at)
        if owner == second:
            sealed(first)
    with django_assert_num_queries(0):
        sealed(first)
        sealed(third)
    with django_assert_num_queries(1):
        sealed(second)


@pytest.mark.req("F26")
def test_shredded_owner_is_unreadable_for_good(owner: UUID, at: datetime) -> None:
    blob = sealed(owner)
    vault.shred(owner, at=at)
    for _ in range(2):
        with pytest.raises(vault.Shredded):
            vault.open_sealed(blob, place=PLACE, row="1")
        with pytest.raises(vault.Shredded):
            sealed(owner)
        keys.forget_all()
    row = VaultKey.objects.get(owner=owner)
    assert (bytes(row.wrapped), row.shredded_at) == (b"", at)


def test_shredding_twice_keeps_the_first_time(owner: UUID, at: datetime) -> None:
    vault.shred(owner, at=at)
    vault.shred(owner, at=at + timedelta(days=1))
    assert VaultKey.objects.get(owner=owner).shredded_at == at


@pytest.mark.django_db
def test_shredding_nobody_is_refused(at: datetime) -> None:
    with pytest.raises(vault.WrongKey):
        vault.shred(uuid4(), at=at)


@pytest.mark.django_db(transaction=True)
def test_shredding_forgets_a_key_made_in_the_same_transaction(at: datetime) -> None:
    owner = uuid4()
    with transaction.atomic():
        vault.create_owner(owner, at=at)
        vault.shred(owner, at=at)
    with pytest.raises(vault.Shredded):
        sealed(owner)


@pytest.mark.parametrize(
    "changes", [{"wrapped": b""}, {"shredded_at": datetime.fromisoformat("2026-11-21T04:00Z")}]
)
def test_database_refuses_a_half_shredded_key(owner: UUID, changes: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="vault_key_shredded_is_empty"), transaction.atomic():
        VaultKey.objects.filter(owner=owner).update(**changes)
