"""Everything a person reads exists in both languages."""

from __future__ import annotations

import re

from tools import messages

HOLE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def test_every_sentence_has_a_chinese_translation() -> None:
    assert messages.missing() == []


def test_translations_keep_their_holes() -> None:
    for row in messages.catalogue():
        if row.id and isinstance(row.id, str) and isinstance(row.string, str):
            # English names a month where Chinese counts it
            said = row.string.replace("{month}", "{name}")
            assert sorted(HOLE.findall(row.id)) == sorted(HOLE.findall(said)), row.id


def test_chinese_uses_full_width_punctuation() -> None:
    between = re.compile(r"[\u4e00-\u9fff][,;:?!](?=[\u4e00-\u9fff\s]|$)")
    for row in messages.catalogue():
        if isinstance(row.string, str):
            assert not between.search(row.string), row.string


def test_no_translation_for_what_nobody_says() -> None:
    said = {(message, context) for message, context, _file in messages.sentences()}
    spare = [row.id for row in messages.catalogue() if row.id and (row.id, row.context) not in said]
    assert spare == []
