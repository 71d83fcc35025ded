"""Words for an index: whatever two characters somebody types, the text that has them is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubassist.pure.text import Sought, lexemes, name_lexemes, tsvector


def matches(typed: str, text: str) -> bool:
    """Whether PostgreSQL would find the text: a plain reading of `query` and `lexemes`."""
    held = lexemes(text)
    wanted = [part for part in Sought.of(typed).query().split(" & ") if part]
    return bool(wanted) and all(
        any(word.startswith(part[1:-3]) for word in held) if part.endswith(":*") else part[1:-1] in held
        for part in wanted
    )


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("跑步机", "东区的跑步机突然停机"),
        ("跑步機", "东区的跑步机突然停机"),
        ("跑步机", "東區的跑步機突然停機"),
        ("停机 东区", "东区的跑步机突然停机"),
        ("机", "东区的跑步机突然停机"),
        ("ＷｉＦｉ", "wifi密码是多少"),
        ("密码", "wifi密码是多少"),
        ("8842", "设备编号884213"),
        ("gd-1187", "GD-1187"),
        ("refun", "I want a Refund."),
    ],
)
def test_what_is_there_is_found(typed: str, text: str) -> None:
    assert matches(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("跑步机 漏水", "东区的跑步机突然停机"),
        ("步跑", "东区的跑步机突然停机"),
        ("4213", "设备编号884213"),
        ("！？", "东区的跑步机突然停机"),
        ("", "东区的跑步机突然停机"),
    ],
)
def test_what_is_not_there_is_not(typed: str, text: str) -> None:
    assert not matches(typed, text)


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=30)


@given(HAN, st.data())
def test_any_part_of_a_chinese_text_finds_it(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(begin + 1, len(text)))
    assert matches(text[begin:end], text)


@pytest.mark.parametrize(
    "text",
    [
        "电话13800138000，谢谢",
        "138 0013 8000",
        "+8613800138000",
        "+86 138-0013-8000",
        "138-00138-000",
        "138.0013.8000",
        "身份证11010519491231002X",
        "110105 19491231 002X",
        "110105194912310029",
    ],
)
@pytest.mark.req("F26")
def test_no_phone_and_no_identity_card_becomes_a_word(text: str) -> None:
    assert not any(any(character.isdigit() for character in word) for word in lexemes(text))


def test_the_writing_of_postgresql_has_nothing_to_escape() -> None:
    assert lexemes("it's \\ & | ! ( ) : * 'a'") == {"it", "s", "a"}
    assert tsvector(lexemes("it's")) == "'it':1D 's':1D"
    assert Sought.of("it's | x:*").query() == "'it':* & 's':* & 'x':*"


def test_an_endless_search_looks_for_so_much_and_an_endless_word_for_its_beginning() -> None:
    assert len(Sought.of(" ".join(f"word{number}" for number in range(99))).runs) == 12
    assert matches("x" * 5000, "x" * 6000)


def test_an_excerpt_shows_what_was_found_in_its_own_spelling() -> None:
    sought = Sought.of("跑步机 8842")
    assert sought.excerpt("今天早上東區健身房的跑步機突然停機，設備編號 884213。") == [
        ("今天早上東區健身房的", False),
        ("跑步機", True),
        ("突然停機，設備編號 ", False),
        ("8842", True),
        ("13。", False),
    ]
    assert sought.excerpt("空调不冷") is None


def test_an_excerpt_of_a_long_text_begins_shortly_before_what_was_found() -> None:
    shown = Sought.of("跑步机").excerpt("啊" * 200 + "跑步机" + "呀" * 200)
    assert shown is not None
    assert [text for text, found in shown if found] == ["跑步机"]
    assert (shown[0][0], shown[-1][0]) == ("…", "…")
    assert sum(len(text) for text, _found in shown) <= 92


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("张伟", "张"),
        ("張偉", "张伟"),
        ("张伟", "zhangwei"),
        ("张伟", "zw"),
        ("张伟", "zhang wei"),
        ("张伟", "张w"),
        ("李娜", "na"),
        ("单行和重", "shan"),
        ("单雄信", "shanxiongxin"),
        ("曾国藩", "zgf"),
        ("吕布", "lvbu"),
        ("吕布", "lubu"),
        ("Tom Lee", "lee"),
        ("欧阳娜娜", "oynn"),
    ],
)
def test_a_name_is_found_as_it_is_typed(name: str, typed: str) -> None:
    held = name_lexemes(name)
    assert all(
        any(word.startswith(run) for word in held) if part.endswith(":*") else part[1:-1] in held
        for run, part in zip(Sought.of(typed).runs, Sought.of(typed).query().split(" & "), strict=True)
    )


def test_a_name_of_many_readings_stays_small() -> None:
    assert len(name_lexemes("单" * 12)) <= 500
