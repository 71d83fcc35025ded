"""The sweep: ten thousand due alarms among two hundred thousand running clocks, and nothing due."""

from __future__ import annotations

from bench import postgres
from bench.figures import judge, median, note, print_table, spread
from bench.place import REPEAT
from bench.prepare import asked


def measure_sweep() -> None:
    """Measure the sweep on a fresh copy of the cases each time."""
    postgres.up()
    runs = []
    for _repetition in range(REPEAT):
        postgres.fresh("swept", template="cases_1m")
        runs.append(asked("bench.sweeping", database="swept"))
    due, none = [run["due"] for run in runs], [run["none"] for run in runs]
    print_table(("sweep", "s"), [("10,000 due", spread(due)), ("none due", spread(none))])
    assert all(run["alarms"] == run["wanted"] for run in runs), runs
    note(
        "sweep",
        runs=runs,
        goals=[
            judge("s to raise 10,000 alarms of 200,000 running clocks", median(due), 1),
            judge("s when nothing is due", median(none), 0.01),
            judge("most alarms in one job", max(run["most"] for run in runs), 500),
        ],
    )
