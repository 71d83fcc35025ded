"""Every no is problem+json that says how to mend it, in the language asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from clubassist.core import clock
from clubassist.core.models import Access
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account, ApiToken
from tests.makers.cases import make_case
from tests.web.api.tokens import token_of

Call = Callable[..., Any]
REPORT = {"club": "main", "kind": "inquiry", "narrative": "周日几点关门？"}


def problem_of(answer: Any, status: int) -> dict[str, Any]:
    """Return the problem after checking its form."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["mend"]
    return body


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer ca_wrong", "Basic Ym86cHc=", "Bearer \xff"]
)
def test_without_a_token_nothing_opens(club: Club, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = Client().get("/api/v1/cases", headers=headers)
    assert problem_of(answer, 401)["code"] == "token-invalid"
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_session_opens_nothing(club: Club, bo_account: Account) -> None:
    client = Client()
    client.force_login(bo_account)
    problem_of(client.get("/api/v1/cases"), 401)


@pytest.mark.req("F25")
def test_an_ended_token_is_worth_nothing(club: Club, bo_account: Account, get: Call) -> None:
    hour_ago = clock.now() - timedelta(hours=1)
    for change in ({"revoked_at": hour_ago}, {"expires_at": hour_ago}):
        token = token_of(bo_account)
        assert get("/cases", token).status_code == 200
        ApiToken.objects.filter(account=bo_account).update(**change)
        problem_of(get("/cases", token), 401)
    token = token_of(bo_account)
    bo_account.is_active = False
    bo_account.save()
    problem_of(get("/cases", token), 401)


@pytest.mark.req("F25")
def test_a_role_that_ended_ends_in_the_token_too(
    club: Club, bo_account: Account, bo_token: str, get: Call
) -> None:
    bo_account.grants.update(ended_at=clock.now())
    problem_of(get("/cases", bo_token), 403)


@pytest.mark.req("F25")
def test_a_token_without_the_scope_is_refused_and_the_try_is_logged(
    club: Club, site_token: str, get: Call
) -> None:
    assert problem_of(get("/cases", site_token), 403)["code"] == "scope-missing"
    assert Access.objects.values_list("deed", "kind", "scope").get() == ("denied", "api", club.pk)


@pytest.mark.req("F25")
def test_a_colleagues_try_at_another_clubs_case_is_logged(
    club: Club, at: datetime, dee_token: str, ann_token: str, get: Call
) -> None:
    case = make_case(club, at=at)
    problem_of(get(f"/cases/{case.number}", dee_token), 404)
    looks = Access.objects.values_list("deed", "subject")
    assert list(looks) == [("denied", f"/api/v1/cases/{case.number}")]
    problem_of(get("/me/cases/GD-9", ann_token), 404)
    assert looks.count() == 1  # a member who mistypes is no intruder


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"9" * 5_000, b'{"text": }'])
def test_a_body_that_is_no_json_is_refused(club: Club, bo_token: str, post: Call, body: bytes) -> None:
    answer = post("/intake", bo_token, body)
    problem_of(answer, 422 if body in (b"",) else 400)


@pytest.mark.parametrize("body", ["[]", '"text"', "null", "1", "[[]]"])
def test_a_body_that_is_no_object_is_refused(club: Club, bo_token: str, post: Call, body: str) -> None:
    problem_of(post("/intake", bo_token, body), 422)


def test_a_huge_body_is_not_read(club: Club, bo_token: str, post: Call) -> None:
    huge = json.dumps(REPORT | {"narrative": "a" * (1024 * 1024)})
    assert problem_of(post("/intake", bo_token, huge), 413)["code"] == "body-too-large"


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"]
)
def test_a_body_of_another_type_is_refused(club: Club, bo_token: str, kind: str) -> None:
    headers = {"Authorization": f"Bearer {bo_token}", "Idempotency-Key": "k"}
    answer = Client().post("/api/v1/intake", json.dumps(REPORT), content_type=kind, headers=headers)
    problem_of(answer, 415)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("put", "/cases", "GET"),
        ("post", "/cases", "GET"),
        ("head", "/cases", "GET"),
        ("options", "/cases", "GET"),
        ("get", "/intake", "POST"),
        ("delete", "/cases/GD-1001", "GET"),
    ],
)
def test_a_wrong_method_names_the_right_ones(db: None, method: str, path: str, allowed: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method.upper(), f"/api/v1{path}")
    assert (answer.status_code, answer["Allow"]) == (405, allowed)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["get", "post", "put"])
@pytest.mark.parametrize("path", ["", "nothing", "cases/", "cases/GD-1/nothing", "docs"])
def test_an_unknown_address_is_a_problem_too(db: None, method: str, path: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method.upper(), f"/api/v1/{path}")
    assert problem_of(answer, 404)["code"] == "address-unknown"


@pytest.mark.parametrize("number", ["gd-1", "GD-", "GD1", "GD-1%00", "%20", "GD-" + "1" * 30])
def test_a_number_that_cannot_be_is_refused(club: Club, bo_token: str, get: Call, number: str) -> None:
    assert problem_of(get(f"/cases/{number}", bo_token), 422)["field"] == "number"


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("en", "en"), ("en-GB,en;q=0.9", "en"), ("zh-CN", "zh-hans"), ("fr", "zh-hans"), ("", "zh-hans")],
)
def test_the_mend_is_in_the_language_asked_for(db: None, wanted: str, language: str) -> None:
    answer = Client().get("/api/v1/cases", headers={"Accept-Language": wanted})
    assert answer["Content-Language"] == language
    if language == "en":
        assert problem_of(answer, 401)["mend"].startswith("Send a valid API token")


def test_answers_are_not_kept_by_caches(club: Club, bo_token: str, get: Call) -> None:
    assert get("/cases", bo_token)["Cache-Control"] == "no-store"


def test_all_faults_are_named_at_once(club: Club, bo_token: str, post: Call) -> None:
    answer = post("/intake", bo_token, {"club": "main", "person": {"age": 3}})
    problem = problem_of(answer, 422)
    assert {(row["field"], row["code"]) for row in problem["errors"]} == {
        ("kind", "missing"),
        ("narrative", "missing"),
        ("person.age", "extra_forbidden"),
    }
