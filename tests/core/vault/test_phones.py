"""Phone numbers come out in one form however they are typed."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from clubassist.core import vault

MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
FULL_WIDTH = str.maketrans("0123456789+-() ", "０１２３４５６７８９＋－（）　")


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13812345678", "+8613812345678"),
        ("１３８ １２３４ ５６７８", "+8613812345678"),
        ("8613812345678", "+8613812345678"),
        ("+86 138-1234-5678", "+8613812345678"),
        ("0086 138 1234 5678", "+8613812345678"),
        ("013812345678", "+8613812345678"),
        ("\u202d+86 138 1234 5678\u202c", "+8613812345678"),
        ("010-6234 5678", "+861062345678"),
        ("+86 (0)10 6234 5678", "+861062345678"),
        ("（0755）8234567", "+867558234567"),
        ("0755 82345678", "+8675582345678"),
        ("400-123-4567", "+864001234567"),
        ("+852 5123 4567", "+85251234567"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("00 44 20 7946 0958", "+442079460958"),
    ],
)
def test_phone_is_brought_into_normal_form(typed: str, normal: str) -> None:
    assert vault.normal_phone(typed) == normal


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "+", "00", "62345678", "1381234567", "138123456789", "12812345678", "110", "95588"),
        *("+86 138 1234 567", "+86 12 3456 789", "+0 123 456 789", "+1234567890123456", "010-62345678转801"),
        *(
            "138１２３４567八",
            "13812345678; 13912345678",
            "+13812345६७८",
            "1381234567८",
            "+86 1381234567८",
            "wechat",
        ),
    ],
)
def test_phone_that_cannot_be_one_is_refused_with_the_mend(typed: str) -> None:
    with translation.override("en"), pytest.raises(ValueError, match=r"country code") as refusal:
        vault.normal_phone(typed)
    assert "1234567" not in str(refusal.value)


@given(
    mobile=MOBILES,
    prefix=st.sampled_from(["", "+86", "0086", "86", "0", "+860"]),
    wide=st.booleans(),
    data=st.data(),
)
def test_mobile_number_has_one_form(mobile: str, prefix: str, wide: bool, data: st.DataObject) -> None:
    filler = st.sampled_from(["", "", " ", "-", "(", ")", "\u200b", "."])
    typed = prefix + "".join(digit + data.draw(filler) for digit in mobile)
    assert vault.normal_phone(typed.translate(FULL_WIDTH) if wide else typed) == f"+86{mobile}"


@given(st.text(alphabet="0123456789+ -()（）０１９８六a\u200b", max_size=20) | st.text(max_size=20))
def test_any_text_is_refused_or_gives_a_form_that_stays(typed: str) -> None:
    try:
        normal = vault.normal_phone(typed)
    except ValueError:
        return
    assert normal[0] == "+"
    assert normal[1:].isascii()
    assert normal[1:].isdecimal()
    assert 8 <= len(normal) <= 16
    assert vault.normal_phone(normal) == normal
