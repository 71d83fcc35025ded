"""Intake and queue page: every repetition visits all servers, in turning order; ratios count within a repetition."""

from __future__ import annotations

import json
from typing import Any

from bench import postgres
from bench.figures import judge, median, note, print_table, spread
from bench.place import REPEAT
from bench.prepare import access, asked
from bench.servers import all_serving
from bench.targets import intakes, queues
from bench.wrk import Load, Target, load

COUNTS = {
    "product": ("product", "select count(*) from cases_case"),
    "bare": ("bare", "select count(*) from bare_case"),
    "peer": ("peer", "select count(*) from helpdesk_ticket"),
}


def measure_intake() -> None:
    """Measure the intake of a report beside the bare five-row view and django-helpdesk's public form."""
    database = postgres.up()
    cost = asked("bench.statements", "intake", _words(), database="product")
    with all_serving("product", "bare", "peer") as servers:
        targets = intakes(access())
        _warm(targets, servers, database)
        before = _counted()
        loads = _alternated(targets, servers, database)
        written = {name: count - before[name] for name, count in _counted().items()}
    _print(loads)
    for name, runs in loads.items():
        sent = sum(run.requests for run in runs)
        # wrk drops what is under way when its time is up, after the server has written it.
        assert sent <= written[name] <= sent + 200, f"{name}: {sent} answered, {written[name]} written"
    note(
        "intake",
        statements=cost["statements"],
        loads=_kept(loads),
        goals=[
            judge("SQL statements of an intake", cost["statements"], 20),
            judge("CPU of an intake / bare five rows", _ratio(loads, "cpu", "bare"), 2),
            judge("rate of intake / django-helpdesk", _ratio(loads, "rate", "peer"), 3, least=True),
        ],
    )


def measure_queue() -> None:
    """Measure the desk's queue page of fifty rows beside the bare list page."""
    database = postgres.up()
    cost = asked("bench.statements", "queue", _words(), database="product")
    kept = access()
    with all_serving("product", "bare") as servers:
        targets = queues(kept, kept["bare"])
        _warm(targets, servers, database)
        loads = _alternated(targets, servers, database)
    _print(loads)
    note(
        "queue",
        statements=cost["statements"],
        bytes=cost["bytes"],
        loads=_kept(loads),
        goals=[
            judge("SQL statements of a queue page", cost["statements"], 10),
            judge("kB of a queue page", round(cost["bytes"] / 1000, 1), 60),
            judge("CPU of a queue page / bare list page", _ratio(loads, "cpu", "bare"), 2),
        ],
    )


def _words() -> str:
    return json.dumps(access())


def _counted() -> dict[str, int]:
    return {name: postgres.one(*where) for name, where in COUNTS.items()}


def _warm(targets: dict[str, Target], servers: dict[str, int], database: int) -> None:
    for name, target in targets.items():
        load(target, server=servers[name], database=database, seconds=1)


def _alternated(targets: dict[str, Target], servers: dict[str, int], database: int) -> dict[str, list[Load]]:
    """Load every server in each repetition, the order turned round each time."""
    loads: dict[str, list[Load]] = {name: [] for name in targets}
    for repetition in range(REPEAT):
        for name in list(targets)[:: 1 if repetition % 2 == 0 else -1]:
            run = load(targets[name], server=servers[name], database=database)
            assert run.errors == 0, f"{name}: {run.errors} errors"
            loads[name].append(run)
    return loads


def _ratio(loads: dict[str, list[Load]], figure: str, other: str) -> float:
    """Return the median over the repetitions of the product's figure over that of `other`."""
    pairs = zip(loads["product"], loads[other], strict=True)
    return median(getattr(ours, figure) / getattr(theirs, figure) for ours, theirs in pairs)


def _print(loads: dict[str, list[Load]]) -> None:
    figures = ("rate", "p50", "p95", "web_cpu", "database_cpu", "cpu", "foreign")
    head = ("server", "req/s", "p50 ms", "p95 ms", "CPU ms web", "CPU ms db", "CPU ms", "cores of others")
    print_table(
        head,
        (
            [name, *(spread([getattr(run, figure) for run in runs]) for figure in figures)]
            for name, runs in loads.items()
        ),
    )


def _kept(loads: dict[str, list[Load]]) -> dict[str, Any]:
    figures = ("rate", "p50", "p95", "web_cpu", "database_cpu", "foreign")
    return {
        name: {figure: median(getattr(run, figure) for run in runs) for figure in figures}
        for name, runs in loads.items()
    }
