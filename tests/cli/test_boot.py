"""A production start refuses what would put people's data at risk, in words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from clubassist.env import Env

GOOD = {
    "CLUBASSIST_PRODUCTION": "1",
    "CLUBASSIST_SECRET_KEY": "k" * 40,
    "CLUBASSIST_BASE_URL": "https://service.example.com",
    "CLUBASSIST_SMS": "none",
    "DATABASE_URL": "postgresql:///x",
}


def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **changes: str) -> Env:
    for name, value in {**GOOD, "CLUBASSIST_DATA": str(tmp_path), **changes}.items():
        monkeypatch.setenv(name, value)
    return Env()


def test_production_takes_a_good_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert read(monkeypatch, tmp_path).production


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLUBASSIST_DEBUG", "1"),
        ("CLUBASSIST_DEMO", "1"),
        ("CLUBASSIST_SECRET_KEY", "short"),
        ("CLUBASSIST_SECRET_KEY", ""),
        ("CLUBASSIST_BASE_URL", "http://service.example.com"),
        ("CLUBASSIST_SMS", "print"),
    ],
)
def test_production_refuses_what_is_for_trying_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        read(monkeypatch, tmp_path, **{name: value})
    assert name in str(refused.value)


def test_serve_refuses_a_generated_key_and_says_the_mend(database_url: str, tmp_path: Path) -> None:
    environment = os.environ | GOOD | {"CLUBASSIST_DATA": str(tmp_path), "DATABASE_URL": database_url}
    run = subprocess.run(
        [sys.executable, "-m", "clubassist.cli", "serve", "--port", "1"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 1
    assert "new-key" in run.stderr
    assert "fsync" in run.stderr, "the test server runs without fsync, which production refuses"


def test_command_says_in_a_sentence_what_is_wrong_with_the_environment(tmp_path: Path) -> None:
    environment = os.environ | {
        "CLUBASSIST_SECRET_KEY_FILE": str(tmp_path / "none"),
        "CLUBASSIST_DATA": str(tmp_path),
    }
    run = subprocess.run(
        [sys.executable, "-m", "clubassist.cli", "vault", "new-key", str(tmp_path / "kek.json")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2
    assert "CLUBASSIST_SECRET_KEY_FILE" in run.stderr
    assert "Traceback" not in run.stderr
