"""In a container the product is process 1: nobody else reaps, nobody else passes signals on."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from clubassist.core.embedded.place import Place

UNSHARE = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "--kill-child"]
SCRIPT = """
import os, signal, sys, time
from pathlib import Path
import psycopg
from clubassist.core import embedded
from clubassist.core.embedded.pid1 import reap_as_init
from clubassist.core.embedded.place import place_of

assert os.getpid() == 1
if sys.argv[2] == "init":
    reap_as_init()
    assert os.getpid() != 1
place = place_of(Path(sys.argv[1]))

def back(settings):
    for _ in range(500):
        try:
            psycopg.connect(settings.conninfo()).close()
            return True
        except psycopg.OperationalError:
            time.sleep(0.02)
    return False

def zombies():
    states = [file.read_text().rsplit(")", 1)[1].split()[0] for file in Path("/proc").glob("[0-9]*/stat")]
    return states.count("Z")

with embedded.server(place.data_dir, durable=False) as settings:
    for _ in range(2):
        for pid in (place.lock.read_text(), (place.pgdata / "postmaster.pid").read_text().split()[0]):
            os.kill(int(pid), signal.SIGKILL)
        assert back(settings)
    time.sleep(0.3)
    if sys.argv[2] == "init":
        assert zombies() == 0, zombies()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
        os.kill(1, signal.SIGTERM)
        time.sleep(5)
"""


def run_as_pid1(place: Place, mode: str) -> int:
    if not shutil.which("unshare") or subprocess.run([*UNSHARE, "true"], check=False).returncode:
        pytest.skip("this machine does not allow process namespaces")
    return subprocess.run(
        [*UNSHARE, sys.executable, "-c", SCRIPT, str(place.data_dir), mode], check=False, timeout=60
    ).returncode


@pytest.mark.full
@pytest.mark.fault
def test_init_reaps_orphans_passes_signals_on_and_keeps_the_exit_code(place: Place) -> None:
    assert run_as_pid1(place, "init") == 7


@pytest.mark.full
@pytest.mark.fault
def test_server_comes_back_under_a_process_1_that_does_not_reap(place: Place) -> None:
    assert run_as_pid1(place, "plain") == 0
