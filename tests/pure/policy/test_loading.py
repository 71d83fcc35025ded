"""Whatever is wrong with a pack is refused by file, key and mend, and nothing is half-loaded."""

import json
from pathlib import Path

import pytest

from clubassist.pure.policy import Pack, PackError, Problem, load_pack, shipped_names, shipped_pack
from tests.pure.policy.small import Change, make, write

REFUSALS = [
    (
        ("clauses.toml", ', en = "Answer within a day."', ""),
        Problem("clauses.toml", "X01.text.en", "“en” is missing", "Add en to the row."),
    ),
    (
        ("clauses.toml", 'zh = "一天内答复。"', 'zh = " "'),
        Problem("clauses.toml", "X01.text.zh", "“zh” is empty", "Write the text."),
    ),
    (
        ("clauses.toml", 'ref = "二"', 'ref = "二"\nrefs = "二"'),
        Problem(
            "clauses.toml", "X02.refs", "the key “refs” is unknown", "Remove it or correct its spelling."
        ),
    ),
    (
        ("clauses.toml", 'at_most = "24 h"', ""),
        Problem(
            "clauses.toml",
            "X01.states.#1",
            "the statement has no number and no frequency",
            "Add at_most, at_least, change or every.",
        ),
    ),
    (
        ("clauses.toml", 'at_most = "24 h"', 'at_most = "soon"'),
        Problem(
            "clauses.toml",
            "X01.states.#1.at_most",
            "“soon” is not a number with a unit",
            'Write it like "4 h", "98 %" or "+5 points".',
        ),
    ),
    (
        ("clauses.toml", 'at_most = "24 h"', 'at_most = "-24 h"'),
        Problem("clauses.toml", "X01.states.#1", "“-24 h” is below zero", "Give a limit of zero or more."),
    ),
    (
        ("clauses.toml", 'at_most = "24 h"', 'at_least = "-5 %"'),
        Problem("clauses.toml", "X01.states.#1", "“-5 %” is below zero", "Give a limit of zero or more."),
    ),
    (
        ("clauses.toml", 'at_most = "24 h"', 'at_most = "30 min"\nat_least = "1 h"'),
        Problem(
            "clauses.toml",
            "X01.states.#1",
            "at_least “1 h” is above at_most “30 min”",
            "Give at_least the smaller number, or leave one of them out.",
        ),
    ),
    (
        ("clauses.toml", 'at_most = "24 h"', 'every = "fortnight"'),
        Problem(
            "clauses.toml",
            "X01.states.#1.every",
            "“fortnight” is not a frequency",
            'Use one of day, week, month, quarter, half-year, year, or a length of time such as "2 h" or "6 months".',
        ),
    ),
    (
        ("clauses.toml", 'at_most = "24 h"', 'at_most = "24 h"\nwhen = {urgency = []}'),
        Problem("clauses.toml", "X01.states.#1.when.urgency", "the list is empty", "Name at least one."),
    ),
    (
        ("measures.toml", "at_least = 98", "at_least = 101"),
        Problem("measures.toml", "answered", "the goal 101 % is not a share", "Give a number from 0 to 100."),
    ),
    (
        ("measures.toml", 'formula = "attainment"', 'formula = "handling"'),
        Problem("measures.toml", "answered", "“handling” counts no clocks", "Leave the promise out."),
    ),
    (
        ("measures.toml", 'unit = "%"', 'unit = "h"'),
        Problem("measures.toml", "answered", "“attainment” is not counted in h", 'Write unit = "%".'),
    ),
    (
        ("measures.toml", 'promise = "first_response"\n', ""),
        Problem(
            "measures.toml", "answered", "attainment of nothing", "Add the promise whose clocks are counted."
        ),
    ),
    (
        (
            "measures.toml",
            'formula = "attainment"\nat_least = 98\nunit = "%"',
            'formula = "attainment"\nat_most = -1\nunit = "h"',
        ),
        Problem("measures.toml", "answered", "the goal -1 h is below zero", "Give a number of hours."),
    ),
    (
        ("measures.toml", "at_least = 98", "at_most = -1"),
        Problem("measures.toml", "answered", "the goal -1 % is not a share", "Give a number from 0 to 100."),
    ),
    (
        ("playbooks.toml", 'member_title = {zh = "受理"', 'next = "accept"\nmember_title = {zh = "受理"'),
        Problem(
            "playbooks.toml",
            "complaint.stage.accept.next",
            "the key “next” is unknown",
            "Remove it or correct its spelling.",
        ),
    ),
    (
        ("clauses.toml", 'id = "X02"', 'id = "x-2"'),
        Problem(
            "clauses.toml", "x-2.id", "the value has the wrong form", "It must match ^[A-Z]{1,3}\\d{1,4}$."
        ),
    ),
    (
        ("deadlines.toml", 'target = "24 h"', 'target = "0 h"'),
        Problem("deadlines.toml", "answer.target", "“0 h” is not above zero", "Give a limit above zero."),
    ),
    (
        ("deadlines.toml", 'target = "24 h"', 'target = "-4 h"'),
        Problem("deadlines.toml", "answer.target", "“-4 h” is not above zero", "Give a limit above zero."),
    ),
    (
        ("deadlines.toml", 'target = "24 h"', 'target = "98 %"'),
        Problem(
            "deadlines.toml",
            "answer.target",
            "“98 %” is not a length of time",
            "Use one of the units s, min, h, days, weeks or working days.",
        ),
    ),
    (
        ("deadlines.toml", '{zh = "{target}内答复您。"', '{zh = "一天内答复您。"'),
        Problem(
            "deadlines.toml",
            "answer.member_promise",
            "the two languages use different placeholders",
            "Use the same ones in zh and en.",
        ),
    ),
    (
        ("deadlines.toml", 'calendar = "always"', 'calendar = "never"'),
        Problem(
            "deadlines.toml",
            "answer.calendar",
            "the value is not one of the allowed ones",
            "Use 'always' or 'opening'.",
        ),
    ),
    (
        ("notices.toml", "{due}", "{body}"),
        Problem(
            "notices.toml",
            "case.opened.text",
            "the placeholder {body} is unknown",
            "Use only {number}, {due}, {stage}, {club}, {track_url}.",
        ),
    ),
    (
        ("notices.toml", "{due} 前", "due} 前"),
        Problem(
            "notices.toml",
            "case.opened.text",
            "a brace stands alone",
            "Use braces only for {number}, {due}, {stage}, {club}, {track_url}.",
        ),
    ),
    (
        ("notices.toml", '["*"]', "[]"),
        Problem("notices.toml", "case.opened.kinds", "the list is empty", "Name at least one."),
    ),
    (
        ("deadlines.toml", '[50, "owner"]', '[50, "boss"]'),
        Problem(
            "deadlines.toml",
            "answer.ladder.#1.#2",
            "nobody is called “boss”",
            "Use one of owner, department_head, everybody, member, agent, service_manager, coach, technician, "
            "finance, training, it_security, management, auditor.",
        ),
    ),
    (
        ("deadlines.toml", 'kinds = ["complaint.*"]', 'kinds = "complaint.*"'),
        Problem(
            "deadlines.toml", "answer.applies.kinds", "“kinds” is not a list", "Put it in square brackets."
        ),
    ),
    (
        ("deadlines.toml", 'target = "24 h"', "target = 24"),
        Problem(
            "deadlines.toml",
            "answer.target",
            "“24” is not a number with a unit",
            'Write it like "4 h", "98 %" or "+5 points".',
        ),
    ),
    (
        ("kinds.toml", '{zh = "不满", en = "Unhappy"}', '"不满"'),
        Problem(
            "kinds.toml",
            "complaint.service.hint",
            "“hint” is not a table",
            'Write it as {key = value}, a text as {zh = "…", en = "…"}.',
        ),
    ),
    (
        ("kinds.toml", 'prefix = "GD"', "prefix = 7"),
        Problem(
            "kinds.toml",
            "complaint.service.prefix",
            "“prefix” is not a text",
            "Put it in quotation marks.",
        ),
    ),
    (
        ("measures.toml", "at_least = 98", 'at_least = "all"'),
        Problem(
            "measures.toml",
            "answered.at_least",
            "“at_least” is not a number",
            "Write digits without quotation marks.",
        ),
    ),
    (
        ("measures.toml", "at_least = 98\n", ""),
        Problem("measures.toml", "answered", "the measure has no goal", "Add at_least or at_most."),
    ),
    (
        ("playbooks.toml", 'title = {zh = "倾听", en = "Listen"}', 'title = {zh = "倾听"}'),
        Problem(
            "playbooks.toml",
            "complaint.stage.accept.task.listen.title.en",
            "“en” is missing",
            "Add en to the row.",
        ),
    ),
    (
        ("triage.toml", "weight = 3\n", ""),
        Problem("triage.toml", "unhappy", "kind and weight do not go together", "Give both or neither."),
    ),
    (
        ("triage.toml", 'kind = "complaint.service"\nweight = 3\n', ""),
        Problem(
            "triage.toml",
            "unhappy",
            "the rule proposes nothing",
            "Add kind with weight, urgency, emotion, complexity, safety or names.",
        ),
    ),
    (
        ("triage.toml", 'words = ["不满"]', "words = []"),
        Problem("triage.toml", "unhappy.words", "the list is empty", "Name at least one."),
    ),
    (
        ("pack.toml", 'version = "1"', ""),
        Problem("pack.toml", "version", "“version” is missing", "Add version to the row."),
    ),
]


@pytest.mark.parametrize(("change", "problem"), REFUSALS)
def test_load_pack_refuses_a_bad_row_with_its_mend(tmp_path: Path, change: Change, problem: Problem) -> None:
    with pytest.raises(PackError) as refused:
        load_pack(write(tmp_path, change))
    assert refused.value.problems == (problem,)


def test_load_pack_reports_every_problem_at_once(tmp_path: Path) -> None:
    changes = (("deadlines.toml", "24 h", "0 h"), ("kinds.toml", 'prefix = "GD"', 'prefix = "gd"'))
    with pytest.raises(PackError) as refused:
        load_pack(write(tmp_path, *changes))
    assert [problem.key for problem in refused.value.problems] == [
        "complaint.service.prefix",
        "answer.target",
    ]
    assert "deadlines.toml: answer.target: “0 h” is not above zero. Give a limit above zero." in str(
        refused.value
    )


def test_load_pack_refuses_a_stranger_among_the_files(tmp_path: Path) -> None:
    (write(tmp_path) / "deadline.toml").write_text("", encoding="utf-8")
    with pytest.raises(
        PackError, match=r"deadline.toml: file: a pack has no such file. Remove it or rename it"
    ):
        load_pack(tmp_path)


def test_load_pack_refuses_a_stranger_among_the_tables(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"kinds.toml: kid: the table “kid” is unknown"):
        load_pack(write(tmp_path, ("kinds.toml", "[[kind]]", "[[kid]]")))


def test_load_pack_refuses_what_is_not_toml(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"kinds.toml: file: it is not TOML in UTF-8: .*line 3"):
        load_pack(write(tmp_path, ("kinds.toml", 'code = "complaint.service"', "code =")))


def test_load_pack_refuses_a_folder_without_pack_toml(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"pack.toml: file: the folder .* has none. Add the file."):
        load_pack(tmp_path)


def test_shipped_pack_refuses_an_unknown_name() -> None:
    with pytest.raises(
        PackError, match=r"no pack “swimming” is shipped. Choose one of basketball, common, fitness."
    ):
        shipped_pack("swimming")


@pytest.mark.parametrize("name", shipped_names())
def test_document_gives_the_same_pack_after_a_trip_through_json(name: str) -> None:
    pack = shipped_pack(name)
    again = Pack.from_document(json.loads(json.dumps(pack.document())))
    assert again == pack
    assert again.digest == pack.digest


def test_from_document_refuses_as_loading_does(tmp_path: Path) -> None:
    document = make(tmp_path).document()
    del document["notices"][0]["text"]["zh"]
    with pytest.raises(PackError, match=r"notices.toml: case.opened.text.zh: “zh” is missing"):
        Pack.from_document(document)


def test_digest_follows_the_content_and_not_the_layout(tmp_path: Path) -> None:
    first = make(tmp_path).digest
    assert make(tmp_path, ("kinds.toml", 'prefix = "GD"', 'prefix  =  "GD" # number')).digest == first
    assert make(tmp_path, ("kinds.toml", 'prefix = "GD"', 'prefix = "TS"')).digest != first


def test_pack_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"frozen"):
        make(tmp_path).deadlines[0].promise = "solution"  # type: ignore[misc]  # what the test is about
