"""A member's own matters: the list, the page of one, adding to it."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clubassist.core import clock
from clubassist.core.actor import Actor
from clubassist.core.refusal import Refused
from clubassist.domain.cases.actions import member_confirms, member_objects, member_writes
from clubassist.domain.cases.models import Case, OfferState
from clubassist.web.portal.case_page import case_context, visible_case
from clubassist.web.portal.forms import ConfirmForm, DeclineForm, ObjectForm, PlainForm, WriteForm
from clubassist.web.portal.matters import matters
from clubassist.web.portal.pages import club_of, page
from clubassist.web.shared.doors import member
from clubassist.web.shared.once import next_key, once
from clubassist.web.shared.visitor import SignedRequest

PAGE: Final = 20


@member()
def cases(request: SignedRequest) -> HttpResponse:
    """List the member's matters, newest first, 20 a page; `?before=` goes on from an id."""
    before = request.GET.get("before", "")
    seen = Case.objects.visible_to(request.actor)
    rows = seen.exclude(merged_into__in=seen)
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    earlier = f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    context = {"matters": matters(found[:PAGE]), "earlier": earlier}
    return page(request, "cases", context, club=club_of(request), tab="cases", private=True)


@member()
def case(request: SignedRequest, number: str) -> HttpResponse:
    """Show one of the member's matters."""
    return show_case(request, request.actor, number, write_url=reverse("portal_case_write", args=[number]))


@member(methods=("POST",))
def case_write(request: SignedRequest, number: str) -> HttpResponse:
    """Add to one of the member's matters."""
    here, write_url = reverse("portal_case", args=[number]), reverse("portal_case_write", args=[number])
    return write_to(request, request.actor, number, here=here, write_url=write_url)


def show_case(
    request: SignedRequest,
    actor: Actor,
    which: int | str,
    *,
    write_url: str,
    form: WriteForm | None = None,
    objection: ObjectForm | None = None,
    decline: DeclineForm | None = None,
) -> HttpResponse:
    """Render the page of a case, named by its id or number, with the forms to add to it, to answer an offer and to say
    if it is solved.

    The addresses of the latter stand beside `write_url`. Raises Missing.
    """
    found = visible_case(actor, **named_by(which))
    context = case_context(found, at=clock.now())
    kept = _without_place(context, form, objection, decline)
    context |= {
        "form": form or objection or decline or WriteForm(),
        "write_form": form or WriteForm(initial={"text": kept["text"].value()} if kept else None),
        "kept": kept,
        "confirm": ConfirmForm(),
        "objection": objection or ObjectForm(auto_id="objection_%s"),
        "decline": decline or DeclineForm(auto_id="decline_%s"),
        "accept_url": write_url.replace("/write/", "/accept/"),
        "decline_url": write_url.replace("/write/", "/decline/"),
        "files_url": write_url.replace("/write/", "/files/"),
        "solved_url": write_url.replace("/write/", "/solved/"),
        "not_solved_url": write_url.replace("/write/", "/not-solved/"),
        "once": next_key(request),
        "write_url": write_url,
        "by_link": isinstance(which, int),
    }
    return page(
        request,
        "case",
        context,
        club=found.club,
        tab="cases",
        private=True,
        status=422 if form or objection or decline else 200,
    )


def _without_place(
    context: dict[str, Any], form: WriteForm | None, objection: ObjectForm | None, decline: DeclineForm | None
) -> PlainForm | None:
    """Return the refused form that the page has no place for any more, so that what was written is shown all the same.

    The matter was closed, or the offer taken back, while the member wrote.
    """
    if form is not None and not context["open"]:
        return form
    if objection is not None and not context["may_object"]:
        return objection
    if decline is not None and all(offer.state != OfferState.SENT for offer in context["offers"]):
        return decline
    return None


@member(methods=("POST",))
def case_solved(request: SignedRequest, number: str) -> HttpResponse:
    """Confirm that one of the member's matters is solved."""
    return confirm(request, request.actor, number, here=reverse("portal_case", args=[number]))


@member(methods=("POST",))
def case_not_solved(request: SignedRequest, number: str) -> HttpResponse:
    """Say that one of the member's matters is not solved."""
    here, write_url = reverse("portal_case", args=[number]), reverse("portal_case_write", args=[number])
    return object_to(request, request.actor, number, here=here, write_url=write_url)


def confirm(request: SignedRequest, actor: Actor, which: int | str, *, here: str) -> HttpResponse:
    """Take the member's word, and score if given, that it is solved, and go back to its page `here`. Raises Missing."""
    form = ConfirmForm(request.POST)
    found, at = visible_case(actor, **named_by(which)), clock.now()
    score = form.cleaned_data.get("score") if form.is_valid() else None
    try:
        once(
            request,
            lambda: member_confirms(case=found, score=score, actor=actor, at=at).pk,
            form="confirm",
            at=at,
        )
    except Refused as refusal:
        if refusal.status == 404:
            raise
        messages.info(request, str(refusal.mend))
    else:
        messages.success(request, _("Thank you. We are glad that it is solved."))
    return redirect(here)


def object_to(
    request: SignedRequest, actor: Actor, which: int | str, *, here: str, write_url: str
) -> HttpResponse:
    """Open the case again with the member's words and go back to its page `here`; show what is wrong at the field.

    Raises Missing.
    """
    form = ObjectForm(request.POST, auto_id="objection_%s")
    at = clock.now()
    found = visible_case(actor, **named_by(which))
    if form.is_valid():
        text = form.cleaned_data["text"]
        try:
            once(
                request,
                lambda: member_objects(case=found, text=text, actor=actor, at=at).pk,
                form="object",
                at=at,
            )
        except Refused as refusal:
            if refusal.status == 404:
                raise
            form.refuse(refusal)
        else:
            messages.success(request, _("We have opened it again and will be in touch."))
            return redirect(here)
    return show_case(request, actor, which, write_url=write_url, objection=form)


def write_to(
    request: SignedRequest, actor: Actor, which: int | str, *, here: str, write_url: str
) -> HttpResponse:
    """Add what was sent to the case and go back to its page `here`; show what is wrong at the field. Raises Missing."""
    found = visible_case(actor, **named_by(which))
    form = WriteForm(request.POST, request.FILES)
    at = clock.now()
    if form.is_valid():
        text, files = form.cleaned_data["text"], form.cleaned_data["uploads"]
        try:
            once(
                request,
                lambda: member_writes(case=found, text=text, files=files, actor=actor, at=at).pk,
                form="write",
                at=at,
            )
        except Refused as refusal:
            if refusal.status == 404:
                raise
            form.refuse(refusal)
        else:
            messages.success(request, _("Added. We read it and answer here."))
            return redirect(here)
    return show_case(request, actor, which, write_url=write_url, form=form)


def named_by(which: int | str) -> dict[str, int | str]:
    """Return how to look a case up: a link names its id, a signed-in member its number."""
    return {"pk": which} if isinstance(which, int) else {"number": which.upper()}
