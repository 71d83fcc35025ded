"""Tables to take along: nothing in a cell runs."""

from __future__ import annotations

import csv
import io

from clubassist.web.shared.tables import csv_table


def test_no_cell_of_a_table_is_a_formula() -> None:
    cells = ["=HYPERLINK(1)", "＝1+1", " -2", "@x", "+3", "平常的话"]
    text = csv_table("x", ["head"], [[cell] for cell in cells]).content.decode("utf-8-sig")
    found = [row[0] for row in csv.reader(io.StringIO(text))][1:]
    assert found == ["'=HYPERLINK(1)", "'＝1+1", "' -2", "'@x", "'+3", "平常的话"]
