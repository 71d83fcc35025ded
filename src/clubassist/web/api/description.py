"""The API's own description (OpenAPI 3.1): what ninja derives, completed with refusals, scopes and the write's key."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from django.http import HttpResponse
from pydantic import TypeAdapter

from clubassist.web.api.operations import ANY_TOKEN, DOORS, api
from clubassist.web.shared.doors import public
from clubassist.web.shared.problem import CONTENT_TYPE, Problem
from clubassist.web.shared.visitor import SignedRequest

PREFIX: Final = "/api/v1"
REFUSALS: Final = {
    400: "The body is no JSON.",
    401: "There is no token, or it is worth nothing.",
    403: "The token lacks the scope, or the role does not allow this at this club.",
    404: "It does not exist, or it may not be seen: one answer for both.",
    409: "Somebody else was faster, or the same request is being worked on.",
    413: "The body is over 1 MiB.",
    415: "The body is announced as something else than JSON.",
    422: "An input cannot stand; `field` names it, `mend` says what to do.",
    503: "The database is away; `Retry-After` says when to try again.",
}
KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A new text for each new write. The same key with the same request gives the same answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"},
}


@public()
def openapi(request: SignedRequest) -> HttpResponse:
    """Return the description; it is the same for everybody."""
    return HttpResponse(_document(), content_type="application/json")


@cache
def _document() -> bytes:
    """Build the description once for each process."""
    document: dict[str, Any] = api.get_openapi_schema(path_prefix=f"{PREFIX}/")
    for path, methods in document["paths"].items():
        door = DOORS[path.removeprefix(PREFIX)]
        for method, operation in methods.items():
            _complete(operation, door.permission, writes=method == "post", names_row="{" in path)
    schema = TypeAdapter(Problem).json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] |= {**schema.pop("$defs"), "Problem": schema}
    document["components"]["responses"] = {
        f"Problem{status}": {
            "description": words,
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, words in REFUSALS.items()
    }
    return json.dumps(document, ensure_ascii=False).encode()


def _complete(operation: dict[str, Any], scope: str, *, writes: bool, names_row: bool) -> None:
    scopes = [] if scope == ANY_TOKEN else scope.split("|")
    operation["security"] = [{"Bearer": [one]} for one in scopes] or [{"Bearer": []}]
    refusals = {401, 503}
    if scopes:
        refusals |= {403}
    if names_row:
        refusals |= {404}
    if writes:
        operation["parameters"].append(KEY)
        refusals |= {400, 409, 413, 415}
    if operation["parameters"]:
        refusals |= {422}
    responses = {
        f"{status}": {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(refusals)
    }
    operation["responses"] = {
        str(status): answer for status, answer in operation["responses"].items()
    } | responses
