"""`clubassist check requirements`: which tests carry a requirement."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from clubassist.cli.commands import app

MARKED = """
import pytest

pytestmark = [pytest.mark.fault, pytest.mark.req("B18")]

@pytest.mark.parametrize("n", [1])
@pytest.mark.req("F49", "A20")
def test_in_time(n): ...
"""


def asked(folder: Path, *words: str) -> tuple[int, str]:
    (folder / "test_some.py").write_text(MARKED)
    result = CliRunner().invoke(app, ["check", "requirements", "--tests", str(folder), *words])
    return result.exit_code, result.stdout


def test_each_id_is_named_with_its_tests(tmp_path: Path) -> None:
    code, words = asked(tmp_path, "F49", "A20", "B18")
    assert code == 0
    assert f"F49  {tmp_path}/test_some.py::test_in_time" in words
    assert f"A20  {tmp_path}/test_some.py::test_in_time" in words
    assert f"B18  {tmp_path}/test_some.py::*" in words


def test_an_id_that_no_test_carries_fails_when_it_is_asked_for(tmp_path: Path) -> None:
    code, words = asked(tmp_path, "F49", "F01")
    assert code == 1
    assert "F01  —" in words
    assert "1 / 2" in words


def test_without_ids_all_clauses_are_listed(tmp_path: Path) -> None:
    code, words = asked(tmp_path)
    assert code == 0
    assert "B51  —" in words
