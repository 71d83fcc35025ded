"""The demo never touches what is not its own."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
import typer
from django.db import connection
from pytest_django import Settings

from clubassist.cli import serving
from clubassist.domain.club.models import Club
from tests.cli.test_boot import GOOD

pytestmark = pytest.mark.django_db


class Touched(AssertionError):
    """The demo went on to change the database."""


@pytest.fixture
def demo_here(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Let the demo meet the test's database and stop where it would first change it."""

    def touch() -> None:
        raise Touched

    for name in ("CLUBASSIST_DEMO", "CLUBASSIST_BASE_URL"):
        monkeypatch.setenv(name, "")
    settings.BASE_URL = ""
    monkeypatch.setattr(serving, "database", nullcontext)
    monkeypatch.setattr(serving, "emptied", touch)
    monkeypatch.setattr(serving, "migrated", touch)


@pytest.mark.usefixtures("demo_here")
@pytest.mark.parametrize("fresh", [False, True])
def test_demo_leaves_other_clubs_alone(club: Club, fresh: bool) -> None:
    with pytest.raises(typer.Exit) as refused:
        serving.demo(fresh=fresh)
    assert refused.value.exit_code == 2


@pytest.mark.usefixtures("demo_here")
def test_fresh_demo_leaves_the_tables_of_others_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("alter table club_club rename to somebody_elses")
    with pytest.raises(typer.Exit) as refused:
        serving.demo(fresh=True)
    assert refused.value.exit_code == 2
    with pytest.raises(Touched):
        serving.demo()


@pytest.mark.usefixtures("demo_here")
@pytest.mark.parametrize("fresh", [False, True])
def test_demo_takes_its_own_database(fresh: bool) -> None:
    with pytest.raises(Touched):
        serving.demo(fresh=fresh)


def test_demo_refuses_production_before_it_asks_for_a_database(tmp_path: Path) -> None:
    environment = (
        os.environ | GOOD | {"CLUBASSIST_DATA": str(tmp_path), "DATABASE_URL": "postgresql:///nowhere"}
    )
    run = subprocess.run(
        [sys.executable, "-m", "clubassist.cli", "demo", "--fresh"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, "production" in run.stderr) == (2, True)
