"""Blind indexes: equal for equal values of one field, and nothing else."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from clubassist.core import vault
from clubassist.core.vault import keyfile


def test_blind_index_is_stable_and_short() -> None:
    index = vault.blind_index("+8613812345678", field="phone")
    assert len(index) == 16
    assert index == vault.blind_index("+8613812345678", field="phone")
    assert index != vault.blind_index("+8613812345679", field="phone")


def test_blind_index_reads_case_width_and_edges_alike() -> None:
    assert vault.blind_index(" 11010119900307451x", field="id") == vault.blind_index(
        "11010119900307451X", field="id"
    )


def test_blind_index_differs_by_field_and_by_key_file(key_file: Path) -> None:
    here = vault.blind_index("5678", field="phone")
    assert here != vault.blind_index("5678", field="phone.tail")
    key_file.unlink()
    assert here != vault.blind_index("5678", field="phone")


def test_blind_index_survives_a_rotation(at: datetime) -> None:
    before = vault.blind_index("5678", field="phone")
    keyfile.begin_rotation(at=at)
    assert vault.blind_index("5678", field="phone") == before


def test_phone_is_found_whole_and_by_its_tail() -> None:
    full, tail = vault.phone_indexes("138 1234 5678")
    assert (full, tail) == vault.phone_indexes("+86-138-1234-5678")
    other_full, other_tail = vault.phone_indexes("139 0000 5678")
    assert other_full != full
    assert other_tail == tail
    assert tail == vault.blind_index("5678", field="phone.tail")
