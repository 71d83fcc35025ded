"""Following a matter by number and code: one answer to everything wrong, and a limit."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from clubassist.core import tokens
from clubassist.domain.club.models import Club
from tests.makers.cases import make_case, open_one
from tests.web.portal.conftest import english


def answer(client: Client, number: str, code: str) -> str:
    """Return the page of a wrong try without what the reader typed and the form's own token."""
    response = client.post("/m/track/", {"number": number, "code": code})
    assert response.status_code == 422
    return re.sub(r'value="[^"]*"', "", response.content.decode())


def test_track_answers_wrong_number_and_wrong_code_alike(guest: Client, club: Club, at: datetime) -> None:
    opened, other = open_one(club, at=at), make_case(club, at=at)
    expired = tokens.issue(
        "track", subject=("case", str(opened.case.pk)), at=at, expires=at + timedelta(minutes=1)
    )
    tries = [
        (opened.case.number, "0" * 26),
        (opened.case.number, expired),
        (other.number, opened.track_code),
        ("GD-99999999", opened.track_code),
        ("GD-99999999", "0" * 26),
        ("' or 1=1 --", "’"),
    ]
    assert len({answer(guest, number, code) for number, code in tries}) == 1


def test_track_refuses_nul_and_empty_fields(guest: Client, club: Club) -> None:
    assert guest.post("/m/track/", {"number": "GD\x00", "code": "a\x00"}).status_code == 422
    assert guest.post("/m/track/", {}).status_code == 422


def test_track_lets_an_address_wait_after_ten_wrong_tries(club: Club, at: datetime, now: datetime) -> None:
    opened = open_one(club, at=at)
    right = {"number": opened.case.number, "code": opened.track_code}
    wrong = right | {"code": "0" * 26}
    attacker = english()
    assert attacker.post("/m/track/", right).status_code == 302, "a right answer costs nothing"
    assert [attacker.post("/m/track/", wrong).status_code for _ in range(11)] == [422] * 10 + [429]
    refused = attacker.post("/m/track/", right)
    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    assert english().post("/m/track/", right, REMOTE_ADDR="192.0.2.7").status_code == 302
    with time_machine.travel(now + timedelta(minutes=10, seconds=1), tick=False):
        assert attacker.post("/m/track/", right).status_code == 302


@pytest.mark.parametrize("code", ["0" * 26, "x", "a-b-c", "z" * 300])
def test_link_that_opens_nothing_says_how_to_go_on(code: str, guest: Client, club: Club) -> None:
    response = guest.get(f"/t/{code}/")
    assert response.status_code == 404
    assert 'href="/m/track/"' in response.content.decode()
    assert guest.post(f"/t/{code}/write/", {"text": "您好"}).status_code == 404
