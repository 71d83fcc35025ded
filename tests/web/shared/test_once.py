"""A form that is sent twice acts once."""

from __future__ import annotations

import threading
import uuid
from datetime import datetime

import pytest
from django.db import connections
from django.http import HttpRequest
from django.test import RequestFactory

from clubassist.core.refusal import Conflict, Refused
from clubassist.web.shared.once import key_of, once


def sent(key: str, text: str = "二号场") -> HttpRequest:
    """Return the form as it arrives; the token differs from page to page."""
    return RequestFactory().post(
        "/m/report/", {"once": key, "text": text, "csrfmiddlewaretoken": uuid.uuid4().hex}
    )


def test_once_acts_once_for_a_key(db: None, at: datetime) -> None:
    key, acts = str(uuid.uuid4()), iter((7, 8))
    assert [once(sent(key), lambda: next(acts), form="report", at=at) for _ in range(2)] == [7, 7]
    assert once(sent(key), lambda: next(acts), form="write", at=at) == 8, "another form has keys of its own"


def test_once_refuses_other_content_under_the_same_key(db: None, at: datetime) -> None:
    key = str(uuid.uuid4())
    once(sent(key), lambda: 7, form="report", at=at)
    with pytest.raises(Conflict, match="sent-already"):
        once(sent(key, "更衣室"), lambda: 8, form="report", at=at)


def test_once_keeps_nothing_of_a_refused_act(db: None, at: datetime) -> None:
    key = str(uuid.uuid4())

    def refuse() -> int:
        raise Refused("no", mend="")

    with pytest.raises(Refused, match="no"):
        once(sent(key), refuse, form="report", at=at)
    assert once(sent(key), lambda: 7, form="report", at=at) == 7


@pytest.mark.parametrize("key", ["", "x", "\x00"])
def test_once_takes_a_form_without_a_key_as_new(key: str, db: None, at: datetime) -> None:
    assert len(uuid.UUID(key_of(sent(key))).hex) == 32
    acts = iter((7, 8))
    assert [once(sent(key), lambda: next(acts), form="report", at=at) for _ in range(2)] == [7, 8]


@pytest.mark.django_db(transaction=True)
def test_once_waits_for_a_twin_at_work(at: datetime) -> None:
    key, working, go = str(uuid.uuid4()), threading.Event(), threading.Event()
    results: list[int] = []

    def slow() -> int:
        working.set()
        assert go.wait(20)
        return 7

    def click(*, first: bool) -> None:
        results.append(once(sent(key), slow if first else lambda: 8, form="report", at=at))
        connections.close_all()

    clicks = [threading.Thread(target=click, kwargs={"first": first}) for first in (True, False)]
    clicks[0].start()
    assert working.wait(20)
    clicks[1].start()
    clicks[1].join(0.3)
    assert clicks[1].is_alive(), "it waits"
    go.set()
    for thread in clicks:
        thread.join(20)
    assert results == [7, 7]
