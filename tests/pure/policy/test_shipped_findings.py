"""The shipped packs have no finding but those that are listed apart from the code, and no gap that is not known."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from clubassist.pure.policy import Severity, lint, shipped_names, shipped_pack

LISTED: dict[str, Any] = tomllib.loads((Path(__file__).parent / "shipped_findings.toml").read_text())
FOUND = lint([shipped_pack(name) for name in shipped_names()])


def test_the_lint_finds_what_is_listed_and_nothing_else() -> None:
    found = {
        (one.rule, frozenset(one.clauses), one.settled) for one in FOUND if one.severity is not Severity.NOTE
    }
    listed = {(row["rule"], frozenset(row["clauses"]), row["settled"]) for row in LISTED["finding"]}
    assert found - listed == set(), "new findings"
    assert listed - found == set(), "findings that are gone: take them out of the list"


def test_nothing_is_left_to_decide() -> None:
    assert [one for one in FOUND if one.open] == []


def test_the_gaps_are_those_that_are_listed() -> None:
    gaps = {clause for one in FOUND if one.rule == "not-carried-out" for clause in one.clauses}
    listed = set(LISTED["not_carried_out"])
    assert gaps - listed == set(), "clauses that nothing carries out any more"
    assert listed - gaps == set(), "gaps that have been closed: take them out of the list"
