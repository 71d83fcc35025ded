"""The rules as colleagues read them, at one fixed moment late in November."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from clubassist.domain.people.models import Account

NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
Read = Callable[..., str]


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
