"""A full disk: a clear refusal, nothing acknowledged lost, nothing corrupted, and no hand needed afterwards (A5)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.product import ROOT

SIZE = "160m"
MOUNTED = f'mount -t tmpfs -o size={SIZE},mode=0755 tmpfs "$1" && exec "$2" -m tests.faults.disk "$1"'


@pytest.mark.full
@pytest.mark.fault
@pytest.mark.req("F49")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_full_disk_is_refused_clearly_and_recovers_by_itself(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    for parent in (tmp_path, *list(tmp_path.parents)[:2]):
        parent.chmod(0o755)  # the database server may run as another user
    command = ["unshare", "--mount", "sh", "-c", MOUNTED, "sh", str(folder), sys.executable]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout)
    assert seen["problems"] == []
    refused = {status: count for status, count in seen["answers"].items() if status != "201"}
    assert set(refused) <= {"503", "507"}
    assert sum(refused.values()) >= 5
    assert seen["slowest"] < 10
