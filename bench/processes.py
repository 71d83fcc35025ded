"""Servers as trees of processes: what they cost in CPU and memory, read from /proc, and when they first answer."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.place import CHECKOUT, FOLDER

TICKS: Final = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/<pid>/stat from the state on; [] for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def tree(root: int) -> list[int]:
    """Return the process and all its descendants."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children[int(fields[1])].append(int(entry.name))
    found = [root]
    for pid in found:
        found.extend(children[pid])
    return found


def cpu_seconds(root: int) -> float:
    """Return the CPU seconds of a tree so far, those of ended and reaped children too."""
    return sum(sum(map(int, fields[11:15])) for pid in tree(root) if (fields := _stat(pid))) / TICKS


def pss_mib(root: int) -> float:
    """Return the proportional set size of a tree in MiB."""
    total = 0
    for pid in tree(root):
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


def machine_cpu() -> float:
    """Return the CPU seconds that the whole machine has spent so far."""
    user, nice, system, _idle, _waiting, *rest = map(int, Path("/proc/stat").read_text().split()[1:9])
    return sum([user, nice, system, *rest]) / TICKS


def first_answer(port: int, path: str, *, within: float = 120) -> float:
    """Wait until `path` answers below 400; return how many seconds that took. Raises TimeoutError."""
    begun = time.monotonic()
    while time.monotonic() - begun < within:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", path)
            if connection.getresponse().status < 400:
                return time.monotonic() - begun
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.02)
    raise TimeoutError(f"port {port} did not answer")


@contextmanager
def running(
    name: str, command: Sequence[str | Path], environment: Mapping[str, str], cwd: Path = CHECKOUT
) -> Iterator[int]:
    """Keep a server running inside the block; give its process id. Its output goes to a log in the folder."""
    with (FOLDER / f"{name}.log").open("ab") as log:
        server = subprocess.Popen(
            list(map(str, command)), env=dict(environment), cwd=cwd, stdout=log, stderr=log
        )
        try:
            yield server.pid
        finally:
            server.terminate()
            server.wait(60)
