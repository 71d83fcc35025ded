"""The portal as members use it: browsers without scripts that read English, at one fixed moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from clubassist.core.actor import Actor
from clubassist.domain.people.models import Account


@pytest.fixture(autouse=True)
def now(at: datetime) -> Iterator[datetime]:
    """The moment of every page: ten minutes after what tests do at `at`."""
    moment = at + timedelta(minutes=10)
    with time_machine.travel(moment, tick=False):
        yield moment


def english() -> Client:
    """Return a browser that reads English."""
    client = Client()
    client.cookies["lang"] = "en"
    return client


@pytest.fixture
def guest() -> Client:
    """A browser in which nobody is signed in."""
    return english()


def signed_in(member: Actor) -> Client:
    """Return a member's browser, signed in."""
    client = english()
    client.force_login(
        Account.objects.get(pk=member.account), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


@pytest.fixture
def anns_phone(ann: Actor) -> Client:
    """Ann's browser, signed in."""
    return signed_in(ann)
