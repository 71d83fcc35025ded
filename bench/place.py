"""Where the measurements live: one folder outside the checkout, fixed ports, and how often to repeat."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Final

CHECKOUT: Final = Path(__file__).resolve().parent.parent
HISTORY: Final = CHECKOUT / "bench" / "history.jsonl"
FOLDER: Final = Path(os.environ.get("BENCH_DIR") or Path(tempfile.gettempdir()) / "clubassist-bench")
REPEAT: Final = int(os.environ.get("BENCH_REPEAT", "5"))
SECONDS: Final = int(os.environ.get("BENCH_SECONDS", "5"))

POSTGRES_PORT: Final = 15431
PORTS: Final = {"product": 18431, "bare": 18432, "peer": 18433, "large": 18434, "demo": 18435}
WORKERS: Final = "2"
THREADS: Final = "1"

OUR_BIN: Final = Path(sys.executable).parent
PEER_BIN: Final = FOLDER / "peer-venv" / "bin"


def url_of(database: str) -> str:
    """Return the connection URL of a database of the measurements' server."""
    return f"postgresql://postgres@127.0.0.1:{POSTGRES_PORT}/{database}"


def our_environment(database: str) -> dict[str, str]:
    """Return the environment in which the product runs on `database`."""
    return as_users_have_it() | {
        "DATABASE_URL": url_of(database),
        "CLUBASSIST_DATA": str(FOLDER / "data"),
        "DJANGO_SETTINGS_MODULE": "clubassist.settings",
        "PYTHONPATH": str(CHECKOUT),
    }


def as_users_have_it() -> dict[str, str]:
    """Return the environment without what a container may set against compiled modules: every server starts alike."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
