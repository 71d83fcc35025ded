"""What tests of the floor below the club need: committed rows that are gone afterwards, a journal of one's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from clubassist.core import journal


@pytest.fixture
def committed(transactional_db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the test commit; afterwards the queue is emptied too, which Django does not own and so does not flush."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs, procrastinate_workers cascade")


@pytest.fixture
def no_subscribers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal that nobody has subscribed to yet; the product's own subscribers are back after the test."""
    monkeypatch.setattr(journal, "_HANDLERS", {})
