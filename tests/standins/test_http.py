"""The stand-in for HTTP providers does what its script says, and remembers what it was asked."""

from __future__ import annotations

import http.client
import time
from typing import Any

import pytest

from tests.standins.http import (
    HttpProvider,
    Request,
    answers,
    answers_slowly,
    breaks_off,
    never_answers,
    takes_and_resets,
    talks_garbage,
    too_many,
)


def post(provider: HttpProvider, *, timeout: float = 5) -> tuple[int, bytes, dict[str, str]]:
    """Send one request and return status, body and headers."""
    connection = http.client.HTTPConnection(provider.host, provider.port, timeout=timeout)
    try:
        connection.request("POST", "/send?a=1", b'{"to": 1}', {"X-Key": "k"})
        with connection.getresponse() as response:
            return response.status, response.read(), dict(response.getheaders())
    finally:
        connection.close()


def test_script_is_played_in_order_and_its_last_line_repeats() -> None:
    with HttpProvider([answers(500), too_many(3), answers(200, b"ok")]) as provider:
        seen = [post(provider) for _ in range(4)]
    assert [status for status, _, _ in seen] == [500, 429, 200, 200]
    assert seen[1][2]["Retry-After"] == "3"
    assert seen[3][1] == b"ok"


def test_requests_are_on_record() -> None:
    with HttpProvider() as provider:
        post(provider)
    (request,) = provider.received
    assert isinstance(request, Request)
    assert (request.method, request.path, request.body) == ("POST", "/send?a=1", b'{"to": 1}')
    assert request.headers["x-key"] == "k"


def test_slow_answer_arrives_whole_and_late() -> None:
    begun = time.monotonic()
    with HttpProvider([answers_slowly(200, b"{}", pause=0.005)]) as provider:
        assert post(provider)[1] == b"{}"
    assert time.monotonic() - begun > 0.2


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (never_answers, TimeoutError),
        (takes_and_resets, ConnectionResetError),
        (talks_garbage, http.client.BadStatusLine),
        (breaks_off, http.client.IncompleteRead),
    ],
)
def test_broken_exchange_fails_at_the_client_but_is_on_record(behaviour: Any, error: type[Exception]) -> None:
    with HttpProvider([behaviour]) as provider:
        with pytest.raises(error):
            post(provider, timeout=0.5)
        assert len(provider.received) == 1
