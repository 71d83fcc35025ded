"""Following a matter without signing in: by number and code, then by the link that the code makes."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clubassist.core import clock, tokens
from clubassist.core.actor import Actor
from clubassist.core.refusal import Missing
from clubassist.domain.cases.models import Case
from clubassist.web.portal.case_views import confirm, object_to, show_case, write_to
from clubassist.web.portal.forms import TrackForm
from clubassist.web.portal.pages import club_of, page, visitor
from clubassist.web.shared.doors import public
from clubassist.web.shared.visitor import SignedRequest

WAIT_SECONDS = "600"


@public(methods=("GET", "POST"))
def track(request: SignedRequest) -> HttpResponse:
    """Ask for number and code and lead to the matter. Wrong number and wrong code get one and the same answer (E5).

    After ten wrong tries in ten minutes an address waits (429).
    """
    if request.method != "POST":
        return _form_page(request, TrackForm())
    if not ratelimit.consume(request, action="track", dry_run=True):
        response = ratelimit.respond_429(request)
        response["Retry-After"] = WAIT_SECONDS
        return response
    form = TrackForm(request.POST)
    if form.is_valid() and _fit(form.cleaned_data["number"], form.cleaned_data["code"]):
        return redirect("portal_link", code=form.cleaned_data["code"])
    if form.is_valid():
        ratelimit.consume(request, action="track")
        form.add_error(None, _("Number and code do not fit together. Both are on the page you saved."))
    return _form_page(request, form)


def _form_page(request: SignedRequest, form: TrackForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return page(request, "track", {"form": form}, club=club_of(request), tab="cases", status=status)


def _fit(number: str, code: str) -> bool:
    """Tell whether the code opens the case of this number. Two statements, whatever is wrong."""
    token = tokens.redeem("track", code, at=clock.now())
    case = Case.objects.filter(number=number).values_list("pk", flat=True).first()
    return (
        token is not None
        and case is not None
        and (token.subject_kind, token.subject_id) == ("case", str(case))
    )


@public()
def link(request: SignedRequest, code: str) -> HttpResponse:
    """Show the matter that the link opens; an unknown or expired link says how to go on."""
    try:
        actor, case = opened_by(request, code)
    except Missing:
        return page(request, "link_gone", {}, club=club_of(request), tab="cases", status=404, private=True)
    return show_case(request, actor, case, write_url=reverse("portal_link_write", args=[code]))


@public(methods=("POST",))
def link_write(request: SignedRequest, code: str) -> HttpResponse:
    """Add to the matter that the link opens."""
    actor, case = opened_by(request, code)
    here, write_url = reverse("portal_link", args=[code]), reverse("portal_link_write", args=[code])
    return write_to(request, actor, case, here=here, write_url=write_url)


@public(methods=("POST",))
def link_solved(request: SignedRequest, code: str) -> HttpResponse:
    """Confirm that the matter that the link opens is solved."""
    actor, case = opened_by(request, code)
    return confirm(request, actor, case, here=reverse("portal_link", args=[code]))


@public(methods=("POST",))
def link_not_solved(request: SignedRequest, code: str) -> HttpResponse:
    """Say that the matter that the link opens is not solved."""
    actor, case = opened_by(request, code)
    here, write_url = reverse("portal_link", args=[code]), reverse("portal_link_write", args=[code])
    return object_to(request, actor, case, here=here, write_url=write_url)


def opened_by(request: SignedRequest, code: str) -> tuple[Actor, int]:
    """Return the visitor with the case in hand, and its id. Raises Missing. One statement."""
    token = tokens.redeem("track", code, at=clock.now())
    if token is None or token.subject_kind != "case":
        raise Missing
    actor = visitor(request)
    return actor.holding("case", token.subject_id), int(token.subject_id)
