"""Folding makes spellings equal and never loses the way back to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubassist.pure.text import fold


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("籃板掉下來，砸到人", "篮板掉下来,砸到人"),
        ("ＡＥＤ　壞了！", "aed 坏了!"),
        ("快\u200b來人", "快来人"),
        ("然後頭髮乾了", "然后头发干了"),
        ("等……很久", "等……很久"),
        ("", ""),
    ],
)
def test_fold_makes_one_spelling(typed: str, folded: str) -> None:
    assert fold(typed).text == folded


def test_a_folded_part_is_found_in_the_original() -> None:
    typed = "㎏\u200b的籃\ufeff板壞了"
    folded = fold(typed)
    start = folded.text.index("篮板")
    first, last = folded.origin(start, start + 2)
    assert typed[first:last] == "籃\ufeff板"


@given(st.text())
def test_every_folded_character_has_a_place(typed: str) -> None:
    folded = fold(typed)
    assert len(folded.text) == len(folded.places)
    assert list(folded.places) == sorted(folded.places)
    assert all(0 <= place < len(typed) for place in folded.places)
