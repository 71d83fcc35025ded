"""What a member is offered, and their answer: one tap for yes, words for no (B25)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clubassist.core import clock
from clubassist.core.actor import Actor
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.cases.actions import accept_offer, decline_offer
from clubassist.domain.cases.models import Offer, Option
from clubassist.web.portal.case_page import visible_case
from clubassist.web.portal.case_views import named_by, show_case
from clubassist.web.portal.forms import DeclineForm, OptionForm
from clubassist.web.portal.tracking import opened_by
from clubassist.web.shared.doors import member, public
from clubassist.web.shared.once import once
from clubassist.web.shared.visitor import SignedRequest


@member(methods=("POST",))
def case_accept(request: SignedRequest, number: str) -> HttpResponse:
    """Agree to what is offered in one of the member's matters."""
    return _accept(request, request.actor, number, here=reverse("portal_case", args=[number]))


@member(methods=("POST",))
def case_decline(request: SignedRequest, number: str) -> HttpResponse:
    """Say no to what is offered in one of the member's matters."""
    here, write_url = reverse("portal_case", args=[number]), reverse("portal_case_write", args=[number])
    return _decline(request, request.actor, number, here=here, write_url=write_url)


@public(methods=("POST",))
def link_accept(request: SignedRequest, code: str) -> HttpResponse:
    """Agree to what is offered in the matter that the link opens."""
    actor, case = opened_by(request, code)
    return _accept(request, actor, case, here=reverse("portal_link", args=[code]))


@public(methods=("POST",))
def link_decline(request: SignedRequest, code: str) -> HttpResponse:
    """Say no to what is offered in the matter that the link opens."""
    actor, case = opened_by(request, code)
    here, write_url = reverse("portal_link", args=[code]), reverse("portal_link_write", args=[code])
    return _decline(request, actor, case, here=here, write_url=write_url)


def _accept(request: SignedRequest, actor: Actor, which: int | str, *, here: str) -> HttpResponse:
    case, form = visible_case(actor, **named_by(which)), OptionForm(request.POST)
    option = (
        Option.objects.select_related("offer__case").filter(pk=form.cleaned_data["option"]).first()
        if form.is_valid()
        else None
    )
    if option is None or option.offer.case_id != case.pk:
        messages.info(request, _("Choose one of what we offer."))
        return redirect(here)
    at, offer = clock.now(), option.offer
    try:
        once(
            request,
            lambda: accept_offer(offer=offer, option=option, actor=actor, at=at).pk,
            form=f"accept-{option.pk}",
            at=at,
        )
    except Missing:
        raise
    except Refused as refusal:
        messages.info(request, str(refusal.mend))
    else:
        messages.success(request, _("Thank you. We start with it now and keep you informed here."))
    return redirect(here)


def _decline(
    request: SignedRequest, actor: Actor, which: int | str, *, here: str, write_url: str
) -> HttpResponse:
    case, form = visible_case(actor, **named_by(which)), DeclineForm(request.POST, auto_id="decline_%s")
    if form.is_valid():
        offer = Offer.objects.select_related("case").filter(case=case, pk=form.cleaned_data["offer"]).first()
        if offer is None:
            raise Missing
        text, at = form.cleaned_data["text"], clock.now()
        try:
            once(
                request,
                lambda: decline_offer(offer=offer, words=text, actor=actor, at=at).pk,
                form=f"decline-{offer.pk}",
                at=at,
            )
        except Missing:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("Thank you for telling us. We look for another way and write to you here.")
            )
            return redirect(here)
    return show_case(request, actor, which, write_url=write_url, decline=form)
