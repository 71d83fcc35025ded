"""The rules as colleagues read them, at one fixed moment late in November."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from tests.makers.people import make_account

NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
Read = Callable[..., str]
Browser = Callable[[Account], Client]


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    """The moment of every page."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def read() -> Read:
    """Open a page as a colleague, in English unless asked otherwise, and return its HTML."""

    def opened(account: Account, address: str, *, lang: str = "en", status: int = 200) -> str:
        client = Client()
        client.cookies["lang"] = lang
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        response = client.get(address)
        assert response.status_code == status
        return response.content.decode()

    return opened


@pytest.fixture
def browser() -> Browser:
    """Make a browser in which a colleague is signed in and reads English."""

    def signed_in(account: Account) -> Client:
        client = Client()
        client.cookies["lang"] = "en"
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


@pytest.fixture
def eve_account(club: Club) -> Account:
    """A second manager of Cy's club."""
    return make_account("eve", "management", club, name="Eve")
