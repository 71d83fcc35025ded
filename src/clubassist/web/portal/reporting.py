"""Telling the club something: one page, with an account or without, by name or anonymously."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse
from django.utils import timezone

from clubassist.core import clock, tokens
from clubassist.core.actor import ANONYMOUS, Actor
from clubassist.core.refusal import Refused
from clubassist.domain.cases.actions import Opened, Report, open_case
from clubassist.domain.cases.actions.opening import TRACK_FOR
from clubassist.domain.cases.models import Case
from clubassist.domain.club.models import Club
from clubassist.domain.club.queries import policy_in_force
from clubassist.domain.members.actions import NewPerson
from clubassist.domain.members.models import Person
from clubassist.pure.policy import Policy
from clubassist.web.portal.case_page import promises_of
from clubassist.web.portal.forms import ReportForm
from clubassist.web.portal.pages import choose_club, club_of, page, visitor
from clubassist.web.portal.promises import usual_promises
from clubassist.web.shared.doors import public
from clubassist.web.shared.once import next_key, once
from clubassist.web.shared.visitor import SignedRequest

DETAILS: Final = ("place", "people", "event", "remedy_sought")


@public(methods=("GET", "POST"))
def report(request: SignedRequest) -> HttpResponse:
    """Show the form, or take what was told and show its number, due time and tracking code, once."""
    at = clock.now()
    club = club_of(request)
    if club is None:
        return choose_club(request)
    policy = policy_in_force(club, at=at).policy
    actor = visitor(request)
    if request.method != "POST":
        first = ReportForm(initial=request.GET.dict(), club=club, policy=policy, actor=actor)
        return _form_page(request, first, club, policy)
    with timezone.override(club.zone):
        form = ReportForm(request.POST, request.FILES, club=club, policy=policy, actor=actor)
        if not form.is_valid():
            return _form_page(request, form, club, policy)
    try:
        case, code = _take(request, form.cleaned_data, club, actor, at)
    except Refused as refusal:
        form.refuse(refusal)
        return _form_page(request, form, club, policy)
    context = {
        "number": case.number,
        "code": code,
        "grouped": tokens.grouped(code),
        "promises": promises_of(case),
    }
    return page(request, "reported", context, club=club, private=True)


def _form_page(request: SignedRequest, form: ReportForm, club: Club, policy: Policy) -> HttpResponse:
    more = any(form[name].value() or form[name].errors for name in DETAILS)
    context = {"form": form, "once": next_key(request), "promises": usual_promises(policy), "more": more}
    return page(request, "report", context, club=club, status=422 if form.is_bound else 200)


def _take(
    request: SignedRequest, given: dict[str, Any], club: Club, actor: Actor, at: datetime
) -> tuple[Case, str]:
    """Open the case unless this very form did so before; return it with a code that opens its page."""
    opened: list[Opened] = []

    def act() -> int:
        opened.append(_open(request, given, club, actor, at))
        return opened[0].case.pk

    pk = once(request, act, form="report", at=at)
    if opened:
        return opened[0].case, opened[0].track_code
    # Codes are stored as digests, so whoever sends the form again gets a new one.
    code = tokens.issue("track", subject=("case", str(pk)), at=at, expires=at + TRACK_FOR)
    return Case.objects.select_related("club").get(pk=pk), code


def _open(request: SignedRequest, given: dict[str, Any], club: Club, actor: Actor, at: datetime) -> Opened:
    language = str(request.LANGUAGE_CODE)
    anonymous = given["anonymous"]
    person, guest = None, None
    if actor.person is not None and not anonymous:
        person = Person.objects.visible_to(actor).get(pk=actor.person)
    elif given.get("name") or given.get("phone"):
        guest = NewPerson(name=given["name"], phone=given["phone"], language=language)
    told = Report(
        kind=given["kind"],
        narrative=given["narrative"],
        area=given["area"],
        place=given["place"],
        people=given["people"],
        occurred_at=given["occurred_at"],
        event=given["event"],
        remedy_sought=given["remedy_sought"],
        subject=person,
        language=language,
    )
    return open_case(
        report=told,
        new_person=guest,
        files=given["uploads"],
        club=club,
        actor=ANONYMOUS if anonymous else actor,
        at=at,
    )
