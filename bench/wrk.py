"""Load by wrk: one thread, a few connections, a script that varies each request; and what it cost the server."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from typing import Final

from bench.place import SECONDS
from bench.processes import cpu_seconds, machine_cpu

_SUMMARY: Final = """
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("SUMMARY %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95), e.status + e.connect + e.read + e.write + e.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Target:
    """One request to repeat. `@@` becomes a number that no other request has, `##` the number's last eight digits."""

    port: int
    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of wrk gave: CPU is in milliseconds per request, latencies are in milliseconds."""

    rate: float
    p50: float
    p95: float
    web_cpu: float
    database_cpu: float
    requests: int
    errors: int
    foreign: float
    """Cores that others kept busy meanwhile."""

    @property
    def cpu(self) -> float:
        """CPU of web and database together, per request."""
        return self.web_cpu + self.database_cpu


def _script(target: Target, first: int) -> str:
    """Return the Lua script; wrk's Lua knows long strings, which need no escapes here."""
    headers = "".join(
        f"  h[{json.dumps(name)}] = v([==[{text}]==])\n" for name, text in target.headers.items()
    )
    return (
        f"{_SUMMARY}local n = {first}\nfunction request()\n  n = n + 1\n"
        "  local whole, tail = string.format('%d', n), string.format('%08d', n % 100000000)\n"
        "  local function v(text) return (text:gsub('@@', whole):gsub('##', tail)) end\n"
        f"  local h = {{}}\n{headers}"
        f"  return wrk.format({json.dumps(target.method)}, nil, h, v([==[{target.body}]==]))\nend\n"
    )


_drawn = time.time_ns() // 1_000_000  # numbers go on where the session before left off


def load(target: Target, *, server: int, database: int, connections: int = 8, seconds: int = SECONDS) -> Load:
    """Drive `target` for `seconds`; `server` and `database` are the roots of the trees whose CPU counts."""
    global _drawn
    web, rows, own, busy = cpu_seconds(server), cpu_seconds(database), _own_cpu(), machine_cpu()
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_script(target, _drawn))
        script.flush()
        address = f"http://127.0.0.1:{target.port}{target.path}"
        words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", script.name]
        wrk = subprocess.run([*words, address], check=True, capture_output=True, text=True)
    found = re.search(r"SUMMARY (\d+) (\d+) (\d+) (\d+) (\d+)", wrk.stdout)
    assert found, wrk.stdout
    requests, duration, p50, p95, errors = map(int, found.groups())
    _drawn += requests + 10_000
    web, rows, own = cpu_seconds(server) - web, cpu_seconds(database) - rows, _own_cpu() - own
    return Load(
        rate=requests / duration * 1e6,
        p50=p50 / 1e3,
        p95=p95 / 1e3,
        web_cpu=web / requests * 1e3,
        database_cpu=rows / requests * 1e3,
        requests=requests,
        errors=errors,
        foreign=(machine_cpu() - busy - web - rows - own) / (duration / 1e6),
    )


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
