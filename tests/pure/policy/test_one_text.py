"""A pack as one text: written and read back unchanged, and every problem named with the line where it stands."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubassist.pure.policy import (
    Pack,
    PackError,
    Problem,
    Text,
    check,
    lines_of,
    load_pack,
    pack_text,
    read_pack,
    shipped_names,
    shipped_pack,
)
from tests.pure.policy.small import make

POOL = Path(__file__).parent / "pool"
PACKS = [*map(shipped_pack, shipped_names()), load_pack(POOL)]
PRINTABLE = st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\t\n"), min_size=1)


@pytest.fixture
def small(tmp_path: Path) -> Pack:
    return make(tmp_path)


def problems_in(text: str) -> tuple[Problem, ...]:
    with pytest.raises(PackError) as refused:
        read_pack(text)
    return refused.value.problems


def line(text: str, number: int | None) -> str:
    assert number is not None
    return text.split("\n")[number - 1]


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_a_pack_is_read_back_as_it_was_written(pack: Pack) -> None:
    text = pack_text(pack)
    assert read_pack(text).digest == pack.digest
    assert pack_text(read_pack(text)) == text


@given(PRINTABLE, PRINTABLE)
def test_whatever_people_write_is_read_back(zh: str, en: str) -> None:
    if not zh.strip() or not en.strip():
        return
    common = PACKS[0]
    titled = common.model_copy(update={"title": Text(zh=zh, en=en), "clauses": (), "triage_rules": ()})
    assert read_pack(pack_text(titled)).title == titled.title


def test_a_text_reads_as_people_write(small: Pack) -> None:
    text = pack_text(small)
    assert 'title = {zh = "小规则", en = "Small rules"}\n' in text
    assert "effective_from = 2026-01-01\n" in text
    assert '[[clause.states]]\nabout = "complaint"\npromise = "first_response"\nat_most = "24 h"\n' in text
    assert '[[playbook.stage.task]]\nid = "listen"\n' in text
    assert "default_urgency" not in text
    assert read_pack(text).effective_from == date(2026, 1, 1)


def test_text_that_is_no_toml_is_refused_with_its_line(small: Pack) -> None:
    text = pack_text(small).replace('id = "X02"', 'id = "X02', 1)
    (problem,) = problems_in(text)
    assert (problem.file, problem.key) == ("pack.toml", "file")
    assert line(text, lines_of(text, [problem])[0]).startswith('id = "X02')


@pytest.mark.parametrize(
    "text", ["name = " + "[" * 100_000, "name = " + "{a=" * 100_000, "a." * 100_000 + "a = 1"]
)
def test_what_lies_too_deep_is_refused_in_no_time(text: str) -> None:
    (problem,) = problems_in(text)
    assert (problem.file, problem.key) == ("pack.toml", "file")


@pytest.mark.parametrize(
    ("old", "new", "key", "shown"),
    [
        ('at_most = "24 h"', 'at_most = "soon"', "X01.states.#1.at_most", 'at_most = "soon"'),
        ('ref = "二"', 'refs = "二"', "X02.refs", 'refs = "二"'),
        ('id = "listen"', 'id = "Listen!"', "complaint.stage.accept.task.Listen!.id", 'id = "Listen!"'),
        ('owner = "service"', "owner = 1", "owner", "owner = 1"),
        (
            "[[role]]",
            '[[department]]\ncode = "lifeguards_and_swimming"\n[[role]]',
            "lifeguards_and_swimming.code",
            "code",
        ),
        ('"Answer within a day."', '"Answer\\u0000."', "X01.text.en", "text = "),
        ('version = "1"', 'version = "a version that is far too long"', "version", "version = "),
    ],
)
def test_a_problem_of_a_row_is_found_on_its_line(
    small: Pack, old: str, new: str, key: str, shown: str
) -> None:
    text = pack_text(small)
    assert old in text
    text = text.replace(old, new, 1)
    problem = next(one for one in problems_in(text) if one.key == key)
    assert line(text, lines_of(text, [problem])[0]).startswith(shown)


def test_what_the_check_finds_is_found_on_its_line(small: Pack) -> None:
    text = pack_text(small).replace('playbook = "complaint"', 'playbook = "nowhere"')
    text = text.replace('clauses = ["X01"]\n\n[[rule]]', 'clauses = ["X01"]\n\n[[rule]]')
    text = text.replace('id = "listen"\ntitle', 'id = "listen"\npromise = "nothing"\ntitle')
    text = text.replace("{due} 前", "{due} 之前").replace(
        'kind = "complaint.service"', 'kind = "complaint.other"'
    )
    found = check(read_pack(text))
    shown = {one.key: line(text, number) for one, number in zip(found, lines_of(text, found), strict=True)}
    assert shown == {
        "complaint.service.playbook": 'playbook = "nowhere"',
        "complaint.stage.accept.task.listen.promise": 'promise = "nothing"',
        "unhappy.kind": 'kind = "complaint.other"',
    }


@pytest.mark.parametrize("text", ['"""\\' * 100_000, "'''" * 100_001, '"\\' * 100_000, "[[a]]\n" * 50_000])
def test_lines_are_found_in_one_go_however_the_text_is_spoilt(text: str) -> None:
    begun = time.process_time()
    assert lines_of(text, [Problem("clauses.toml", "X01", "", "")]) == [None]
    assert time.process_time() - begun < 5


def test_a_line_is_not_looked_for_in_strings_and_comments(small: Pack) -> None:
    decoy = '# [[clause]]\n# id = "X01"\n'
    text = decoy + pack_text(small).replace('"Answer in time"', '"""\n[[clause]]\nAnswer"""').replace(
        'ref = "二"', 'refs = "二"'
    )
    problem = next(one for one in problems_in(text) if one.key == "X02.refs")
    assert line(text, lines_of(text, [problem])[0]) == 'refs = "二"'


def test_a_row_that_is_written_in_brackets_is_found_where_its_list_is(small: Pack) -> None:
    text = pack_text(small).replace(
        'strictness = "breach"',
        'strictness = "breach"\npauses = [\n  {code = "a b", title = {zh = "等", en = "wait"}},\n]',
    )
    problem = next(one for one in problems_in(text) if one.key == "answer.pauses.a b.code")
    assert line(text, lines_of(text, [problem])[0]) == "pauses = ["


def test_a_problem_without_a_place_has_no_line(small: Pack) -> None:
    text = pack_text(small)
    assert lines_of(text, [Problem("causes.toml", "none", "", "")]) == [None]
    assert lines_of("no toml", [Problem("clauses.toml", "X01", "", "")]) == [None]
