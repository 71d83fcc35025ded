"""What a new version changes: rows by their ids, keys before and after, and which way a number moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from clubassist.pure.policy import Fate, KeyChange, Pack, changes, shipped_names, shipped_pack
from tests.pure.policy.small import Change, make

MORE = """
[[playbook.stage]]
id = "close"
title = {zh = "结束", en = "Close"}
member_title = {zh = "结束", en = "Closed"}
"""


@pytest.fixture
def old(tmp_path: Path) -> Pack:
    (tmp_path / "old").mkdir()
    return make(tmp_path / "old")


def changed(tmp_path: Path, *edits: Change) -> Pack:
    return make(tmp_path, *edits)


@pytest.mark.parametrize("name", shipped_names())
def test_a_pack_differs_in_nothing_from_itself(name: str) -> None:
    assert changes(shipped_pack(name), shipped_pack(name)) == ()


def test_without_an_old_version_everything_is_added(old: Pack) -> None:
    found = changes(None, old)
    assert {one.fate for one in found} == {Fate.ADDED}
    assert [(one.table, one.id) for one in found][:4] == [
        ("pack", "small"),
        ("switch", "hurry"),
        ("clause", "X01"),
        ("clause", "X02"),
    ]


def test_a_changed_limit_says_before_and_after_and_which_is_stricter(old: Pack, tmp_path: Path) -> None:
    (row,) = changes(old, changed(tmp_path, ("deadlines.toml", 'target = "24 h"', 'target = "12 h"')))
    assert (row.fate, row.table, row.id, row.title.en) == (Fate.CHANGED, "deadline", "answer", "Answer")
    assert row.keys == (KeyChange("target", "24 h", "12 h", True),)
    (back,) = changes(changed(tmp_path, ("deadlines.toml", 'target = "24 h"', 'target = "12 h"')), old)
    assert back.keys == (KeyChange("target", "12 h", "24 h", False),)


def test_texts_are_compared_in_both_languages(old: Pack, tmp_path: Path) -> None:
    (row,) = changes(old, changed(tmp_path, ("clauses.toml", "一天内答复。", "当天答复。")))
    assert row.keys == (KeyChange("text.zh", "一天内答复。", "当天答复。", None),)


def test_statements_and_ladders_are_shown_as_they_are_written(old: Pack, tmp_path: Path) -> None:
    edits = (
        ("clauses.toml", 'at_most = "24 h"', 'at_most = "1 day"'),
        ("deadlines.toml", '[[50, "owner"], [100, "management"]]', '[[100, "management"]]'),
    )
    found = {key.key: key for row in changes(old, changed(tmp_path, *edits)) for key in row.keys}
    assert found["states"].was == "about = complaint promise = first_response at_most = 24 h"
    assert (found["ladder"].was, found["ladder"].becomes) == ("50 owner, 100 management", "100 management")


def test_stages_and_tasks_come_and_go_one_by_one(old: Pack, tmp_path: Path) -> None:
    more = changed(
        tmp_path,
        ("playbooks.toml", 'clauses = ["X01"]\n[[playbook.stage.task]]', MORE + "[[playbook.stage.task]]"),
    )
    found = changes(old, more)
    assert [(one.fate, one.table, one.id) for one in found] == [
        (Fate.CHANGED, "playbook", "complaint"),
        (Fate.CHANGED, "stage", "complaint/accept"),
        (Fate.ADDED, "stage", "complaint/close"),
        (Fate.ADDED, "task", "complaint/close/listen"),
        (Fate.REMOVED, "task", "complaint/accept/listen"),
    ]
    assert found[0].keys == (KeyChange("stages", "accept", "accept, close", None),)
