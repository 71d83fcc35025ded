"""The lint finds the knots of the shipped regulations and the traps of one of another trade, and nothing else."""

from pathlib import Path

import pytest

from clubassist.pure.policy import Finding, Severity, check, lint, load_pack, shipped_names, shipped_pack

PACKS = [shipped_pack(name) for name in shipped_names()]
POOL = Path(__file__).parent / "pool"


def found_in(name: str) -> dict[frozenset[str], Finding]:
    return {frozenset(found.clauses): found for found in lint([shipped_pack(name)], PACKS)}


def test_fitness_regulation_has_its_knots_and_readings_settle_them() -> None:
    found = {
        clauses: one for clauses, one in found_in("fitness").items() if one.severity is not Severity.NOTE
    }
    assert {clauses: (one.rule, one.settled) for clauses, one in found.items()} == {
        frozenset({"F03", "F14", "F49", "F50"}): ("swallowed-limit", True),
        frozenset({"F14", "F37"}): ("swallowed-limit", True),
        frozenset({"F02"}): ("endless-change", True),
    }
    complaints = found[frozenset({"F03", "F14", "F49", "F50"})]
    for hours in (4, 24, 72):
        assert f"不超过 {hours} 小时" in complaints.message.zh
        assert f"at most {hours} hours" in complaints.message.en
    assert "最多 20 次" in found[frozenset({"F02"})].message.zh
    assert all(one.mend.zh and one.mend.en for one in found.values())
    assert complaints.places[0] == ("fitness", "clauses.toml", "F50.states.#1")


def test_without_its_readings_the_same_knots_are_open() -> None:
    fitness = shipped_pack("fitness")
    bare = tuple(clause.model_copy(update={"reading": None}) for clause in fitness.clauses)
    found = lint([fitness.model_copy(update={"clauses": bare})], PACKS)
    assert [set(one.clauses) for one in found if one.open] == [
        {"F14", "F37"},
        {"F03", "F14", "F49", "F50"},
        {"F02"},
        {"F03"},
        {"F37"},
    ]


def test_without_a_reading_it_shows_what_is_run_otherwise() -> None:
    fitness = shipped_pack("fitness")
    bare = tuple(clause.model_copy(update={"reading": None}) for clause in fitness.clauses)
    found = [*lint([fitness.model_copy(update={"clauses": bare})], PACKS)]
    said = {one.rule: one.message.en for one in found if one.rule in ("looser-than-stated", "not-run")}
    assert said == {
        "looser-than-stated": "Run looser than stated: F03 “Complaints · Solution: at most 24 hours”, but “Solution "
        "to a complex complaint” has 72 hours (Service complaint, Venue complaint, Event complaint).",
        "not-run": "No deadline runs F37 “Equipment faults · Back in service: at most 2 hours” for: Equipment fault.",
    }


@pytest.mark.parametrize("name", ["basketball", "common"])
def test_a_pack_without_contradictions_has_none_found(name: str) -> None:
    assert {one.rule for one in found_in(name).values()} <= {"not-carried-out"}


def test_packs_of_one_chain_are_judged_together() -> None:
    open_ones = [one for one in lint(PACKS) if one.open]
    assert open_ones == []


def test_a_regulation_of_another_trade_is_judged_by_the_same_rules() -> None:
    pool = load_pack(POOL)
    assert check(pool, PACKS) == []
    assert [(one.rule, str(one.severity), one.clauses, one.settled) for one in lint([pool], PACKS)] == [
        ("different-limits", "error", ("P04", "P03"), False),
        ("impossible", "error", ("P05", "P06"), False),
        ("impossible", "error", ("P12", "P13"), False),
        ("void-mean", "warning", ("P08", "P07"), False),
        ("implied-limit", "warning", ("P10", "P11"), False),
        ("endless-change", "warning", ("P09",), False),
        ("no-owner", "warning", ("P12",), False),
        ("different-limits", "error", ("P14", "P15"), True),
        ("not-carried-out", "note", ("P33",), False),
    ]


def test_findings_speak_the_words_of_the_pack() -> None:
    [rating] = [one for one in lint([load_pack(POOL)], PACKS) if one.rule == "endless-change"]
    assert (
        rating.message.zh
        == "P09“泳客评分 · 水平：每季度 +0.2 stars”不能一直做下去：到 5 stars 就到头了，最多 25 次。"
    )
    assert rating.message.en == (
        "P09 “Visitors' rating · Level: +0.2 stars every quarter” cannot go on for ever: "
        "it ends at 5 stars, after 25 times at the latest."
    )
