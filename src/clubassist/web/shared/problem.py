"""A refusal for machines as `application/problem+json` (RFC 9457) that says how to mend it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final, NamedTuple, NotRequired

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from typing_extensions import TypedDict

CONTENT_TYPE: Final = "application/problem+json"


class Fault(NamedTuple):
    """One input at fault: its place as `person.phone`, what is wrong in a code, and what to do."""

    field: str
    code: str
    mend: Any


class Problem(TypedDict):
    """Why a request was refused, after RFC 9457. `mend` is a plain sentence in the language asked for."""

    type: str
    title: str
    status: int
    detail: NotRequired[str]
    code: NotRequired[str]
    field: NotRequired[str]
    mend: NotRequired[str]
    errors: NotRequired[list[ProblemAt]]


class ProblemAt(TypedDict):
    """One input at fault."""

    field: str
    code: str
    mend: str


def problem(
    request: HttpRequest,
    *,
    status: int,
    code: str,
    mend: Any,
    field: str = "",
    faults: Iterable[Fault] = (),
) -> HttpResponse:
    """Return a problem in the language that Accept-Language asks for; Chinese when it asks for none of ours."""
    language = translation.get_language_from_request(request)
    with translation.override(language):
        body: Problem = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": str(mend),
            "code": code,
            "field": field,
            "mend": str(mend),
            "errors": [{"field": at.field, "code": at.code, "mend": str(at.mend)} for at in faults],
        }
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=CONTENT_TYPE)
    response["Content-Language"] = language
    return response
