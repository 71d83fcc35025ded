"""What may be offered by whom: of two packs the stricter limit holds, and a negative one is refused with its place."""

from __future__ import annotations

from typing import Any

import pytest

from clubassist.pure.policy import Pack, PackError, Role, check, merge, shipped_pack

pytestmark = pytest.mark.req("B06")


def changed(**limit: Any) -> Pack:
    document = shipped_pack("common").document()
    document["limits"][0] |= limit
    return Pack.from_document(document)


def test_the_stricter_limit_holds() -> None:
    limits = {row.role: row.most for row in merge([shipped_pack("common"), changed(most=5_000)]).limits}
    assert limits[Role.AGENT] == 5_000


def test_a_negative_limit_is_refused_with_its_place() -> None:
    with pytest.raises(PackError) as refused:
        changed(most=-1)
    (problem,) = refused.value.problems
    assert (problem.file, problem.key) == ("offers.toml", "agent.most")


def test_a_limit_cites_clauses_that_exist() -> None:
    found = check(changed(clauses=["Z99"]), [shipped_pack("fitness"), shipped_pack("basketball")])
    assert [(problem.file, problem.key) for problem in found] == [("offers.toml", "agent.clauses")]
