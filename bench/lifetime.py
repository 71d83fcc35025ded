"""Memory after load and the time from the start to the first answer, beside django-helpdesk; and `./run demo`."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from bench import postgres
from bench.figures import judge, median, note, print_table, spread
from bench.place import CHECKOUT, FOLDER, PORTS, REPEAT
from bench.prepare import access
from bench.processes import first_answer, pss_mib, running
from bench.servers import FIRST, serving
from bench.targets import intakes, queues
from bench.wrk import load

LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "var", "__pycache__", ".*_cache", ".tools")


def measure_memory() -> None:
    """Measure the memory of both servers after the same kinds of load: intake, then lists."""
    database = postgres.up()
    kept = access()
    found: dict[str, list[float]] = {"product": [], "peer": []}
    for _repetition in range(min(REPEAT, 3)):
        with serving("product") as product, serving("peer") as peer:
            targets = intakes(kept)
            load(targets["product"], server=product, database=database)
            load(queues(kept, kept["bare"])["product"], server=product, database=database)
            load(targets["peer"], server=peer, database=database, seconds=10)
            found["product"].append(pss_mib(product))
            found["peer"].append(pss_mib(peer))
    print_table(("server", "PSS MiB"), ((name, spread(values)) for name, values in found.items()))
    ratio = median(ours / theirs for ours, theirs in zip(found["product"], found["peer"], strict=True))
    note(
        "memory",
        pss_mib={name: median(values) for name, values in found.items()},
        goals=[judge("memory after load / django-helpdesk", ratio, 1.3)],
    )


def measure_start() -> None:
    """Measure the time from the start of the process to the first answer, both with databases that are ready."""
    postgres.up()
    found: dict[str, list[float]] = {"product": [], "peer": []}
    for repetition in range(REPEAT + 1):
        for name in list(found)[:: 1 if repetition % 2 == 0 else -1]:
            begun = time.monotonic()
            with serving(name):
                found[name].append(time.monotonic() - begun)
    found = {name: values[1:] for name, values in found.items()}  # the first start compiles and fills caches
    print_table(
        ("server", "s to the first answer"), ((name, spread(values)) for name, values in found.items())
    )
    ratio = median(ours / theirs for ours, theirs in zip(found["product"], found["peer"], strict=True))
    note(
        "start",
        seconds={name: median(values) for name, values in found.items()},
        goals=[judge("start to first answer / django-helpdesk", ratio, 1.5)],
    )


def measure_demo() -> None:
    """Measure `./run demo` in a copy of the checkout: the first time, with the packages cached, and the next."""
    copy = FOLDER / "checkout"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(CHECKOUT, copy, ignore=LEFT_OUT)
    first, following = _demo(copy), _demo(copy)
    note("demo", goals=[judge("s to the first demo", first, 60), judge("s to the next demo", following, 8)])


def _demo(copy: Path) -> float:
    command = [str(copy / "run"), "demo", "--port", str(PORTS["demo"]), "--quiet"]
    begun = time.monotonic()
    with running("demo", command, os.environ, copy):
        first_answer(PORTS["demo"], FIRST["product"])
        return round(time.monotonic() - begun, 2)
