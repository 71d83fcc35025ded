"""What every test may use: one database server for the run, personas, and the requirement mark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test.utils import override_settings

from clubassist.core.actor import Actor
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import staff_actor
from tests.makers.clubs import make_club
from tests.makers.people import actor_of_member, make_account, make_member

pytest_plugins = ["tests.conftest_database"]

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
"""A Saturday, 12:00 in Shanghai."""


@pytest.fixture(autouse=True, scope="session")
def _quick_sign_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Argon2 is slow on purpose and the suite signs in hundreds of times; second factors have tests of their own.

    Files that tests send are kept in a folder of the run.
    """
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    folder = tmp_path_factory.mktemp("files")
    with override_settings(PASSWORD_HASHERS=quick, DEMO=True, FILES_FOLDER=folder):
        yield


@pytest.fixture
def at() -> datetime:
    """The moment at which tests act unless they say otherwise."""
    return NOON


@pytest.fixture
def club(db: None) -> Club:
    """The club of Ann, Bo and Cy, with all three packs in force."""
    return make_club()


@pytest.fixture
def other_club(db: None) -> Club:
    """Dee's club."""
    return make_club(code="other", name="另一家俱乐部", name_en="Another Club")


@pytest.fixture
def ann_person(club: Club) -> Person:
    """Ann's file."""
    return make_member(club, name="安然", phone="13800138000")


@pytest.fixture
def ann(ann_person: Person) -> Actor:
    """Ann, a member: sees what is hers."""
    return actor_of_member(ann_person)


@pytest.fixture
def bo_account(club: Club) -> Account:
    """Bo's account."""
    return make_account("bo", "agent", club)


@pytest.fixture
def bo(bo_account: Account) -> Actor:
    """Bo, an agent at the club."""
    return staff_actor(bo_account)


@pytest.fixture
def cy_account(club: Club) -> Account:
    """Cy's account."""
    return make_account("cy", "service_manager", club)


@pytest.fixture
def cy(cy_account: Account) -> Actor:
    """Cy, the service manager at the club."""
    return staff_actor(cy_account)


@pytest.fixture
def dee_account(other_club: Club) -> Account:
    """Dee's account."""
    return make_account("dee", "agent", other_club)


@pytest.fixture
def dee(dee_account: Account) -> Actor:
    """Dee, an agent at another club: must see nothing of this one."""
    return staff_actor(dee_account)
