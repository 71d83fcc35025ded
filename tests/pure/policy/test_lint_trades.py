"""Regulations of three other trades: every contradiction that was put into them is found, and no look-alike is."""

from pathlib import Path

import pytest

from clubassist.pure.policy import Severity, check, lint, load_pack, shipped_names, shipped_pack

PACKS = [shipped_pack(name) for name in shipped_names()]
TRADES = Path(__file__).parent / "trades"

SEEDED = {
    "airline": {
        ("swallowed-limit", "A03 A04"),
        ("impossible", "A05 A06"),
        ("different-limits", "A07 A08"),
        ("unlike-days", "A11 A12"),
        ("endless-change", "A13"),
        ("void-mean", "A16 A17"),
        ("impossible", "A18 A19"),
        ("impossible", "A20 A21"),
        ("different-limits", "A26 A27"),
        ("impossible", "A28 A29"),
        ("implied-limit", "A30 A31"),
        ("crossing-limits", "A36 A37"),
        ("swallowed-limit", "A40 A41"),
        ("different-limits", "A43 A44"),
    },
    "hotel": {
        ("crossing-limits", "H01 H02 H03"),
        ("different-limits", "H06 H07"),
        ("impossible", "H08 H09"),
        ("swallowed-limit", "H14 H15"),
        ("different-limits", "H18 H19"),
        ("unlike-days", "H20 H21"),
        ("different-limits", "H22 H23"),
        ("impossible", "H24 H25"),
        ("endless-change", "H26"),
        ("endless-change", "H28"),
        ("void-mean", "H29 H30"),
        ("impossible", "H32 H33"),
        ("different-limits", "H36 H37"),
        ("implied-limit", "H38 H39"),
        ("swallowed-limit", "H42 H43"),
    },
    "clinic": {
        ("impossible", "C03 C04"),
        ("impossible", "C05 C06"),
        ("void-mean", "C07 C08"),
        ("swallowed-limit", "C09 C10"),
        ("different-limits", "C13 C14"),
        ("impossible", "C15 C16 C17"),
        ("impossible", "C18 C19"),
        ("endless-change", "C22"),
        ("swallowed-limit", "C28 C29"),
        ("impossible", "C32 C33"),
        ("unlike-days", "C34 C35"),
        ("looser-than-stated", "C37"),
        ("not-run", "C38"),
        ("looser-than-stated", "C40"),
    },
}


@pytest.mark.parametrize("trade", SEEDED)
def test_the_contradictions_of_another_trade_are_found_and_its_look_alikes_are_not(trade: str) -> None:
    pack = load_pack(TRADES / trade)
    assert check(pack, PACKS) == []
    found = [one for one in lint([pack], PACKS) if one.severity is not Severity.NOTE]
    assert {(one.rule, " ".join(sorted(one.clauses))) for one in found} == SEEDED[trade]


@pytest.mark.parametrize("trade", SEEDED)
def test_a_finding_speaks_both_languages_and_says_where(trade: str) -> None:
    for one in lint([load_pack(TRADES / trade)], PACKS):
        assert one.message.zh
        assert one.message.en
        assert one.mend.zh
        assert one.places[0].pack == trade
