"""What an open page costs that asks every ten seconds whether anything happened, when nothing did."""

from __future__ import annotations

import html
import http.client
import re

from bench import postgres
from bench.figures import judge, median, note, print_table, spread
from bench.place import PORTS, REPEAT
from bench.prepare import access
from bench.servers import serving
from bench.wrk import Target, load


def measure_live() -> None:
    """Measure the answer "nothing new" over a million cases."""
    database = postgres.up()
    headers = {"Cookie": f"sessionid={access()['agent']}"}
    with serving("large") as server:
        page, _headers = _got("/cases/", headers)
        found = re.search(r'hx-get="(/live/[^"]+)"', page)
        assert found, "the page does not ask"
        path = html.unescape(found[1])
        body, sent = _got(path, headers)
        size = len(body) + sum(len(name) + len(value) + 4 for name, value in sent)
        load(Target(PORTS["large"], path, headers=headers), server=server, database=database, seconds=1)
        runs = [
            load(Target(PORTS["large"], path, headers=headers), server=server, database=database)
            for _repetition in range(REPEAT)
        ]
    print_table(("/live/", "CPU ms"), [("nothing new", spread([run.cpu for run in runs]))])
    note(
        "live",
        goals=[
            judge("ms of CPU when nothing is new", median(run.cpu for run in runs), 10),
            judge("bytes of headers and body when nothing is new", size, 300),
        ],
    )


def _got(path: str, headers: dict[str, str]) -> tuple[str, list[tuple[str, str]]]:
    connection = http.client.HTTPConnection("127.0.0.1", PORTS["large"], timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.read().decode(), answer.getheaders()
