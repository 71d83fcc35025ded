"""Masks show enough to recognise and too little to use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubassist.core import vault


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+8613812345678", "138****5678"),
        ("+861062345678", "****5678"),
        ("+85251234567", "****4567"),
        ("+8", "****"),
        ("", "****"),
    ],
)
def test_mask_phone_shows_the_ends(phone: str, shown: str) -> None:
    assert vault.mask_phone(phone) == shown


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_mask_phone_hides_all_but_seven_digits(phone: str) -> None:
    assert sum(character.isdigit() for character in vault.mask_phone(phone)) <= 7


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        *(
            ("张三", "张*"),
            ("欧阳娜娜", "欧阳*"),
            ("歐陽修", "歐陽*"),
            ("欧阳", "欧*"),
            ("阿凡提·买买提", "阿*"),
        ),
        *(("John Smith", "J*"), (" 李雷 ", "李*"), ("", ""), ("  ", "")),
    ],
)
def test_mask_name_shows_the_surname(name: str, shown: str) -> None:
    assert vault.mask_name(name) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("zhang.san@qq.com", "z***@qq.com"),
        ("z@qq.com", "z***@qq.com"),
        ("@qq.com", "***@qq.com"),
        ("zhang", "***"),
    ],
)
def test_mask_mail_shows_the_domain(address: str, shown: str) -> None:
    assert vault.mask_mail(address) == shown
