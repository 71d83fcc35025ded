"""`clubassist pack`: what it prints, and the exit codes that a build goes by."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from clubassist.cli.packs import app

POOL = Path(__file__).parents[1] / "pure" / "policy" / "pool"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    return Path(shutil.copytree(POOL, tmp_path / "pool"))


def mend(pool: Path, file: str, *changes: tuple[str, str]) -> None:
    text = (pool / file).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (pool / file).write_text(text, encoding="utf-8")


def test_lint_passes_what_readings_settle_and_fails_only_strictly_on_gaps() -> None:
    settled = run("lint", "fitness")
    assert settled.exit_code == 0
    assert "swallowed-limit · F50, F03, F49, F14 · 已由 reading 说明 settled by readings" in settled.stdout
    assert "0 to decide." in settled.stdout
    assert run("lint", "fitness", "--strict").exit_code == 1
    assert run("lint", "common", "--strict").exit_code == 0


def test_lint_fails_when_something_is_left_to_decide(pool: Path) -> None:
    open_one = run("lint", "fitness", pool)
    assert open_one.exit_code == 1
    assert "矛盾 error · impossible · P05, P06\n  pool/clauses.toml: P05.states.#1" in open_one.stdout
    assert " 7 to decide." in open_one.stdout


def test_lint_prints_json_with_both_languages(pool: Path) -> None:
    result = run("lint", pool, "--json")
    assert result.exit_code == 1
    first = json.loads(result.stdout)[0]
    assert (first["rule"], first["severity"], first["settled"]) == ("different-limits", "error", False)
    assert first["places"][0] == {"pack": "pool", "file": "clauses.toml", "key": "P04.states.#1"}
    assert first["message"].keys() == first["mend"].keys() == {"zh", "en"}


def test_lint_tells_what_it_cannot_read_from_what_it_finds(pool: Path) -> None:
    nowhere = run("lint", "nowhere")
    assert (nowhere.exit_code, nowhere.stdout) == (2, "")
    assert "nowhere: there is no such folder" in nowhere.stderr
    mend(pool, "clauses.toml", ('at_most = "28 °C"', "at_most = 28"))
    broken = run("lint", "fitness", pool)
    assert (broken.exit_code, broken.stdout) == (2, "")
    assert "clauses.toml: P06.states.#1.at_most: “28” is not a number with a unit." in broken.stderr


def test_lint_takes_a_pack_once_however_often_it_is_named() -> None:
    assert run("lint", "fitness", "fitness").stdout == run("lint", "fitness").stdout


def test_check_refuses_by_file_key_and_mend(pool: Path) -> None:
    assert run("check", pool).exit_code == 0
    mend(pool, "playbooks.toml", ('"P01"', '"P99"'))
    mend(pool, "clauses.toml", ('owner = "lifeguards"', 'owner = "sharks"'))
    refused = run("check", pool)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert (
        "playbooks.toml: day.stage.round.clauses: there is no clause P99. Correct the number"
        in refused.stderr
    )
    assert "clauses.toml: P03.owner: there is no department “sharks”. Add it to owners.toml" in refused.stderr


def test_coverage_lists_mechanisms_and_gaps(pool: Path) -> None:
    assert "尚无执行 gaps (1 / 30): P33" in run("coverage", pool).stdout
    rows = {row["clause"]: row for row in json.loads(run("coverage", "fitness", "--json").stdout)}
    assert {one["mechanism"] for one in rows["F14"]["carriers"]} == {
        "switch",
        "deadline",
        "measure",
        "triage",
    }
    assert {one["mechanism"] for one in rows["F48"]["carriers"]} == {"stage"}
    assert (rows["F40"]["gap"], rows["F40"]["owner"], rows["F40"]["carriers"]) == (True, "maintenance", [])
    assert rows["F71"]["points_to"] == ["F41", "F42", "F43", "F44", "F45"]


def test_a_pack_can_be_one_file(pool: Path, tmp_path: Path) -> None:
    file = tmp_path / "pool.toml"
    file.write_text(run("text", pool).stdout, encoding="utf-8")
    assert run("check", file).stdout == run("check", pool).stdout
    assert run("lint", file, "--json").stdout == run("lint", pool, "--json").stdout
    file.write_bytes(b"name = '\xff'")
    assert "it is no text in UTF-8." in run("check", file).stderr
