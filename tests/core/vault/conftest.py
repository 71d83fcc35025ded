"""A key file of its own for every test of the vault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from clubassist.core import vault
from clubassist.core.vault import keys
from clubassist.env import env


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Point the installation at a key file that does not exist yet."""
    path = tmp_path / "keys" / "kek.json"
    monkeypatch.setenv("CLUBASSIST_KEK_FILE", str(path))
    env.cache_clear()
    keys.forget_all()
    yield path
    monkeypatch.undo()
    env.cache_clear()
    keys.forget_all()


@pytest.fixture
def production(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what turns the installation into a production one."""

    def switch() -> None:
        monkeypatch.setenv("CLUBASSIST_PRODUCTION", "1")
        monkeypatch.setenv("CLUBASSIST_SECRET_KEY", "k" * 40)
        monkeypatch.setenv("CLUBASSIST_BASE_URL", "https://service.example.com")
        monkeypatch.setenv("CLUBASSIST_SMS", "none")
        env.cache_clear()

    return switch


@pytest.fixture
def owner(db: None, at: datetime) -> UUID:
    """Somebody with a key."""
    someone = uuid4()
    vault.create_owner(someone, at=at)
    return someone
