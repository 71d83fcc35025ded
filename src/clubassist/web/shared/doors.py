"""Doors: every view says who may enter and by which methods; `clubassist routes` and the role matrix read the same.

What is forbidden and what does not exist look alike (404), and a try at a forbidden page is logged (F25, E5).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, Final, ParamSpec, cast

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render

from clubassist.core import access, clock
from clubassist.core.actor import Actor, ActorKind, Everywhere
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.people.models import Account
from clubassist.domain.people.roles import NEEDS_SECOND_FACTOR, PERMISSIONS
from clubassist.web.shared.visitor import SignedRequest

P = ParamSpec("P")
View = Callable[Concatenate[SignedRequest, P], HttpResponse]
Entered = Callable[Concatenate[HttpRequest, P], HttpResponse]

GUARDED: Final = (
    frozenset()
    .union(
        *(PERMISSIONS[role] for role in NEEDS_SECOND_FACTOR),
    )
    .difference(*(held for role, held in PERMISSIONS.items() if role not in NEEDS_SECOND_FACTOR))
)
"""The permissions that only roles with a second factor hold; each such role holds at least one."""


@dataclass(frozen=True, slots=True)
class Door:
    """Who may enter a view: `permission` is a permission's name, "staff", "member" or "public"."""

    permission: str
    methods: tuple[str, ...]


def lacks_second_factor(request: SignedRequest) -> bool:
    """Tell whether the colleague's role needs a second factor that is not set up yet. One statement for such roles.

    Who has set one up gave it at the sign-in. A demo relaxes this (setting DEMO).
    """
    if settings.DEMO or not any(request.actor.may_somewhere(permission) for permission in GUARDED):
        return False
    return not is_mfa_enabled(
        cast("Account", request.user), [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )


def staff(
    permission: str = "staff", *, methods: tuple[str, ...] = ("GET",), before_second_factor: bool = False
) -> Callable[[View[P]], Entered[P]]:
    """Let in signed-in colleagues who hold `permission` in at least one club ("staff": any colleague).

    Who must set up a second factor first is sent there, except from pages that are `before_second_factor`.
    """

    def admit(request: SignedRequest) -> HttpResponse | None:
        if not request.user.is_authenticated:
            if request.headers.get("HX-Request"):
                return HttpResponse(status=401)  # a part of a page cannot become the sign-in
            return redirect_to_login(request.get_full_path())
        actor = request.actor
        if actor.kind is ActorKind.STAFF and (permission == "staff" or actor.may_somewhere(permission)):
            if before_second_factor or not lacks_second_factor(request):
                return None
            return redirect("mfa_activate_totp")
        log_try(request.actor, ("page", request.path))
        raise Http404

    return _door(Door(permission, methods), admit)


def member(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View[P]], Entered[P]]:
    """Let in signed-in members; send everybody else to the sign-in by code."""

    def admit(request: SignedRequest) -> HttpResponse | None:
        if request.user.is_authenticated and request.actor.kind is ActorKind.MEMBER:
            return None
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.get_full_path(), login_url="account_request_login_code")

    return _door(Door("member", methods), admit)


def public(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View[P]], Entered[P]]:
    """Let everybody in; what they see is decided by their actor."""
    return _door(Door("public", methods), lambda request: None)


def log_try(actor: Actor, subject: tuple[str, str]) -> None:
    """Log a colleague's try at what is not theirs or not there (F25), where the managers of their clubs see it.

    `subject` is ("page" or "api", path).
    """
    kind, path = subject
    held = actor.permissions.values()
    clubs: set[int | None] = {
        club for scopes in held if not isinstance(scopes, Everywhere) for club in scopes
    }
    with transaction.atomic():
        for club in clubs or {None}:
            access.looked("denied", (kind, path[:60]), actor=actor, at=clock.now(), scope=club)


def _door(
    door: Door, admit: Callable[[SignedRequest], HttpResponse | None]
) -> Callable[[View[P]], Entered[P]]:
    allowed = door.methods + (("HEAD",) if "GET" in door.methods else ())

    def decorate(view: View[P]) -> Entered[P]:
        @wraps(view)
        def enter(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(door.methods)
            visitor = cast("SignedRequest", request)
            turned_away = admit(visitor)
            if turned_away is not None:
                return turned_away
            try:
                return view(visitor, *args, **kwargs)
            except Missing as error:
                if visitor.actor.kind is ActorKind.STAFF:
                    log_try(visitor.actor, ("page", visitor.path))
                raise Http404 from error
            except Refused as error:
                return render(request, "shared/refused.html", {"refusal": error}, status=error.status)

        enter.doors = (door,)  # type: ignore[attr-defined]  # read back by clubassist.web.routes
        return cast("Entered[P]", enter)

    return decorate
