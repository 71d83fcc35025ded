"""The page of a clause over a frozen month, beside django-helpdesk's dashboard, and how it grows with the cases."""

from __future__ import annotations

from typing import Any, Final

from bench import postgres
from bench.figures import judge, median, note, print_table, spread
from bench.place import PEER_BIN, PORTS, REPEAT
from bench.prepare import access, asked, seeded, simple_environment
from bench.servers import serving
from bench.wrk import Load, Target, load

MONTHS: Final = {"month_10k": "cases_10k", "month_100k": "product", "month_1m": "cases_1m"}
"""Databases whose cases all fall into one frozen month, and what they are copied from."""
CLAUSE: Final = "/rules/F22/?month="
PEER_SECONDS: Final = 40
"""The dashboard takes five to ten seconds: this many give a median."""


def measure_clause() -> None:
    """Measure the page that a manager of all clubs opens: its figures, and the first rows behind them."""
    database = postgres.up()
    months: dict[str, Any] = {}
    for name, template in MONTHS.items():
        postgres.fresh(name, template=template)
        months[name] = asked("bench.months", database=name)
    peer = seeded(PEER_BIN, "bench.peer.session", simple_environment())
    session = access()["centre"]
    pages = {
        name: Target(
            PORTS["product"], f"{CLAUSE}{month['month']}", headers={"Cookie": f"sessionid={session}"}
        )
        for name, month in months.items()
    }
    dashboard = Target(PORTS["peer"], "/dashboard/", headers={"Cookie": f"sessionid={peer}"})
    loads: dict[str, list[Load]] = {name: [] for name in (*MONTHS, "peer")}
    with serving("peer") as theirs:
        for repetition in range(REPEAT):
            for name in list(MONTHS)[:: 1 if repetition % 2 == 0 else -1]:
                with serving("product", database=name) as ours:
                    load(pages[name], server=ours, database=database, connections=1, seconds=1)
                    loads[name].append(load(pages[name], server=ours, database=database, connections=1))
            loads["peer"].append(
                load(dashboard, server=theirs, database=database, connections=1, seconds=PEER_SECONDS)
            )
    assert all(run.errors == 0 for runs in loads.values() for run in runs), "a page was refused"
    print_table(
        ("page", "p50 ms", "CPU ms"),
        (
            (name, spread([run.p50 for run in runs]), spread([run.cpu for run in runs]))
            for name, runs in loads.items()
        ),
    )
    note(
        "clause",
        months=months,
        p50={name: median(run.p50 for run in runs) for name, runs in loads.items()},
        goals=[
            judge("clause page of 100,000 cases / django-helpdesk's dashboard", _ratio(loads, "peer"), 0.1),
            judge("clause page, 1,000,000 / 10,000 cases", _ratio(loads, "month_10k", "month_1m"), 2),
        ],
    )


def _ratio(loads: dict[str, list[Load]], other: str, ours: str = "month_100k") -> float:
    pairs = zip(loads[ours], loads[other], strict=True)
    return median(mine.p50 / theirs.p50 for mine, theirs in pairs)
