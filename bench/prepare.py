"""Make everything that the measurements need: the peer's environment, the databases, cases by the million."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any, Final

from bench import postgres
from bench.load import load_cases
from bench.place import CHECKOUT, FOLDER, OUR_BIN, PEER_BIN, POSTGRES_PORT, as_users_have_it, our_environment

PEER_NEEDS: Final = ("django-helpdesk==2.6.1", "Django==5.2.19", "psycopg[binary]==3.3.9", "granian==2.8.7")
SIZES: Final = {"product": 100_000, "cases_10k": 10_000, "cases_1m": 1_000_000}
ACCESS: Final = FOLDER / "access.json"


def prepare(*, anew: bool = False) -> None:
    """Make what is missing; `anew` makes the databases again."""
    if not postgres.available():
        sys.exit("apt-get install postgresql-15 wrk")
    postgres.up()
    if not PEER_BIN.exists():
        venv.create(PEER_BIN.parent, with_pip=True)
        subprocess.run([PEER_BIN / "pip", "-qq", "install", *PEER_NEEDS], check=True)
    kept = {} if anew or not ACCESS.exists() else access()
    if "bare" not in kept:
        postgres.fresh("bare")
        kept["bare"] = seeded(OUR_BIN, "bench.bare.seed", simple_environment())
    if anew or not postgres.exists("peer"):
        postgres.fresh("peer")
        seeded(PEER_BIN, "bench.peer.seed", simple_environment())
    if "token" not in kept:
        postgres.fresh("seeded")
        kept |= json.loads(seeded(OUR_BIN, "bench.seed", our_environment("seeded")))
    ACCESS.write_text(json.dumps(kept))
    for name, cases in SIZES.items():
        if anew or not postgres.exists(name):
            print(f"{name}: {cases} cases")
            postgres.fresh("loading", template="seeded")
            load_cases("loading", cases)
            postgres.renamed("loading", name)


def access() -> dict[str, str]:
    """Return the sessions and the token with which the servers are asked."""
    kept: dict[str, str] = json.loads(ACCESS.read_text())
    return kept


def simple_environment() -> dict[str, str]:
    """Return the environment of the bare app and of the peer."""
    return as_users_have_it() | {"BENCH_POSTGRES_PORT": str(POSTGRES_PORT), "PYTHONPATH": str(CHECKOUT)}


def seeded(programs: Path, module: str, environment: dict[str, str]) -> str:
    """Run a seed and return what it prints last."""
    words = [str(programs / "python"), "-m", module]
    done = subprocess.run(words, env=environment, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def asked(module: str, *words: str, database: str) -> Any:
    """Run a module of ours inside the product on `database`; return the JSON it prints."""
    command = [str(OUR_BIN / "python"), "-m", module, *words]
    environment = our_environment(database)
    done = subprocess.run(
        command, env=environment, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.strip().splitlines()[-1])
