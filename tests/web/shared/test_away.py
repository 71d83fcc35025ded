"""What is answered while the database cannot be reached, wherever in a request that shows."""

from __future__ import annotations

import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.req("F49")]


@pytest.fixture
def patient() -> Client:
    """A client that gets the answer to an error instead of the error."""
    return Client(raise_request_exception=False)


def after_the_view(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Have a middleware fail when the view has answered, as one does that keeps the session."""

    def fail(middleware: SessionMiddleware, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        raise error

    monkeypatch.setattr(SessionMiddleware, "process_response", fail)


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/m/report/", "text/html; charset=utf-8"), ("/api/v1/openapi.json", "application/problem+json")],
)
def test_database_lost_after_the_view_is_a_503(
    monkeypatch: pytest.MonkeyPatch, patient: Client, path: str, kind: str
) -> None:
    after_the_view(monkeypatch, OperationalError())
    answer = patient.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Type"] == kind


def test_other_error_is_a_500(monkeypatch: pytest.MonkeyPatch, patient: Client) -> None:
    after_the_view(monkeypatch, ValueError())
    answer = patient.get("/m/report/")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()
