"""Medians with their spread, tables for the terminal, and one line of history for each run."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from bench.place import CHECKOUT, HISTORY
from bench.postgres import one


def median(values: Iterable[float]) -> float:
    """Return the median, to three significant places behind the point."""
    return round(statistics.median(values), 3)


def spread(values: Sequence[float]) -> str:
    """Return `median [least-most]`."""
    return f"{statistics.median(values):.2f} [{min(values):.2f}-{max(values):.2f}]"


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a Markdown table."""
    print("| " + " | ".join(head) + " |")
    print("|" + " --- |" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def judge(name: str, value: float, most: float, *, least: bool = False) -> dict[str, Any]:
    """Print a goal with what was measured; return it for the history. `least` turns `most` into a lower limit."""
    kept = value >= most if least else value <= most
    print(f"{'✓' if kept else '✗'} {name}: {value:g} (goal {'≥' if least else '≤'} {most:g})")
    return {"goal": name, "value": value, "limit": most, "kept": kept}


def note(what: str, **figures: Any) -> None:
    """Add one line to the history."""
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),  # noqa: TID251 - when the run was made
        "what": what,
        "commit": _commit(),
        "versions": {name: version(name) for name in ("django", "psycopg", "granian", "django-ninja")},
        "postgresql": one("postgres", "show server_version"),
        "machine": {"cores": os.cpu_count(), "load": [round(load, 1) for load in os.getloadavg()]},
        **figures,
    }
    with HISTORY.open("a") as history:
        history.write(json.dumps(line, ensure_ascii=False) + "\n")


def _commit() -> str:
    words = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, check=False).stdout.strip()
