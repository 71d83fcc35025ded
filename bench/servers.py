"""The servers that are measured, each with two web processes of two threads under granian."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from bench.place import OUR_BIN, PEER_BIN, PORTS, THREADS, WORKERS, our_environment
from bench.prepare import simple_environment
from bench.processes import first_answer, running

FIRST: Final = {"product": "/accounts/login/", "large": "/accounts/login/", "bare": "/ping", "peer": "/"}
DATABASES: Final = {"product": "product", "large": "cases_1m"}


@contextmanager
def serving(name: str, *, database: str = "") -> Iterator[int]:
    """Serve one of FIRST inside the block, once it answers; give its process id."""
    database = database or DATABASES.get(name, name)
    if name in DATABASES:
        command = [str(OUR_BIN / "clubassist"), "serve", "--port", str(PORTS[name]), "--workers", WORKERS]
        environment = our_environment(database)
    else:
        python = str((OUR_BIN if name == "bare" else PEER_BIN) / "python")
        options = [
            "--interface",
            "wsgi",
            "--workers",
            WORKERS,
            "--blocking-threads",
            THREADS,
            "--no-ws",
            "--no-log",
        ]
        command = [
            python,
            "-m",
            "granian",
            *options,
            "--port",
            str(PORTS[name]),
            f"bench.{name}.wsgi:application",
        ]
        environment = simple_environment()
    with running(name, command, environment) as server:
        first_answer(PORTS[name], FIRST[name])
        yield server


@contextmanager
def all_serving(*names: str) -> Iterator[dict[str, int]]:
    """Serve several inside the block; give their process ids by name."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(serving(name)) for name in names}
