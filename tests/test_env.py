"""What the environment says, and what holds when it says nothing."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from pydantic import ValidationError

from clubassist.core import embedded
from clubassist.env import PREPARED, Env


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "CLUBASSIST_SECRET_KEY", "CLUBASSIST_PRODUCTION", "CLUBASSIST_KEK_FILE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.setenv("CLUBASSIST_DATA", str(tmp_path / "data"))


def test_empty_environment_means_the_embedded_server_in_the_data_folder(tmp_path: Path) -> None:
    entry = Env().database()
    settings = embedded.connection_settings(tmp_path / "data")
    assert entry["HOST"] == settings.host
    assert entry["PASSWORD"] == settings.password
    assert entry["OPTIONS"] == {"require_auth": "scram-sha-256"} | PREPARED


def test_database_url_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:p%40ss@db.example:6432/club?sslmode=verify-full")
    entry = Env().database()
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"]) == ("ann", "p@ss", "db.example")
    assert (entry["PORT"], entry["NAME"]) == ("6432", "club")
    assert entry["OPTIONS"] == {"sslmode": "verify-full"} | PREPARED


def test_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    monkeypatch.setenv("CLUBASSIST_SECRET_KEY_FILE", str(tmp_path / "secret"))
    assert Env().secret_key() == "from a file"


def test_secret_file_that_cannot_be_read_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUBASSIST_SECRET_KEY_FILE", "/no/such/file")
    with pytest.raises(ValidationError, match="This file cannot be read: /no/such/file"):
        Env()


def test_secret_is_generated_once_for_all_who_race(tmp_path: Path) -> None:
    found: set[str] = set()
    racers = [threading.Thread(target=lambda: found.add(Env().secret_key())) for _ in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert len(found) == 1
    assert len(found.pop()) >= 43
    kept = tmp_path / "data" / "secret.key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in kept.parent.iterdir()] == ["secret.key"]


def test_kek_file_lies_in_the_data_folder_unless_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert Env().kek_file == tmp_path / "data" / "kek.json"
    monkeypatch.setenv("CLUBASSIST_KEK_FILE", "/etc/clubassist/kek.json")
    assert Env().kek_file == Path("/etc/clubassist/kek.json")


def test_hosts_are_split_and_addresses_lose_their_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUBASSIST_ALLOWED_HOSTS", "club.example, www.club.example,")
    monkeypatch.setenv("CLUBASSIST_BASE_URL", "https://club.example/")
    assert Env().allowed_hosts == ["club.example", "www.club.example"]
    assert Env().base_url == "https://club.example"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLUBASSIST_PRODUCTION", "maybe"),
        ("CLUBASSIST_TIME_ZONE", "Mars/Olympus"),
        ("CLUBASSIST_SMS", "carrier pigeon"),
        ("CLUBASSIST_ACCESS_MONTHS", "5"),
    ],
)
def test_wrong_value_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name):
        Env()


def test_debug_is_refused_in_production() -> None:
    with pytest.raises(ValidationError, match="CLUBASSIST_DEBUG"):
        Env(production=True, debug=True)


def test_secrets_do_not_show_in_a_traceback() -> None:
    assert "hush" not in repr(Env(secret="hush", database_url="postgresql://u:hush@h/d"))
