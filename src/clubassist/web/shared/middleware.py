"""What happens to every request: who is asking, in which language, and an honest 503 while the database is away."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from clubassist.web.shared.problem import problem
from clubassist.web.shared.visitor import actor_of

logger = logging.getLogger(__name__)

Next = Callable[[HttpRequest], HttpResponseBase]
DATABASE_AWAY = (OperationalError, InterfaceError)
RETRY_AFTER_SECONDS = "5"
YEAR = 365 * 24 * 3600


class DatabaseAway:
    """Answers 503 with Retry-After while PostgreSQL cannot be reached; the next request tries again by itself."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a lost database into a page (or problem+json) that says when to try again."""
        if isinstance(error, DATABASE_AWAY):
            return away(request, error)
        return None


def away(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the 503 for a request that the database could not serve; what was typed is kept by the browser's Back."""
    logger.error("database away: %s", type(error).__name__)
    if request.path.startswith("/api/"):
        mend = _("The service cannot reach its data just now. Try again in a few seconds.")
        response = problem(request, status=503, code="database-away", mend=mend)
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


class Language:
    """Chinese unless the reader chose English: `?lang=` is remembered in a cookie for a year."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Activate the reader's language for this request."""
        chosen = {"zh": "zh-hans", "en": "en"}.get(request.GET.get("lang", ""), "")
        language = chosen or request.COOKIES.get("lang", "")
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        if chosen:
            response.set_cookie("lang", language, max_age=YEAR, samesite="Lax", secure=settings.PRODUCTION)
        response.headers.setdefault("Content-Language", language)
        return response


class Visitor:
    """Puts `request.actor` on every request, worked out only when somebody looks at it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Attach the lazy actor and pass the request on."""
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)
