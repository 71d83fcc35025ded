"""What every member page shares: which club, which mode, which headers."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from clubassist.core.actor import ANONYMOUS, Actor, ActorKind
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.web.portal.words import named
from clubassist.web.shared.visitor import SignedRequest

MODES: Final = ("standard", "care")
YEAR: Final = 365 * 24 * 3600


def visitor(request: SignedRequest) -> Actor:
    """Return the signed-in member, else a guest: colleagues who look at member pages are guests there."""
    return request.actor if request.actor.kind is ActorKind.MEMBER else ANONYMOUS


def club_of(request: SignedRequest) -> Club | None:
    """Return the club this page is about, or None when the visitor must choose first. At most two statements.

    The first that is there of: `?club=`, the cookie that remembers it, the member's own club, the only club.
    """
    actor = visitor(request)
    clubs = list(Club.objects.visible_to(actor).order_by("pk"))
    by_code = {club.code: club for club in clubs}
    for code in (request.GET.get("club"), request.COOKIES.get("club")):
        if code in by_code:
            return by_code[code]
    if actor.person is not None:
        return Club.objects.get(pk__in=Person.objects.filter(pk=actor.person).values("club"))
    return clubs[0] if len(clubs) == 1 else None


def choose_club(request: SignedRequest) -> HttpResponse:
    """Ask which club; every choice leads back to the same address with `?club=`."""
    clubs = Club.objects.visible_to(visitor(request)).order_by("pk")
    rows = [{"code": club.code, "name": named(club)} for club in clubs]
    return page(request, "clubs", {"clubs": rows}, club=None)


def page(
    request: SignedRequest,
    template: str,
    context: dict[str, Any],
    *,
    club: Club | None,
    tab: str = "",
    status: int = 200,
    private: bool = False,
) -> HttpResponse:
    """Render `portal/<template>.html` in the club's time zone and remember what the address chose.

    `?mode=` and `?club=` are kept in cookies for a year. `private` pages are kept by nobody and tell no other site
    that they exist.
    """
    member = visitor(request).kind is ActorKind.MEMBER
    mode = next(
        (word for word in (request.GET.get("mode"), request.COOKIES.get("mode")) if word in MODES), MODES[0]
    )
    shared = {
        "club": {"name": named(club), "phone": club.phone} if club else {"name": "ClubAssist 助攻"},
        "mode": mode,
        "tab": tab,
        "member": member,
        "private": private,
        "urls": {
            "home": reverse("portal_home"),
            "cases": reverse("portal_cases" if member else "portal_track"),
            "me": reverse("portal_me"),
        },
    }
    with timezone.override(club.zone if club else settings.TIME_ZONE):
        response = render(request, f"portal/{template}.html", shared | context, status=status)
    if "mode" in request.GET:
        _remember(response, "mode", mode)
    if club is not None and request.GET.get("club") == club.code:
        _remember(response, "club", club.code)
    if private:
        response["Cache-Control"] = "private, no-store"
        # Not "no-referrer": its forms would be sent from the origin "null", which the CSRF check refuses.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.PRODUCTION)
