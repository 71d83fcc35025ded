"""Finding cases by words of four kinds beside django-helpdesk, and how it grows with the cases."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode

from bench import postgres
from bench.figures import judge, median, note, print_table, spread
from bench.place import PEER_BIN, PORTS, REPEAT
from bench.prepare import access, seeded, simple_environment
from bench.servers import serving
from bench.targets import peer_list
from bench.wrk import Load, Target, load

WORDS: Final = {
    "rare": ("51234", "51234"),
    "none": ("查无此词", "查无此词"),
    "two": ("退款 到账", "淋浴漏水"),
    "common": ("地板", "淋浴漏水"),
}
"""What is looked for in our cases and in the peer's tickets: one, none, and between 1 and 5 % of them."""
WIDE: Final = "今天"
"""A word of a third of the cases."""
PEER_SECONDS: Final = 12
"""A search of the peer takes over a second."""


def measure_search() -> None:
    """Measure the page of what is found, asked for by a manager of all clubs, one after the other."""
    database = postgres.up()
    session = access()["centre"]
    peer = seeded(PEER_BIN, "bench.peer.session", simple_environment())
    loads: dict[str, list[Load]] = {}

    def measure(name: str, server: int, target: Target, seconds: int) -> None:
        load(target, server=server, database=database, connections=1, seconds=seconds // 3)
        run = load(target, server=server, database=database, connections=1, seconds=seconds)
        assert run.errors == 0, f"{name} was refused"
        loads.setdefault(name, []).append(run)

    with serving("product") as small, serving("large") as large, serving("peer") as theirs:
        for _repetition in range(REPEAT):
            for kind, (our_words, their_words) in WORDS.items():
                measure(kind, small, _page(PORTS["product"], our_words, session), 3)
                measure(f"{kind} of 1M", large, _page(PORTS["large"], our_words, session), 3)
                measure(f"{kind}, peer", theirs, peer_list(their_words, peer), PEER_SECONDS)
            measure("wide of 1M", large, _page(PORTS["large"], WIDE, session), 3)
    print_table(
        ("search", "p50 ms", "p95 ms", "CPU ms"),
        (
            (name, *(spread([getattr(run, what) for run in runs]) for what in ("p50", "p95", "cpu")))
            for name, runs in loads.items()
        ),
    )
    slower = [
        judge(
            f"django-helpdesk / search of 100,000, {kind}",
            median(
                theirs.p50 / ours.p50
                for ours, theirs in zip(loads[kind], loads[f"{kind}, peer"], strict=True)
            ),
            20,
            least=True,
        )
        for kind in WORDS
    ]
    far = [
        judge(
            f"p95 ms, search of 1,000,000, {kind}", median(run.p95 for run in loads[f"{kind} of 1M"]), bound
        )
        for kind, bound in (*((kind, 100) for kind in WORDS), ("wide", 250))
    ]
    note(
        "search",
        p50={name: median(run.p50 for run in runs) for name, runs in loads.items()},
        p95={name: median(run.p95 for run in runs) for name, runs in loads.items()},
        goals=slower + far,
    )


def _page(port: int, words: str, session: str) -> Target:
    return Target(
        port,
        f"/search/?{urlencode({'q': words}, quote_via=quote)}",
        headers={"Cookie": f"sessionid={session}"},
    )
