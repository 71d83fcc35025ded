"""/healthz is green only while the database answers and every round is alive and content (B6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from clubassist.core.clock import database_now
from clubassist.core.models import Heartbeat
from clubassist.web.shared.health import SILENT_AFTER

pytestmark = [pytest.mark.django_db, pytest.mark.req("F49")]


def beat(name: str, *, ago: timedelta = timedelta(0), ok: bool = True) -> None:
    """Leave a heartbeat so long ago."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": database_now() - ago, "ok": ok})


@pytest.fixture
def all_beat(db: None) -> None:
    """Every round has just run."""
    for name in SILENT_AFTER:
        beat(name)


def health(client: Client) -> tuple[int, list[str]]:
    """Return status and what fails."""
    answer = client.get("/healthz")
    return answer.status_code, answer.json()["failing"]


@pytest.mark.usefixtures("all_beat")
def test_healthy_when_all_beat(client: Client) -> None:
    assert health(client) == (200, [])


@pytest.mark.usefixtures("all_beat")
@pytest.mark.parametrize("name", SILENT_AFTER)
def test_red_when_a_round_is_silent(client: Client, name: str) -> None:
    beat(name, ago=SILENT_AFTER[name] - timedelta(seconds=5))
    assert health(client) == (200, [])
    beat(name, ago=SILENT_AFTER[name] + timedelta(seconds=1))
    assert health(client) == (503, [name])


def test_auditor_may_be_silent_for_three_minutes_at_most() -> None:
    assert SILENT_AFTER["auditor"] == timedelta(minutes=3)


@pytest.mark.usefixtures("all_beat")
def test_red_when_a_round_fails(client: Client) -> None:
    beat("auditor", ok=False)
    assert health(client) == (503, ["auditor"])


def test_red_before_anything_ever_ran(client: Client) -> None:
    assert health(client) == (503, list(SILENT_AFTER))


def test_ready_as_soon_as_the_database_answers(client: Client) -> None:
    assert client.get("/readyz").json() == {"ready": True}


@pytest.mark.usefixtures("all_beat")
def test_health_says_nothing_but_names_of_rounds(client: Client) -> None:
    assert client.get("/healthz").json() == {"healthy": True, "failing": []}
