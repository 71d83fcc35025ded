"""The check finds rows that do not fit together, and coverage shows what carries each clause."""

from pathlib import Path

import pytest

from clubassist.pure.policy import Carrier, Problem, Text, check, coverage
from tests.pure.policy.small import Change, make, twice

MENDS = {
    "id": "Give each its own id.",
    "clause": "Correct the number, or add the pack that has it to cites in pack.toml.",
    "kind": "Correct it, or add the kind to kinds.toml.",
}

FINDINGS = [
    (
        ("kinds.toml", 'playbook = "complaint"', 'playbook = "talk"'),
        Problem(
            "kinds.toml",
            "complaint.service.playbook",
            "there is no playbook “talk”",
            "Add it, or name one that exists.",
        ),
    ),
    (
        ("kinds.toml", 'class = "complaint"', 'class = "inquiry"'),
        Problem(
            "kinds.toml",
            "complaint.service.class",
            "the code is not of the class “inquiry”",
            "Begin the code with its class.",
        ),
    ),
    (
        ("deadlines.toml", '"complaint.*"', '"complaint.*", "refund"'),
        Problem("deadlines.toml", "answer.applies.kinds", "no kind is “refund”", MENDS["kind"]),
    ),
    (
        ("triage.toml", 'kind = "complaint.service"', 'kind = "refund"'),
        Problem("triage.toml", "unhappy.kind", "no kind is “refund”", MENDS["kind"]),
    ),
    (
        ("triage.toml", 'unless = ["not"]', 'unless = ["never"]'),
        Problem(
            "triage.toml",
            "unhappy.unless",
            "there is no list of words “never”",
            "Add it as [[words]], or name one that exists.",
        ),
    ),
    (
        ("triage.toml", 'denied_by = "not"', 'denied_by = "never"'),
        Problem(
            "triage.toml",
            "unhappy.denied_by",
            "there is no list of words “never”",
            "Add it as [[words]], or name one that exists.",
        ),
    ),
    (
        ("measures.toml", '"first_response"', '"callback"'),
        Problem(
            "measures.toml",
            "answered.promise",
            "no deadline makes the promise “callback”",
            "Name the promise of a deadline.",
        ),
    ),
    (
        ("measures.toml", '"complaint.*"', '"refund.*"'),
        Problem("measures.toml", "answered.applies.kinds", "no kind is “refund.*”", MENDS["kind"]),
    ),
    (
        ("notices.toml", '"*"', '"*", "refund"'),
        Problem("notices.toml", "case.opened * refund.kinds", "no kind is “refund”", MENDS["kind"]),
    ),
    (
        ("deadlines.toml", '[100, "management"]', '[50, "management"]'),
        Problem(
            "deadlines.toml",
            "answer.ladder",
            "the ladder does not rise",
            "Give each rung a higher percentage than the one before.",
        ),
    ),
    (
        ("deadlines.toml", "hurry", "rush"),
        Problem(
            "deadlines.toml",
            "answer.target_if",
            "there is no switch “rush”",
            "Add it to pack.toml, or name one that exists.",
        ),
    ),
    (
        ("playbooks.toml", 'promise = "first_response"', 'promise = "solution"'),
        Problem(
            "playbooks.toml",
            "complaint.stage.accept.promise",
            "no deadline makes the promise “solution”",
            "Name the promise of a deadline.",
        ),
    ),
    (
        ("clauses.toml", 'points_to = ["X01"]', 'points_to = ["X02"]'),
        Problem(
            "clauses.toml",
            "X02.points_to",
            "the clause points back to itself",
            "Point only to clauses with a duty of their own.",
        ),
    ),
    (
        ("deadlines.toml", 'clauses = ["X01"]', 'clauses = ["X01", "X09"]'),
        Problem("deadlines.toml", "answer.clauses", "there is no clause X09", MENDS["clause"]),
    ),
    (
        ("pack.toml", 'clauses = ["X01"]', 'clauses = ["X09"]'),
        Problem("pack.toml", "hurry.clauses", "there is no clause X09", MENDS["clause"]),
    ),
    (
        ("clauses.toml", 'points_to = ["X01"]', 'points_to = ["X09"]'),
        Problem("clauses.toml", "X02.points_to", "there is no clause X09", MENDS["clause"]),
    ),
    (
        ("playbooks.toml", '"Listen"}\nclauses = ["X01"]', '"Listen"}\nclauses = ["X09"]'),
        Problem(
            "playbooks.toml",
            "complaint.stage.accept.task.listen.clauses",
            "there is no clause X09",
            MENDS["clause"],
        ),
    ),
    (
        ("measures.toml", 'unit = "%"', 'unit = "%"\ngoal = "haste"'),
        Problem(
            "measures.toml",
            "answered.goal",
            "there is no goal “haste”",
            "Add it to goals.toml, or name one that exists.",
        ),
    ),
    (
        ("deadlines.toml", 'hurry = "4 h"', 'hurry = "2 days"'),
        Problem(
            "deadlines.toml",
            "answer.target_if.hurry",
            "“2 days” is longer than the target “24 h”",
            "A switch may only make the limit stricter: give it the shorter time.",
        ),
    ),
    (
        ("clauses.toml", 'owner = "service"\npoints_to', 'owner = "lifeguards"\npoints_to'),
        Problem(
            "clauses.toml",
            "X02.owner",
            "there is no department “lifeguards”",
            "Add it to owners.toml, or use one of events, finance, it, maintenance, management, service, "
            "training, venue.",
        ),
    ),
    (
        ("pack.toml", 'interpreter = "management"', 'interpreter = "court"'),
        Problem(
            "pack.toml",
            "interpreter",
            "there is no department “court”",
            "Add it to owners.toml, or use one of events, finance, it, maintenance, management, service, "
            "training, venue.",
        ),
    ),
    (
        ("terms.toml", 'within = "case"', 'within = "matter"'),
        Problem(
            "terms.toml",
            "complaint.within",
            "there is no word “matter”",
            "Add it, or name a word that the terms or statements use.",
        ),
    ),
    (
        ("terms.toml", 'within = "case"', 'within = "complaint"'),
        Problem(
            "terms.toml",
            "complaint.within",
            "the term leads back to itself",
            "Take the step that closes the circle out.",
        ),
    ),
    (twice("playbooks.toml"), Problem("playbooks.toml", "complaint", "2 rows have this id", MENDS["id"])),
    (twice("measures.toml"), Problem("measures.toml", "answered", "2 rows have this id", MENDS["id"])),
    (twice("notices.toml"), Problem("notices.toml", "case.opened *", "2 rows have this id", MENDS["id"])),
    (twice("owners.toml"), Problem("owners.toml", "agent", "2 rows have this id", MENDS["id"])),
    (twice("deadlines.toml"), Problem("deadlines.toml", "answer", "2 rows have this id", MENDS["id"])),
    (twice("kinds.toml"), Problem("kinds.toml", "complaint.service", "2 rows have this id", MENDS["id"])),
    (
        ("pack.toml", "languages", 'cites = ["other"]\nlanguages'),
        Problem("pack.toml", "cites.other", "the pack “other” is not there", "Check the packs together."),
    ),
]


@pytest.mark.parametrize(("change", "problem"), FINDINGS)
def test_check_finds_a_misfit_with_its_mend(tmp_path: Path, change: Change, problem: Problem) -> None:
    assert check(make(tmp_path, change)) == [problem]


@pytest.mark.parametrize(
    ("file", "keys"), [("clauses.toml", ["X01", "X02"]), ("terms.toml", ["complaint", "case"])]
)
def test_check_finds_every_id_that_stands_twice(tmp_path: Path, file: str, keys: list[str]) -> None:
    found = check(make(tmp_path, twice(file)))
    assert [(one.key, one.message) for one in found] == [(key, "2 rows have this id") for key in keys]


def test_check_finds_nothing_wrong_with_a_sound_pack(tmp_path: Path) -> None:
    assert check(make(tmp_path)) == []


def test_check_follows_pointers_and_terms_round_a_longer_way(tmp_path: Path) -> None:
    circle = ("terms.toml", 'en = "Case"}\n', 'en = "Case"}\nafter = "complaint"\nwithin = "complaint"\n')
    found = check(make(tmp_path, circle))
    assert [problem.key for problem in found] == ["complaint.within", "case.within"]
    back = (
        "clauses.toml",
        'owner = "service"\n[[clause.states]]',
        'owner = "service"\npoints_to = ["X02"]\n[[clause.states]]',
    )
    found = check(make(tmp_path, back))
    assert [problem.key for problem in found] == ["X01.points_to", "X02.points_to"]


def test_check_knows_the_departments_of_the_pack(tmp_path: Path) -> None:
    row = '\n[[department]]\ncode = "lifeguards"\ntitle = {zh = "救生组", en = "Lifeguards"}\n'
    end = 'en = "Agent"}\n'
    owned = ("clauses.toml", 'owner = "service"\npoints_to', 'owner = "lifeguards"\npoints_to')
    assert check(make(tmp_path, owned, ("owners.toml", end, end + row))) == []


def test_check_finds_stages_and_tasks_of_one_id(tmp_path: Path) -> None:
    words = 'title = {zh = "再", en = "Again"}\n'
    stage = f'\n[[playbook.stage]]\nid = "accept"\n{words}member_{words}'
    task = f'[[playbook.stage.task]]\nid = "listen"\n{words}'
    end = 'en = "Listen"}\nclauses = ["X01"]\n'
    keys = [problem.key for problem in check(make(tmp_path, ("playbooks.toml", end, end + stage + task)))]
    assert keys == ["complaint.stage.accept", "complaint.task.listen"]


def test_check_finds_a_time_promised_to_cases_without_a_clock(tmp_path: Path) -> None:
    codes = 'code = "praise"\nclass = "praise"\nprefix = "LY"\nplaybook = "complaint"\n'
    words = 'title = {zh = "表扬", en = "Praise"}\nhint = {zh = "表扬", en = "Praise"}\n'
    kind = f'\n[[kind]]\n{codes}{words}confidentiality = "internal"\n'
    end = 'confidentiality = "personal"\n'
    [problem] = check(make(tmp_path, ("kinds.toml", end, end + kind)))
    assert problem.message == "normal, ordinary cases of kind “praise” have no time to put for {due}"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("deadlines.toml", '["complaint.*"]}', '["complaint.*"], urgency = ["normal"]}'),
            "urgent, ordinary cases of kind “complaint.service” have no time to put for {due}",
        ),
        (
            ("deadlines.toml", '["complaint.*"]}', '["complaint.*"], complexity = ["ordinary"]}'),
            "normal, complex cases of kind “complaint.service” have no time to put for {due}",
        ),
        (
            ("deadlines.toml", 'calendar = "always"', 'calendar = "always"\nstarts = "resolved"'),
            "normal, ordinary cases of kind “complaint.service” have no time to put for {due}",
        ),
        (("notices.toml", "case.opened", "case.closed"), "case.closed has no time to put for {due}"),
    ],
)
def test_check_finds_a_time_promised_where_no_clock_starts(
    tmp_path: Path, change: Change, message: str
) -> None:
    assert [problem.message for problem in check(make(tmp_path, change))] == [message]


def test_check_finds_a_measure_of_what_nobody_promises(tmp_path: Path) -> None:
    pack = make(tmp_path, ("measures.toml", 'promise = "first_response"', 'promise = "solution"'))
    assert check(pack) == [
        Problem(
            "measures.toml",
            "answered.promise",
            "no deadline makes the promise “solution”",
            "Name the promise of a deadline.",
        )
    ]


def test_check_looks_for_clauses_in_the_packs_that_are_cited(tmp_path: Path) -> None:
    small = make(tmp_path)
    citing = small.model_copy(update={"name": "citing", "clauses": (), "cites": ("small",)})
    assert check(citing, [small]) == []
    strange = citing.model_copy(update={"cites": ()})
    assert {problem.message for problem in check(strange, [small])} == {"there is no clause X01"}


def test_check_refuses_a_clause_id_that_another_pack_has(tmp_path: Path) -> None:
    small = make(tmp_path)
    other = small.model_copy(update={"name": "other"})
    assert [problem.key for problem in check(other, [small])] == ["X01", "X02"]


def test_coverage_lists_what_carries_a_clause_and_follows_pointers(tmp_path: Path) -> None:
    own, pointing = coverage(make(tmp_path))
    assert own.clause == "X01"
    assert own.carriers == (
        Carrier("switch", "hurry", Text(zh="加快", en="Hurry")),
        Carrier("deadline", "answer", Text(zh="答复", en="Answer")),
        Carrier("stage", "complaint/accept", Text(zh="受理", en="Accept")),
        Carrier("task", "complaint/accept/listen", Text(zh="倾听", en="Listen")),
        Carrier("measure", "answered", Text(zh="按时率", en="In time")),
        Carrier("notice", "case.opened *", Text(zh="收到", en="Received")),
        Carrier("triage", "unhappy", Text(zh="不满", en="Unhappy")),
    )
    assert pointing == ("X02", own.carriers)


def test_coverage_shows_a_gap_as_a_gap(tmp_path: Path) -> None:
    pack = make(tmp_path, ("clauses.toml", 'points_to = ["X01"]', ""))
    assert coverage(pack)[1] == ("X02", ())
