"""Refusals for machines: every answer from 400 on is `application/problem+json` (RFC 9457) that says how to mend it."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja.errors import AuthenticationError, HttpError, ValidationError

from clubassist.core.actor import ActorKind
from clubassist.core.refusal import Missing, Refused
from clubassist.web.shared.doors import log_try
from clubassist.web.shared.problem import Fault, problem

NOTHING_HERE: Final = _("There is nothing here that you may see. Check the number.")
_FITS_NOT: Final = _("This value does not fit. The API description says what does.")
_MENDS: Final = {
    "missing": _("This is needed."),
    "extra_forbidden": _("There is no such field. Leave it out."),
    "string_too_long": _("Shorten this text. The API description says how long it may be."),
    "string_too_short": _("This is needed."),
}


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """Return what an action refused; `Missing` and `Conflict` are refusals too. A colleague's miss is logged (F25)."""
    actor = getattr(request, "actor", None)
    if isinstance(error, Missing) and actor is not None and actor.kind is ActorKind.STAFF:
        log_try(actor, ("api", request.path))
    mend = error.mend or NOTHING_HERE
    faults = [Fault(error.field, error.code, mend)] if error.field else []
    return problem(request, status=error.status, code=error.code, mend=mend, field=error.field, faults=faults)


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Return every input that does not fit the description; the first one stands at the top."""
    faults = [
        Fault(_place(row["loc"]), row["type"], _MENDS.get(row["type"], _FITS_NOT)) for row in error.errors
    ]
    first = faults[0]
    return problem(request, status=422, code="invalid", mend=first.mend, field=first.field, faults=faults)


def _place(loc: tuple[str | int, ...]) -> str:
    """Return `person.phone` for ("body", name of the parameter, "person", "phone"), `limit` for ("query", "limit")."""
    return ".".join(str(part) for part in loc[2 if loc[0] == "body" and len(loc) > 2 else 1 :])


def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Ask for a token: there was none, or one that is worth nothing."""
    mend = _("Send a valid API token: Authorization: Bearer ca_…")
    response = problem(request, status=401, code="token-invalid", mend=mend)
    response["WWW-Authenticate"] = "Bearer"
    return response


def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Return that the body is no JSON: the one error that the framework raises for itself."""
    mend = _("Send a body that is one JSON object in UTF-8.")
    return problem(request, status=error.status_code, code="body-not-json", mend=mend)


def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """Return that the body is over the limit of 1 MiB; it was not read."""
    return problem(request, status=413, code="body-too-large", mend=_("Send at most 1 MiB."))


def not_json(request: HttpRequest) -> HttpResponse:
    """Return that the body is announced as something else than JSON."""
    mend = _("Send the body as JSON, with Content-Type: application/json.")
    return problem(request, status=415, code="content-type-unknown", mend=mend)


def not_allowed(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    """Return that the address has other methods, and name them in `Allow`."""
    mend = _("This address takes: %s.") % ", ".join(methods)
    response = problem(request, status=405, code="method-not-allowed", mend=mend)
    response["Allow"] = ", ".join(methods)
    return response


def no_such_address(request: HttpRequest) -> HttpResponse:
    """Return that the API has no such address."""
    mend = _("There is no such address. The API description is at /api/v1/openapi.json.")
    return problem(request, status=404, code="address-unknown", mend=mend)


HANDLERS: Final[dict[type[Exception], Any]] = {
    Refused: refused,
    ValidationError: invalid,
    AuthenticationError: unauthenticated,
    HttpError: unreadable,
    RequestDataTooBig: too_large,
}
