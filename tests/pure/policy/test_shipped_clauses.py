"""Each clause of the shipped regulations states the numbers of its text, and is read as the club runs it."""

import re
from collections.abc import Iterator

import pytest

from clubassist.pure.policy import Clause, Statement, shipped_pack

CLAUSES = {clause.id: clause for name in ("fitness", "basketball") for clause in shipped_pack(name).clauses}

# Read off the texts by hand: the promise, what is said of it, and how often.
STATED = {
    "F01": ["set ≥4 goals"],
    "F02": ["level +5 points each quarter"],
    "F03": ["solution ≤24 h"],
    "F04": ["level +10 %"],
    "F05": ["share ≥95 % positive"],
    "F06": ["covered ≥7 areas"],
    "F11": ["tracked ≥6 weaknesses"],
    "F14": ["first_response ≤4 h urgent", "first_response ≤4 h urgent"],
    "F15": ["first_response ≤24 h"],
    "F17": ["account_manager ≥100 %"],
    "F19": ["reachable ≥24 h each day"],
    "F20": ["open ≥3 channels"],
    "F21": ["mean_response ≤12 h each month"],
    "F22": ["resolution_rate ≥98 % each month"],
    "F31": ["held each quarter", "attended ≥100 % each quarter"],
    "F33": ["maintenance_plan ≥100 %"],
    "F37": ["first_response ≤2 h", "restored ≤2 h"],
    "F40": ["availability ≥98 %"],
    "F41": ["curriculum ≥3 subjects"],
    "F48": ["procedure ≥4 steps"],
    "F49": ["first_response ≤24 h", "answered ≥100 %"],
    "F50": ["solution ≤72 h complex"],
    "F63": ["monitored ≥4 figures"],
    "F64": ["held each month"],
    "F66": ["held each quarter"],
    "F69": ["full_time ≥1 person"],
    "F75": ["held each half-year"],
    "B61": ["keeper ≥1 person"],
    "B78": ["attended ≥100 %"],
    "B79": ["attended ≥100 % service_staff"],
    "B86": ["contents ≥3 sections"],
    "B93": ["made_of ≥4 parts"],
}

# Where the texts contradict each other or leave a gap, every clause concerned says what is run and why.
READ = {
    "A01": ("F03", "F14", "F49", "F50", "B05", "B25"),
    "A02": ("F21",),
    "A03": ("F02",),
    "A04": ("F04",),
    "A05": ("F22", "F63"),
    "A06": ("F14", "F37"),
    "A07": ("F15", "F18", "F19"),
    "A08": ("F48", "B27"),
    "A09": ("B30", "B79"),
    "A10": ("B30", "B33"),
    "A11": ("F17", "F48", "B21", "B43"),
    "A12": ("B63",),
    "A13": ("F05",),
    "A14": ("F40",),
    "A15": (
        *("F08", "F09", "F10", "F17", "F27", "F33", "F34", "F39", "F41", "F42", "F44", "F46", "F51", "F52"),
        *("F53", "F55", "F59", "F61", "F62", "F64", "F65", "F69", "F73", "F75", "F76", "F77"),
        *("B03", "B07", "B18", "B19", "B20", "B23", "B26", "B27", "B28", "B30", "B35", "B36", "B37", "B38"),
        *("B39", "B44", "B46", "B48", "B50", "B53", "B54", "B60", "B62", "B64", "B65", "B67", "B68", "B69"),
        *("B70", "B72", "B75", "B76", "B77", "B78", "B80", "B82", "B83", "B85", "B87", "B88", "B93", "B98"),
        *("B100", "B102", "B103", "B104", "B106"),
    ),
    "A16": ("F64", "F66", "F75", "B83"),
    "A17": ("F42", "F43"),
    "A18": ("B72", "B73", "B74", "B98", "B99"),
    "A19": ("F57", "B04", "B24", "B51", "B101"),
    "A20": ("F13", "B02"),
    "A21": ("F36", "B10", "B12", "B13", "B88"),
    "A22": ("F52", "F61", "B50", "B89"),
}
POINTING = {
    "F71": ("F41", "F42", "F43", "F44", "F45"),
    "F72": ("F26", "F27", "F28"),
    "F74": ("B96", "B97", "B98", "B99", "B100"),
    "F78": ("F20",),
    "B105": ("B96", "B97", "B98", "B99"),
    "B107": ("B106",),
}


def words(statement: Statement) -> str:
    parts = [statement.promise]
    parts += [f"≤{statement.at_most}"] if statement.at_most else []
    parts += [f"≥{statement.at_least}"] if statement.at_least else []
    parts += [str(statement.change)] if statement.change else []
    parts += [value for values in statement.when.values() for value in values]
    parts += [f"each {statement.every}"] if statement.every else []
    return " ".join(parts)


def test_every_number_and_frequency_of_the_texts_is_stated() -> None:
    stated = {
        clause.id: [words(one) for one in clause.states] for clause in CLAUSES.values() if clause.states
    }
    assert stated == STATED


def test_a_clause_that_says_a_number_states_it() -> None:
    number = re.compile(r"\d|\b(three|four|five|six|seven)\b")
    said = {clause.id for clause in CLAUSES.values() if number.search(clause.text.en)}
    assert said - STATED.keys() == set()


@pytest.mark.parametrize(("reading", "clauses"), READ.items(), ids=READ)
def test_a_contradiction_or_gap_has_its_reading(reading: str, clauses: tuple[str, ...]) -> None:
    assert [one for one in clauses if CLAUSES[one].reading is None] == []


def test_a_default_of_ours_is_called_one_and_can_be_changed() -> None:
    set_by_us = {"F08", "F10", "F17", "F27", "F44", "B03", "B18", "B27", "B60", "B75", "B104"}
    for clause in (CLAUSES[one] for one in sorted(set_by_us)):
        assert clause.reading is not None
        assert "默认" in clause.reading.zh, clause.id
        assert "可修改" in clause.reading.zh, clause.id
        assert "default" in clause.reading.en.lower(), clause.id


def test_clauses_without_a_duty_of_their_own_point_to_those_that_have_it() -> None:
    assert {clause.id: clause.points_to for clause in CLAUSES.values() if clause.points_to} == POINTING


def test_every_clause_has_an_owner() -> None:
    assert [clause.id for clause in CLAUSES.values() if clause.owner is None] == []


def codes(clause: Clause) -> Iterator[str]:
    for one in clause.states:
        yield one.about
        yield one.promise
        yield from (value for values in one.when.values() for value in values)
        for limit in (one.at_most, one.at_least):
            if limit is not None and limit.unit not in ("h", "%"):
                yield limit.unit


@pytest.mark.parametrize("name", ["fitness", "basketball"])
def test_every_word_of_the_statements_has_a_name(name: str) -> None:
    pack = shipped_pack(name)
    used = {code for clause in pack.clauses for code in codes(clause)}
    assert used == {term.code for term in pack.terms}
