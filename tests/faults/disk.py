"""The database's disk runs full under a product; run by `test_disk.py` in a mount namespace of its own.

python -m tests.faults.disk FOLDER      FOLDER is a small file system; prints one JSON line of what was seen
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from collections import Counter
from pathlib import Path

from tests.faults.killer import Ledger, report_of, shortcomings
from tests.faults.product import Answer, Product, ask, eventually

ENOUGH_REFUSALS = 5
LONGEST = 120.0


def send(product: Product, key: str) -> Answer:
    """Hand one report in; raises OSError when nobody answers."""
    return ask(report_of(product, key), 20)


def fill(folder: Path) -> Path:
    """Take all the room that is left; return the file to remove to give it back."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue  # no room for a block of this size
    return ballast


def run(folder: Path) -> dict[str, object]:
    """Fill the disk, report until enough refusals came, give the room back, report again, compare."""
    ledger = Ledger(folder.parent / "ledger")
    answers: Counter[int] = Counter()
    slowest = 0.0

    def report() -> bool:
        nonlocal slowest
        key = uuid.uuid4().hex
        answer = send(product, key)
        answers[answer.status] += 1
        slowest = max(slowest, answer.seconds)
        if answer.status == 201:
            ledger.write(key, json.loads(answer.text)["number"])
        return answer.status == 201

    with Product(folder / "product") as product:
        eventually(report, 30)
        ballast = fill(folder)
        end = time.monotonic() + LONGEST
        while answers.total() - answers[201] < ENOUGH_REFUSALS and time.monotonic() < end:
            report()
        ballast.unlink()
        back = eventually(report, 60)
        with product.connect() as connection:
            problems = shortcomings(connection, ledger.read())
    return {"answers": answers, "slowest": slowest, "back": back, "problems": problems, "kept": len(ledger)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(Path(sys.argv[1]))) + "\n")
    os.sync()
