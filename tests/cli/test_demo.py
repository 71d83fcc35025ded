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
from tests.makers.people import make_account

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
@pytest.mark.parametrize("fresh", [False, True])
def test_demo_leaves_the_tables_of_others_alone(fresh: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("create table invoices ()")
    with pytest.raises(typer.Exit) as refused:
        serving.demo(fresh=fresh)
    assert refused.value.exit_code == 2


@pytest.mark.usefixtures("demo_here")
@pytest.mark.parametrize("fresh", [False, True])
def test_demo_leaves_accounts_alone_that_have_no_club_yet(fresh: bool) -> None:
    make_account("boss", "management", None)
    with pytest.raises(typer.Exit) as refused:
        serving.demo(fresh=fresh)
    assert refused.value.exit_code == 2


@pytest.mark.usefixtures("demo_here")
@pytest.mark.parametrize("fresh", [False, True])
def test_demo_goes_on_with_a_schema_that_was_still_being_made(fresh: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("drop table club_club cascade")
    with pytest.raises(Touched):
        serving.demo(fresh=fresh)


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
