"""F68: exactly one department answers for each clause and each figure, and where that is not so it shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from clubassist.pure.policy import measures_owned, merge, responsibilities, shipped_names, shipped_pack
from tests.pure.policy.small import make

pytestmark = pytest.mark.req("F68")
SHIPPED = merge([shipped_pack(name) for name in shipped_names()])


def test_one_department_answers_for_every_shipped_clause_and_figure() -> None:
    assert [row.clause.id for row in responsibilities(SHIPPED) if len(row.accountable) != 1] == []
    assert [row.measure.id for row in measures_owned(SHIPPED) if len(row.accountable) != 1] == []


def test_who_carries_a_clause_out_and_who_hears_of_it_comes_from_its_rows() -> None:
    rows = {row.clause.id: row for row in responsibilities(SHIPPED)}
    assert rows["F49"].accountable == ("service",)
    assert rows["F49"].informed == ("owner", "service_manager", "management")
    assert "service" in rows["B23"].responsible


def test_a_clause_that_points_elsewhere_is_answered_for_there(tmp_path: Path) -> None:
    bare = ('owner = "service"\npoints_to = ["X01"]', 'points_to = ["X01"]')
    pack = make(tmp_path, ("clauses.toml", *bare))
    assert [row.accountable for row in responsibilities(merge([pack]))] == [("service",), ("service",)]


def test_clauses_and_figures_without_an_owner_show(tmp_path: Path) -> None:
    pack = make(
        tmp_path,
        ("clauses.toml", 'en = "Answer within a day."}\nowner = "service"', 'en = "Answer within a day."}'),
    )
    assert [row.accountable for row in responsibilities(merge([pack]))] == [(), ("service",)]
    assert [row.accountable for row in measures_owned(merge([pack]))] == [()]
