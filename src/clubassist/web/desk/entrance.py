"""Where people land after signing in, and how their pages look."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from clubassist.core.actor import ActorKind
from clubassist.web.desk.page import THEMES, way_back
from clubassist.web.shared.doors import public, staff
from clubassist.web.shared.visitor import SignedRequest

YEAR = 365 * 24 * 3600


@public()
def welcome(request: SignedRequest) -> HttpResponse:
    """Send colleagues to the desk, members to their home, everybody else to the sign-in."""
    match request.actor.kind:
        case ActorKind.STAFF:
            return redirect("desk_today")
        case ActorKind.MEMBER:
            return redirect("/m/")
    return redirect("account_login")


@staff(methods=("POST",))
def theme(request: SignedRequest) -> HttpResponse:
    """Remember light, dark or the system's choice in a cookie for a year."""
    response = redirect(way_back(request, reverse("desk_today")))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            "theme", chosen, max_age=YEAR, samesite="Lax", secure=settings.PRODUCTION, httponly=True
        )
    return response
