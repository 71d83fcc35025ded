"""Today: nearest clocks, notices, silence, figures; every role finds its way."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import promise_contact, reply
from clubassist.domain.cases.models import Case
from clubassist.domain.channels.models import StaffNotice
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from clubassist.domain.people.roles import ROLES
from tests.makers.cases import make_case
from tests.makers.people import make_account
from tests.web.desk.conftest import Browser


def make_notice(account: Account, case: Case, cause: str, at: datetime) -> StaffNotice:
    """Return an unread notice."""
    return StaffNotice.objects.create(
        account=account, code="alarm-100", kind="case", subject=case.number, cause=cause, at=at
    )


@pytest.mark.parametrize("role", ROLES)
def test_today_opens_for_every_role_with_its_own_sections(
    role: str, browser: Browser, club: Club, at: datetime
) -> None:
    make_case(club, at=at)
    text = browser(make_account(role, role, club)).get("/").content.decode()
    works = role in ("agent", "service_manager", "coach", "technician")
    assert ('href="/cases/"' in text) is works
    assert ('href="/members/"' in text) is (role in ("agent", "service_manager"))
    assert ('href="/access-log/"' in text) is (role in ("service_manager", "it_security", "auditor"))
    assert 'href="/rules/"' in text


def test_today_costs_the_same_with_one_and_three_rows(
    bos_desk: Client, bo_account: Account, club: Club, at: datetime
) -> None:
    make_notice(bo_account, make_case(club, at=at - timedelta(hours=60)), "a", at)
    with CaptureQueriesContext(connection) as one:
        bos_desk.get("/")
    for cause in "bc":
        make_notice(bo_account, make_case(club, at=at - timedelta(hours=60)), cause, at)
    with CaptureQueriesContext(connection) as three:
        bos_desk.get("/")
    assert len(one) == len(three) <= 10


@pytest.mark.req("B03")
def test_today_lists_promised_contacts_that_are_due(
    bos_desk: Client, bo: Actor, club: Club, at: datetime
) -> None:
    due, later = make_case(club, at=at), make_case(club, at=at)
    promise_contact(case=due, contact_at=at + timedelta(minutes=5), actor=bo, at=at)
    promise_contact(case=later, contact_at=at + timedelta(hours=5), actor=bo, at=at)
    page = bos_desk.get("/", {"lang": "en"})
    assert [item.number for item in page.context["contacts"]] == [due.number]
    assert "promised for today 12:05" in page.content.decode()


def test_today_says_a_promised_contact_in_the_clubs_time(
    bos_desk: Client, bo: Actor, club: Club, at: datetime
) -> None:
    Club.objects.filter(pk=club.pk).update(zone="Europe/London")
    promise_contact(case=make_case(club, at=at), contact_at=at + timedelta(minutes=5), actor=bo, at=at)
    assert "promised for today 04:05" in bos_desk.get("/", {"lang": "en"}).content.decode()


def test_today_figures_count_cases_received_today(
    bos_desk: Client, bo: Actor, club: Club, at: datetime
) -> None:
    answered = make_case(club, at=at)
    reply(case=answered, text="收到。", actor=bo, at=at)
    make_case(club, at=at)
    make_case(club, at=at, kind="praise_or_other")
    make_case(club, at=at - timedelta(hours=13))
    figures = bos_desk.get("/").context["figures"]
    assert (figures.received, figures.answered, figures.timed, figures.solved) == (3, 1, 2, 0)


def test_today_says_so_when_nothing_came(bos_desk: Client) -> None:
    assert "No case received yet today." in bos_desk.get("/", {"lang": "en"}).content.decode()


def test_read_notices_leaves_newer_ones_and_those_of_others(
    bos_desk: Client, bo_account: Account, cy_account: Account, club: Club, at: datetime
) -> None:
    case = make_case(club, at=at)
    seen = make_notice(bo_account, case, "a", at)
    newer = make_notice(bo_account, case, "b", at)
    others = make_notice(cy_account, case, "a", at)
    assert bos_desk.post("/notices/read/", {"until": seen.pk}).status_code == 302
    bos_desk.post("/notices/read/", {"until": others.pk})
    bos_desk.post("/notices/read/", {"until": "\0"})
    unread = set(StaffNotice.objects.filter(read_at=None).values_list("pk", flat=True))
    assert unread == {newer.pk, others.pk}


def test_read_notices_is_no_get(bos_desk: Client) -> None:
    assert bos_desk.get("/notices/read/").status_code == 405
