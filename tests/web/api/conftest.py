"""Tokens of the personas, and the one way tests call the API."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account
from tests.makers.people import make_account
from tests.web.api.tokens import token_of, token_of_member


@pytest.fixture
def bo_token(bo_account: Account) -> str:
    """Bo's token with everything an agent may do."""
    return token_of(bo_account)


@pytest.fixture
def dee_token(dee_account: Account) -> str:
    """Dee's token with everything an agent may do, at another club."""
    return token_of(dee_account)


@pytest.fixture
def site_token(club: Club) -> str:
    """The token of the club's website: it may only hand reports in."""
    return token_of(make_account("site", "agent", club), frozenset({"case.open"}))


@pytest.fixture
def ann_token(ann_person: Person) -> str:
    """Ann's token for what is her own."""
    return token_of_member(ann_person)


@pytest.fixture
def get(db: None) -> Callable[..., Any]:
    """Read an address below /api/v1 as the holder of a token."""

    def call(path: str, token: str, **headers: str) -> Any:
        return Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}", **headers})

    return call


@pytest.fixture
def post(db: None) -> Callable[..., Any]:
    """Write below /api/v1 as the holder of a token, with a key of its own unless one is given; text goes as it is."""

    def call(path: str, token: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        return Client().post(
            f"/api/v1{path}",
            body if isinstance(body, str | bytes) else json.dumps({} if body is None else body),
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {token}",
                "Idempotency-Key": key or str(uuid.uuid4()),
                **headers,
            },
        )

    return call
