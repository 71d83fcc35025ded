"""As whom the server runs: PostgreSQL refuses uid 0 and nameless uids, so the way is found by trying."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clubassist.core.embedded.place import Place, ServerError

OVERFLOW_UID = 65534  # what unmapped owners look like inside a user namespace
SYSTEM_USERS = ("clubassist", "postgres")


@dataclass(frozen=True)
class Account:
    """One way to run the binaries: a command put in front of them, or a user to become."""

    prefix: tuple[str, ...] = ()
    user: pwd.struct_passwd | None = None

    def popen(self) -> dict[str, Any]:
        """Return the keywords for `subprocess` that make a child run as this account."""
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give `path` and all in it to this account."""
        if self.user is None or not path.exists() or path.stat().st_uid == self.user.pw_uid:
            return
        for each in (*path.rglob("*"), path):  # itself last: cut short, the next start begins again
            os.chown(each, self.user.pw_uid, self.user.pw_gid, follow_symlinks=False)

    def works(self, folder: Path, postgres: Path) -> bool:
        """Try it: may this account write to `folder` and run the server's binary?"""
        trial = ["/bin/sh", "-c", 'test -w "$1" && exec "$2" --version', "sh", str(folder), str(postgres)]
        try:
            done = subprocess.run(  # noqa: S603 - our own paths
                [*self.prefix, *trial], **self.popen(), capture_output=True, cwd="/", check=False
            )
        except OSError:
            return False
        return done.returncode == 0


def choose(place: Place, postgres: Path) -> Account:
    """Return the first account that can run the server on `place.cluster`, having made the folder its own."""
    for account in _candidates(place):
        if account.user is not None:
            # The way in must be open to it: entering only, what lies beside stays 0600.
            for folder in (place.data_dir, place.home):
                folder.chmod(folder.stat().st_mode | 0o011)
            account.own(place.cluster)
        place.cluster.mkdir(mode=0o700, exist_ok=True)
        account.own(place.cluster)
        if account.works(place.cluster, postgres):
            return account
    raise ServerError(
        "PostgreSQL 不能以 root 身份运行，这里也用不了用户命名空间或系统用户。"
        "请改用普通用户运行，或设置 DATABASE_URL。"
        " PostgreSQL cannot run as root, and neither a user namespace nor a system user works here:"
        " run as a normal user, or set DATABASE_URL."
    )


def _candidates(place: Place) -> Iterator[Account]:
    if os.geteuid() != 0 and _named(os.geteuid()):
        yield Account()
    if unshare := shutil.which("unshare"):
        inside = next((u for u in pwd.getpwall() if u.pw_uid not in (0, OVERFLOW_UID)), None)
        uid = inside.pw_uid if inside else OVERFLOW_UID
        yield Account(prefix=(unshare, "--user", f"--map-user={uid}", f"--map-group={uid}", "--"))
    if os.geteuid() == 0:
        yield from (Account(user=user) for user in _system_users(place))


def _system_users(place: Place) -> Iterator[pwd.struct_passwd]:
    """Yield the owner of an existing cluster, else a known system user, else one made now."""
    owner = _named(place.cluster.stat().st_uid) if place.cluster.exists() else None
    if owner and owner.pw_uid != 0:
        yield owner
    known = [user for user in pwd.getpwall() if user.pw_name in SYSTEM_USERS and user.pw_uid != 0]
    yield from known
    if not known and (useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")):
        made = subprocess.run(  # noqa: S603 - our own words
            [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USERS[0]],
            check=False,
        )
        if made.returncode == 0:
            yield pwd.getpwnam(SYSTEM_USERS[0])


def _named(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None
