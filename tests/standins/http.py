"""A scripted HTTP provider: text messages, WeChat, webhooks.

with HttpProvider([answers(500), answers(200, b'{"id": 7}')]) as provider:
    ...  # calls provider.url
assert [request.path for request in provider.received] == ["/send", "/send"]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from tests.standins.loopback import Behaviour, Link, StandIn


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def answers(status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> Behaviour:
    """Answer properly; a body that is no JSON is the 200 with garbage."""
    return lambda link: link.send(_response(status, body, headers or {}))


def too_many(seconds: int = 1) -> Behaviour:
    """Answer 429 and say when to come back."""
    return answers(429, b"", {"Retry-After": str(seconds)})


def answers_slowly(status: int = 200, body: bytes = b"{}", *, pause: float = 0.05) -> Behaviour:
    """Answer one byte at a time."""
    return lambda link: link.trickle(_response(status, body, {}), pause=pause)


def never_answers(link: Link) -> None:
    """Take the request and say nothing: the client has to time out."""
    link.stay_silent()


def takes_and_resets(link: Link) -> None:
    """Take the request, do what was asked as far as anybody knows, and break the connection."""
    link.reset()


def talks_garbage(link: Link) -> None:
    """Answer something that is not HTTP."""
    link.send(b"\x00\xff\x13 nonsense \r\n\r\n")


def breaks_off(link: Link) -> None:
    """Promise a longer body than comes."""
    link.send(_response(200, b"x" * 100, {})[:-50])


def _response(status: int, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    fixed = {"Content-Length": str(len(body)), "Connection": "close"}
    lines += [f"{name}: {value}" for name, value in (headers | fixed).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class HttpProvider(StandIn[Request]):
    """Takes one request for each connection and behaves as the script says."""

    def __init__(self, script: Sequence[Behaviour] = (answers(200, b"{}"),)) -> None:
        super().__init__(script)
        self.url = f"http://{self.host}:{self.port}"

    def converse(self, link: Link) -> None:
        """Read one request, keep it, behave."""
        request = _read(link)
        if request is not None:
            self.keep(request)(link)


def _read(link: Link) -> Request | None:
    first = link.file.readline().decode("latin-1").split()
    if len(first) != 3:
        return None
    headers: dict[str, str] = {}
    while line := link.file.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = link.file.read(int(headers.get("content-length", "0")))
    return Request(first[0], first[1], headers, body)
