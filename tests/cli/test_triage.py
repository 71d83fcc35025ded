"""`clubassist triage`: a proposal for each line, and a bad line is named while the others are answered."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from clubassist.cli.commands import app


@pytest.mark.req("B19")
def test_each_line_gets_its_proposal() -> None:
    lines = '{"id": "a1", "text": "有人受伤了", "channel": "wechat"}\n\nHow much is a day pass?\n'
    result = CliRunner().invoke(app, ["triage"], input=lines)
    assert result.exit_code == 0
    first, second = map(json.loads, result.stdout.splitlines())
    assert first.keys() == {"id", "category", "urgency", "confidence", "reason"}
    assert (first["id"], first["category"], first["urgency"]) == ("a1", "emergency.injury", "urgent")
    assert first["reason"].startswith("有人受伤：“受伤”")
    assert (second["id"], second["category"]) == (3, "inquiry")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"id": 1}\n', "line 1: “text” is missing or not a text. Add the message as “text”."),
        (b'{"id": 1\n', "line 1: it is not JSON"),
        (b"\xff\xfe\n", "line 1: "),
        (b'{"id": ' + b"[" * 9999 + b"\n", "line 1: it is not JSON"),
        (b'{"id": "\\ud800", "text": "hello"}\n', "line 1: "),
        (b'{"id": 1, "text": "\\ud800"}\n', "line 1: "),
    ],
)
def test_a_bad_line_is_named_and_the_next_is_answered(line: bytes, said: str) -> None:
    result = CliRunner().invoke(app, ["triage"], input=line + b'{"id": 2, "text": ""}\n')
    assert result.exit_code == 1
    assert said in result.stderr
    assert [json.loads(row)["id"] for row in result.stdout.splitlines()] == [2]
