"""Pages for requests that cannot be served."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a form that came without its token: the page was open too long or the session ended."""
    return render(request, "403.html", {"expired": True}, status=403)
