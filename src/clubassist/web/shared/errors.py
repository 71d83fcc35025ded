"""Pages for requests that cannot be served."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import bad_request, server_error

from clubassist.web.shared.middleware import DATABASE_AWAY, away


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a form that came without its token: the page was open too long or the session ended."""
    return render(request, "403.html", {"expired": True}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer for an error that no view let through; a database lost between middlewares is no fault of ours either."""
    error = sys.exc_info()[1]
    return away(request, error) if isinstance(error, DATABASE_AWAY) else server_error(request)


def unread(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that was not read: one that is too long is told so, anything else that it is not whole."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return render(request, "413.html", status=413)
    return bad_request(request, exception)
