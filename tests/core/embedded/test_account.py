"""PostgreSQL refuses to be root; the product may be started by anybody."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clubassist.core import embedded
from clubassist.core.embedded import cluster
from clubassist.core.embedded.account import Account, choose
from clubassist.core.embedded.place import Place

ROOT = os.geteuid() == 0
SCRIPT = """
import sys
from pathlib import Path
from clubassist.core import embedded
with embedded.server(Path(sys.argv[1]), durable=False) as settings:
    embedded.ensure_database(settings, "second")
"""


def test_account_that_cannot_write_there_does_not_work(place: Place) -> None:
    postgres = cluster.binaries() / "postgres"
    account = choose(place, postgres)
    assert account.works(place.cluster, postgres)
    assert not account.works(Path("/proc/1"), postgres)
    assert not Account(prefix=("/no/such/program",)).works(place.cluster, postgres)


@pytest.mark.full
@pytest.mark.skipif(not ROOT, reason="only root can become another user")
def test_root_without_namespaces_runs_the_server_as_a_system_user(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(place.data_dir))
    with embedded.server(place.data_dir, durable=False) as settings:
        embedded.ensure_database(settings, "second")
        assert place.pgdata.stat().st_uid != 0
    with embedded.server(place.data_dir, durable=False):
        assert place.pgdata.stat().st_uid != 0


@pytest.mark.full
@pytest.mark.skipif(not ROOT, reason="this whole suite already runs as a normal user")
def test_normal_user_runs_the_server_directly(place: Place) -> None:
    user = pwd.getpwnam("nobody")
    for each in (place.data_dir, *place.data_dir.rglob("*")):
        os.chown(each, user.pw_uid, user.pw_gid)
    become = Account(user=user).popen()
    trial = [sys.executable, "-c", "import clubassist"]
    try:
        subprocess.run(trial, **become, cwd="/", check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this Python lies where a normal user may not read")
    subprocess.run([sys.executable, "-c", SCRIPT, str(place.data_dir)], **become, cwd="/", check=True)
    assert (place.pgdata / "postgresql.conf").stat().st_uid == user.pw_uid
    assert shutil.which("unshare") is None or not cluster.processes(place)
