"""The desk as colleagues use it: signed-in browsers without scripts, at one fixed moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from clubassist.domain.people.models import Account

Browser = Callable[[Account], Client]


@pytest.fixture(autouse=True)
def now(at: datetime) -> Iterator[datetime]:
    """The moment of every page: ten minutes after what tests do at `at`."""
    moment = at + timedelta(minutes=10)
    with time_machine.travel(moment, tick=False):
        yield moment


@pytest.fixture
def browser() -> Browser:
    """Make a browser in which a colleague is signed in."""

    def signed_in(account: Account) -> Client:
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


@pytest.fixture
def bos_desk(browser: Browser, bo_account: Account) -> Client:
    """Bo's browser."""
    return browser(bo_account)


@pytest.fixture
def cys_desk(browser: Browser, cy_account: Account) -> Client:
    """Cy's browser."""
    return browser(cy_account)


@pytest.fixture
def dees_desk(browser: Browser, dee_account: Account) -> Client:
    """Dee's browser: another club's."""
    return browser(dee_account)
