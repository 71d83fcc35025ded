"""The queue page over ten thousand and over a million cases: latency by one client, and buffers, counters included."""

from __future__ import annotations

import json

from bench import postgres
from bench.figures import judge, median, note, print_table, spread
from bench.place import PORTS, REPEAT
from bench.prepare import access, asked
from bench.servers import serving
from bench.targets import QUEUE
from bench.wrk import Load, Target, load

SMALL, LARGE = "cases_10k", "cases_1m"


def measure_growth() -> None:
    """Measure how the page grows with the cases."""
    database = postgres.up()
    kept = access()
    costs = {
        name: asked("bench.statements", "queue", json.dumps(kept), database=name) for name in (SMALL, LARGE)
    }
    loads: dict[str, list[Load]] = {SMALL: [], LARGE: []}
    with serving("product", database=SMALL) as small, serving("large") as large:
        ports = {SMALL: (small, PORTS["product"]), LARGE: (large, PORTS["large"])}
        for server, port in ports.values():
            load(_page(port, kept), server=server, database=database, connections=1)
        for repetition in range(REPEAT):
            for name in (SMALL, LARGE)[:: 1 if repetition % 2 == 0 else -1]:
                server, port = ports[name]
                loads[name].append(load(_page(port, kept), server=server, database=database, connections=1))
    print_table(
        ("cases", "p50 ms", "CPU ms", "buffers"),
        (
            (
                name,
                spread([run.p50 for run in runs]),
                spread([run.cpu for run in runs]),
                str(costs[name]["buffers"]),
            )
            for name, runs in loads.items()
        ),
    )
    p50 = median(big.p50 / little.p50 for big, little in zip(loads[LARGE], loads[SMALL], strict=True))
    buffers = round(costs[LARGE]["buffers"] / costs[SMALL]["buffers"], 3)
    note(
        "growth",
        p50={name: median(run.p50 for run in runs) for name, runs in loads.items()},
        buffers={name: cost["buffers"] for name, cost in costs.items()},
        goals=[
            judge("p50 of the queue page, 1,000,000 / 10,000 cases", p50, 1.5),
            judge("buffers of the queue page, 1,000,000 / 10,000 cases", buffers, 1.5),
        ],
    )


def _page(port: int, kept: dict[str, str]) -> Target:
    return Target(port, QUEUE, headers={"Cookie": f"sessionid={kept['agent']}"})
