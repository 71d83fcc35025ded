"""Whatever has happened, each figure is what the rows behind it make it, live and frozen (F63)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clubassist.core import jobs
from clubassist.core.actor import SYSTEM, Actor
from clubassist.domain.cases.models import Case
from clubassist.domain.club.models import Club
from clubassist.domain.insight.actions import DAYS, freeze_month
from clubassist.domain.members.models import Person
from clubassist.pure.figures import Release, closes, month_span
from tests.domain.insight.histories import HISTORIES, Cast, History, live_through
from tests.domain.insight.recount import assert_adds_up, figures

NOVEMBER = date(2026, 11, 1)
steady = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def cast(club: Club, ann_person: Person, ann: Actor, bo: Actor, cy: Actor) -> Cast:
    """Ann tells, Bo asks, Cy acts."""
    return Cast(club, ann_person, ann, bo, cy)


@pytest.mark.req("F63", "A02", "A05", "A13")
@steady
@given(histories=HISTORIES)
def test_live_figures_are_what_their_rows_make_them(cast: Cast, histories: list[History]) -> None:
    at = datetime(2026, 12, 3, 5, tzinfo=UTC)
    with transaction.atomic():
        live_through(histories, cast, until=at)
        assert_all_add_up(cast, at)
        transaction.set_rollback(True)


@pytest.mark.req("F63", "A05")
@steady
@given(histories=HISTORIES, release=st.sampled_from(list(DAYS)))
def test_frozen_figures_are_what_their_rows_make_them_whatever_comes_later(
    cast: Cast, histories: list[History], release: Release
) -> None:
    closed = closes(NOVEMBER, DAYS[release], cast.club.zone)
    later = closed + timedelta(days=29 if release is Release.PROVISIONAL else 90)

    def freeze(at: datetime) -> None:
        if at >= closed:
            freeze_month(club=cast.club, month=NOVEMBER, release=release, actor=SYSTEM, at=at)
            jobs.drain(at=at)

    with transaction.atomic():
        live_through(histories, cast, until=later, before_each=freeze)
        freeze(later)
        assert_all_add_up(cast, later)
        transaction.set_rollback(True)


def assert_all_add_up(cast: Cast, at: datetime) -> None:
    """Assert that every figure of November adds up, and that each case is behind its kind's figures once."""
    start, end = month_span(NOVEMBER, cast.club.zone)
    received = Case.objects.filter(received_at__gte=start, received_at__lt=end, merged_into=None)
    wanted = set(received.filter(kind__startswith="complaint.").values_list("number", flat=True))
    found = list(figures(cast.club, actor=cast.manager, at=at, month=NOVEMBER))
    assert {figure.measure.formula for figure, _rows in found} >= {
        "handling",
        "satisfaction",
        "response_time",
    }
    for figure, rows in found:
        assert_adds_up(figure, rows)
        if figure.measure.formula in ("handling", "resolution", "reopening", "satisfaction"):
            assert {row.number for part in rows.values() for row in part} == wanted
