"""`python -m bench WHAT …`: prepare, then any of the measurements below, or all."""

from __future__ import annotations

import argparse

from bench.clause import measure_clause
from bench.growth import measure_growth
from bench.lifetime import measure_demo, measure_memory, measure_start
from bench.live import measure_live
from bench.prepare import prepare
from bench.rounds import measure_intake, measure_queue
from bench.search import measure_search
from bench.sweep import measure_sweep

MEASURES = {
    "intake": measure_intake,
    "queue": measure_queue,
    "growth": measure_growth,
    "clause": measure_clause,
    "search": measure_search,
    "live": measure_live,
    "sweep": measure_sweep,
    "memory": measure_memory,
    "start": measure_start,
    "demo": measure_demo,
}


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("what", nargs="+", choices=["prepare", "all", *MEASURES])
    parser.add_argument("--anew", action="store_true", help="with prepare: make the databases again")
    given = parser.parse_args()
    prepare(anew=given.anew)
    for name, measure in MEASURES.items():
        if name in given.what or "all" in given.what:
            print(f"\n## {name}\n")
            measure()


main()
