"""What a first visit costs (design budgets, gzipped): phone pages must open on a bad line, desk pages at once."""

from __future__ import annotations

import gzip
from typing import Final

import pytest
from playwright.sync_api import Page, Response

from tests.journeys.conftest import Window
from tests.journeys.screens import FACES, Screen
from tests.journeys.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("browser")]

KILOBYTE: Final = 1024
PHONE: Final = (40, 6)
STAFF: Final = (130, 9)
"""The most kilobytes and requests."""

VISITED: Final = {
    screen: face
    for face in FACES.values()
    for screen in face.screens
    if screen.name in ("case", "rules", "call", "login-code", "report", "matter", "promise")
}


def first_visit(page: Page, address: str) -> tuple[float, int]:
    """Open `address` with an empty cache; return its weight in kilobytes, gzipped, and its number of requests."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address, wait_until="load")
    weight = sum(len(gzip.compress(answer.body(), 9)) for answer in answers if answer.ok)
    return weight / KILOBYTE, len(answers)


@pytest.mark.parametrize("screen", VISITED, ids=lambda screen: screen.name)
def test_first_visit_is_light(screen: Screen, window: Window, site: Site) -> None:
    who = VISITED[screen].who
    before = window(who)
    screen.open(before, site)
    weight, requests = first_visit(window(who), before.url)
    most, most_requests = STAFF if who else PHONE
    assert weight <= most
    assert requests <= most_requests
