"""One key, one effect: retries, reuse, requests in flight, and what a refusal leaves behind (reliability C6)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, connections

from clubassist.core.models import Answer
from clubassist.domain.cases.models import Case
from clubassist.domain.channels.models import Message
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from tests.makers.cases import make_case
from tests.makers.people import make_account
from tests.web.api.tokens import token_of

Call = Callable[..., Any]
REPORT = {"club": "main", "kind": "inquiry", "narrative": "周日几点关门？"}


def test_the_same_key_and_body_gives_the_same_answer(club: Club, bo_token: str, post: Call) -> None:
    first, second = (post("/intake", bo_token, REPORT, key="k1") for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert Case.objects.count() == 1


def test_the_same_key_with_another_body_or_address_is_refused(
    club: Club, at: datetime, bo_token: str, post: Call
) -> None:
    case = make_case(club, at=at)
    post("/intake", bo_token, REPORT, key="k1")
    other_body = post("/intake", bo_token, REPORT | {"narrative": "别的事"}, key="k1")
    other_path = post(f"/tasks/{case.tasks.earliest('pk').pk}/done", bo_token, REPORT, key="k1")
    for answer in (other_body, other_path):
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
        assert answer.json()["field"] == "Idempotency-Key"


def test_another_callers_key_is_independent(
    club: Club, bo_token: str, cy_account: Account, post: Call
) -> None:
    first, second = (
        post("/intake", token, REPORT, key="k1").json() for token in (bo_token, token_of(cy_account))
    )
    assert first["number"] != second["number"]


@pytest.mark.parametrize("key", ["", "k" * 101, "tab\tkey"])
def test_a_write_needs_a_key(club: Club, bo_token: str, post: Call, key: str) -> None:
    headers = {"Idempotency-Key": key}
    answer = post("/intake", bo_token, REPORT, **headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-invalid")
    assert not Case.objects.exists()


def test_a_request_in_flight_is_not_done_twice(
    club: Club, bo_account: Account, bo_token: str, post: Call
) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute(
                "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"staff:{bo_account.pk}\nk1"]
            )
            answer = post("/intake", bo_token, REPORT, key="k1")
            assert (answer.status_code, answer.json()["code"]) == (409, "request-in-progress")
            cursor.execute("rollback")  # answered once the lock is free; a close alone is not waited for
    finally:
        other.close()
    assert post("/intake", bo_token, REPORT, key="k1").status_code == 201


def test_a_refusal_is_not_kept_so_the_mended_request_may_use_the_key(
    club: Club, at: datetime, bo_token: str, post: Call
) -> None:
    case = make_case(club, at=at)
    refused = post(f"/cases/{case.number}/replies", bo_token, {"text": " "}, key="k1")
    assert (refused.status_code, refused.json()["field"]) == (422, "text")
    assert not Answer.objects.exists()
    assert post(f"/cases/{case.number}/replies", bo_token, {"text": "在看。"}, key="k1").status_code == 201


def test_a_repeated_reply_is_sent_once(club: Club, at: datetime, bo_token: str, post: Call) -> None:
    case = make_case(club, at=at)
    for _ in range(3):
        assert (
            post(f"/cases/{case.number}/replies", bo_token, {"text": "在看。"}, key="k1").status_code == 201
        )
    assert Message.objects.filter(direction="out").count() == 1


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_key_have_one_effect(club: Club, post: Call) -> None:
    token = token_of(make_account("racer", "agent", club))

    def attempt(_: int) -> tuple[int, Any]:
        try:
            answer = post("/intake", token, REPORT, key="race")
            return answer.status_code, answer.json()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(attempt, range(8)))
    assert {status for status, _ in answers} <= {201, 409}
    assert len({body["number"] for status, body in answers if status == 201}) == 1
    assert Case.objects.count() == Answer.objects.count() == 1
