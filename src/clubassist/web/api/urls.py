"""Addresses of this face: the operations, each with its door, the description, and a plain no to everything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path

from clubassist.web.api import (  # noqa: F401 - they declare operations
    after_solving,
    cases,
    clubs,
    figures,
    findings,
    intake,
    matters,
    me,
    offers,
    problems,
    tasks,
)
from clubassist.web.api.description import openapi
from clubassist.web.api.operations import DOORS, api
from clubassist.web.shared.doors import Door

View = Callable[..., HttpResponse]


def _opened() -> Iterator[URLPattern]:
    """Put ninja's views behind their doors; ninja's own root page is left out."""
    # Ninja names an address once for each of its operations; any of them leads to all.
    for route, pattern in {str(pattern.pattern): pattern for pattern in api.urls[0]}.items():
        doors = DOORS.get("/" + route.replace("<", "{").replace(">", "}"))
        if doors is not None and isinstance(pattern, URLPattern):
            yield path(route, _behind(doors, pattern.callback))


def _behind(doors: tuple[Door, ...], view: View) -> View:
    methods = tuple(method for door in doors for method in door.methods)

    @wraps(view)
    def enter(request: HttpRequest, **row: Any) -> HttpResponse:
        if request.method not in methods:
            return problems.not_allowed(request, methods)
        if request.content_type not in ("", "application/json") and request.method == "POST":
            return problems.not_json(request)
        response = view(request, **row)
        response["Cache-Control"] = "no-store"
        return response

    enter.doors = doors  # type: ignore[attr-defined]  # read back by clubassist.web.routes
    return enter


def nowhere(request: HttpRequest) -> HttpResponse:
    """Answer an address that the API does not have, whatever the method."""
    return problems.no_such_address(request)


nowhere.doors = ()  # type: ignore[attr-defined]  # no route: it answers what is none
nowhere.csrf_exempt = True  # type: ignore[attr-defined]  # nothing is done here, and a page would not be JSON

urlpatterns = [*_opened(), path("openapi.json", openapi), re_path("", nowhere)]
