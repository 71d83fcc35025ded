"""Packs that would only fail once a case is opened are refused when they are read, with their mend."""

from pathlib import Path

import pytest

from clubassist.pure.policy import PackError, Problem, load_pack
from tests.pure.policy.small import Change, make, write

RANGE = "Give a time from one second to ten years."
ONE_WORD = "Write a word; * and … only stand beside one."
FORTY_ONE = "a" * 41


def refusals(folder: Path, *changes: Change) -> tuple[Problem, ...]:
    with pytest.raises(PackError) as refused:
        load_pack(write(folder, *changes))
    return refused.value.problems


@pytest.mark.parametrize(
    ("written", "message", "mend"),
    [
        (
            "15 working days",
            "“15 working days” cannot be run",
            "Give hours or calendar days; the clocks do not count working days.",
        ),
        ("99999999999999 days", "“99999999999999 days” is out of range", RANGE),
        (
            "11 个年",
            "“11 个年” is not a length of time",
            "Use one of the units s, min, h, days, weeks or working days.",
        ),
        ("0.00001 s", "“0.00001 s” is out of range", RANGE),
    ],
)
@pytest.mark.parametrize(
    ("old", "key"), [('target = "24 h"', "target"), ('hurry = "4 h"', "target_if.hurry")]
)
def test_a_time_that_no_clock_can_run_is_refused(
    tmp_path: Path, written: str, message: str, mend: str, old: str, key: str
) -> None:
    new = f'{old.split(" = ")[0]} = "{written}"'
    assert refusals(tmp_path, ("deadlines.toml", old, new)) == (
        Problem("deadlines.toml", f"answer.{key}", message, mend),
    )


@pytest.mark.parametrize(
    ("change", "key", "most"),
    [
        (("pack.toml", 'name = "small"', f'name = "{FORTY_ONE}"'), "name", 40),
        (("pack.toml", 'version = "1"', f'version = "{"1" * 21}"'), "version", 20),
        (("deadlines.toml", '"first_response"', f'"{FORTY_ONE}"'), "answer.promise", 40),
        (("deadlines.toml", 'id = "answer"', f'id = "{FORTY_ONE}"'), f"{FORTY_ONE}.id", 40),
        (
            ("playbooks.toml", 'id = "listen"', f'id = "{FORTY_ONE}"'),
            f"complaint.stage.accept.task.{FORTY_ONE}.id",
            40,
        ),
        (("kinds.toml", 'code = "complaint.service"', f'code = "{FORTY_ONE}"'), f"{FORTY_ONE}.code", 40),
        (("clauses.toml", "一天内答复。", "一" * 4001), "X01.text.zh", 4000),
    ],
)
def test_what_is_longer_than_its_column_is_refused(
    tmp_path: Path, change: Change, key: str, most: int
) -> None:
    [problem] = refusals(tmp_path, change)
    assert (problem.key, problem.mend) == (key, f"Use at most {most} characters.")


@pytest.mark.parametrize("stray", ["\\u0000", "\\u001b", "\\u0007", "\\u009f"])
def test_a_control_character_in_a_text_is_refused(tmp_path: Path, stray: str) -> None:
    [problem] = refusals(tmp_path, ("clauses.toml", "Answer within a day.", f"Answer {stray} today."))
    assert problem.key == "X01.text.en"
    assert problem.mend == "Take it out."


def test_a_line_break_in_a_text_is_sound(tmp_path: Path) -> None:
    text = make(tmp_path, ("clauses.toml", "Answer within a day.", "Answer\\nwithin a day.")).clauses[0].text
    assert text.en == "Answer\nwithin a day."


@pytest.mark.parametrize(
    ("rung", "mend"),
    [
        ('[-1, "owner"]', "Give at least 0."),
        ('[1001, "owner"]', "Give at most 1000."),
        ('["50", "owner"]', "Write digits without quotation marks."),
        ('[true, "owner"]', "Write digits without quotation marks."),
    ],
)
def test_a_rung_that_no_alarm_can_have_is_refused(tmp_path: Path, rung: str, mend: str) -> None:
    assert [problem.mend for problem in refusals(tmp_path, ("deadlines.toml", '[50, "owner"]', rung))] == [
        mend
    ]


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        ("at_least = inf", "“at_least” is not a finite number"),
        ("at_least = nan", "“at_least” is not a finite number"),
        ("at_least = true", "“at_least” is not a number"),
        ('at_least = "98"', "“at_least” is not a number"),
        ("at_least = 98\nat_most = 90", "at_least 98 is above at_most 90"),
        ("at_least = 101", "the goal 101 % is not a share"),
    ],
)
def test_a_goal_that_no_figure_can_meet_is_refused(tmp_path: Path, goal: str, message: str) -> None:
    assert [problem.message for problem in refusals(tmp_path, ("measures.toml", "at_least = 98", goal))] == [
        message
    ]


def test_a_goal_below_zero_is_refused_in_any_unit(tmp_path: Path) -> None:
    changes = (("measures.toml", "at_least = 98", "at_most = -1"), ("measures.toml", '"%"', '"h"'))
    assert [problem.message for problem in refusals(tmp_path, *changes)] == ["the goal -1 h is below zero"]


@pytest.mark.parametrize("limit", ["-1 kg", "-3 people", "-2 months", "-5 points", "-50 元", "¥-5"])
def test_a_limit_below_zero_is_refused(tmp_path: Path, limit: str) -> None:
    [problem] = refusals(tmp_path, ("clauses.toml", 'at_most = "24 h"', f'at_most = "{limit}"'))
    assert "below zero" in problem.message or "is not a number with a unit" in problem.message


@pytest.mark.parametrize("limit", ["-18 °C", "-5 ℉"])
def test_a_temperature_may_lie_below_zero(tmp_path: Path, limit: str) -> None:
    pack = make(tmp_path, ("clauses.toml", 'at_most = "24 h"', f'at_most = "{limit}"'))
    assert str(pack.clauses[0].states[0].at_most) == limit


@pytest.mark.parametrize("word", ["*", "…", "\\u200b", "……*", "\\u200b*"])
@pytest.mark.parametrize("key", ["words", "apart"])
def test_a_word_of_nothing_is_refused(tmp_path: Path, word: str, key: str) -> None:
    new = f'words = ["{word}"]' if key == "words" else f'words = ["不满"]\napart = ["{word}"]'
    [problem] = refusals(tmp_path, ("triage.toml", 'words = ["不满"]', new))
    assert (problem.key, problem.mend) == (f"unhappy.{key}.#1", ONE_WORD)


def test_a_word_of_many_gaps_is_refused(tmp_path: Path) -> None:
    [problem] = refusals(tmp_path, ("triage.toml", 'words = ["不满"]', 'words = ["a…a…a…a…b"]'))
    assert problem.mend == "Use … at most 3 times in a word."


def test_values_nested_too_deep_are_refused(tmp_path: Path) -> None:
    (write(tmp_path) / "kinds.toml").write_text("x = " + "[" * 50_000 + "]" * 50_000, encoding="utf-8")
    with pytest.raises(PackError, match=r"kinds.toml: file: its values are nested too deep"):
        load_pack(tmp_path)


def test_a_number_of_thousands_of_digits_is_refused(tmp_path: Path) -> None:
    (write(tmp_path) / "kinds.toml").write_text("x = " + "9" * 5000, encoding="utf-8")
    with pytest.raises(PackError, match=r"kinds.toml: file: it is not TOML in UTF-8"):
        load_pack(tmp_path)


def test_a_file_of_more_than_a_mebibyte_is_refused(tmp_path: Path) -> None:
    (write(tmp_path) / "kinds.toml").write_text("#" * (1024 * 1024 + 1), encoding="utf-8")
    with pytest.raises(PackError, match=r"kinds.toml: file: it is larger than 1024 KiB"):
        load_pack(tmp_path)


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    (write(tmp_path) / "kinds.toml").unlink()
    (tmp_path / "kinds.toml").mkdir()
    with pytest.raises(PackError, match=r"kinds.toml: file: it cannot be read"):
        load_pack(tmp_path)


def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path: Path) -> None:
    path = write(tmp_path) / "kinds.toml"
    plain = load_pack(tmp_path)
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert load_pack(tmp_path) == plain


@pytest.mark.parametrize(("key", "value"), [("mandatory", '"yes"'), ("mandatory", "1")])
def test_yes_and_no_are_written_as_such(tmp_path: Path, key: str, value: str) -> None:
    change = ("playbooks.toml", 'id = "listen"', f'id = "listen"\n{key} = {value}')
    [problem] = refusals(tmp_path, change)
    assert problem.mend == "Write true or false without quotation marks."
