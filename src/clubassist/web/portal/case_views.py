"""A member's own matters: the list, the page of one, adding to it."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clubassist.core import clock
from clubassist.core.actor import Actor
from clubassist.core.refusal import Refused
from clubassist.domain.cases.actions import member_writes
from clubassist.domain.cases.models import Case
from clubassist.web.portal.case_page import case_context, visible_case
from clubassist.web.portal.forms import WriteForm
from clubassist.web.portal.matters import matters
from clubassist.web.portal.pages import club_of, page
from clubassist.web.shared.doors import member
from clubassist.web.shared.once import key_of, new_key, once
from clubassist.web.shared.visitor import SignedRequest

PAGE: Final = 20


@member()
def cases(request: SignedRequest) -> HttpResponse:
    """List the member's matters, newest first, 20 a page; `?before=` goes on from an id."""
    before = request.GET.get("before", "")
    rows = Case.objects.visible_to(request.actor).filter(merged_into__isnull=True)
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
    key: str = "",
) -> HttpResponse:
    """Render the page of a case, named by its id or number, with the form to add to it. Raises Missing."""
    found = visible_case(actor, **_named(which))
    context = case_context(found, at=clock.now()) | {
        "form": form or WriteForm(),
        "once": key or new_key(),
        "write_url": write_url,
        "by_link": isinstance(which, int),
    }
    return page(
        request, "case", context, club=found.club, tab="cases", private=True, status=422 if form else 200
    )


def write_to(
    request: SignedRequest, actor: Actor, which: int | str, *, here: str, write_url: str
) -> HttpResponse:
    """Add what was sent to the case and go back to its page `here`; show what is wrong at the field. Raises Missing."""
    form = WriteForm(request.POST)
    at = clock.now()
    if form.is_valid():
        found, text = visible_case(actor, **_named(which)), form.cleaned_data["text"]
        try:
            once(
                request,
                lambda: member_writes(case=found, text=text, actor=actor, at=at).pk,
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
    return show_case(request, actor, which, write_url=write_url, form=form, key=key_of(request))


def _named(which: int | str) -> dict[str, int | str]:
    return {"pk": which} if isinstance(which, int) else {"number": which.upper()}
