"""Logging a call: find the person, say what happened, see the promise, save (B18)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from clubassist.core import clock
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.cases.actions import Opened, Report, open_case
from clubassist.domain.cases.actions.opening import MOST_CHARACTERS
from clubassist.domain.cases.models import Case
from clubassist.domain.cases.queries import open_cases_of
from clubassist.domain.club.models import Area, Club
from clubassist.domain.club.queries import policy_in_force
from clubassist.domain.members.actions import NewPerson
from clubassist.domain.members.models import Person
from clubassist.domain.members.queries import find_people
from clubassist.pure.policy import Kind, Policy
from clubassist.web.desk.case_page import in_sight, keep_code
from clubassist.web.desk.forms import SearchForm
from clubassist.web.desk.intake_form import IntakeForm
from clubassist.web.desk.judging import proposal
from clubassist.web.desk.page import chinese, desk_page, said
from clubassist.web.desk.rows import STANDINGS
from clubassist.web.shared.doors import staff
from clubassist.web.shared.once import next_key, once
from clubassist.web.shared.visitor import SignedRequest

URGENT: Final = "urgent"
DECIDED: Final = ("kind", "urgent")
"""What taking a suggestion sets, whatever was chosen before; other fields it only fills."""


@staff("case.open", methods=("GET", "POST"))
def new(request: SignedRequest) -> HttpResponse:
    """Show the call form; open the case and go to it. Times are the club's.

    With `find` people are looked up instead, with `suggest` the words are asked what they suggest.
    """
    at = clock.now()
    clubs = list(Club.objects.where(request.actor, "case.open").order_by("pk"))
    club = next((one for one in clubs if one.code == request.GET.get("club")), clubs[0] if clubs else None)
    if club is None:
        raise Missing
    with timezone.override(club.zone):
        return _new(request, club, clubs, at)


def _new(request: SignedRequest, club: Club, clubs: list[Club], at: datetime) -> HttpResponse:
    in_force = policy_in_force(club, at=at)
    policy = in_force.policy
    suggested = _suggested(request, in_force.versions)
    if "suggest" in request.POST and request.headers.get("HX-Request"):
        return _part(request, "desk/new_suggestion.html", suggested)
    areas = Area.objects.visible_to(request.actor).filter(venue__club=club).order_by("venue_id", "position")
    kinds = [(kind.code, said(kind.title)) for kind in policy.kinds]
    if "find" in request.POST and request.headers.get("HX-Request"):
        return _part(request, "desk/new_people.html", _people(request))
    asking = "find" in request.POST or "suggest" in request.POST
    sent = _sent(request) if request.method == "POST" and not asking else None
    form = IntakeForm(sent, initial=_typed(request, suggested) if asking else None, kinds=kinds, areas=areas)
    if sent is not None:
        answer = form.attempt(lambda: _taken_once(request, form.cleaned_data, club, at))
        if answer is not None:
            return answer
    context = {
        "now": at,
        "form": form,
        "once": next_key(request),
        "club": club,
        "club_name": club.name if chinese() else club.name_en,
        "clubs": [(one.code, one.name if chinese() else one.name_en) for one in clubs]
        if len(clubs) > 1
        else [],
        "promises": [_promise(policy, kind) for kind in policy.kinds],
        **suggested,
        **_people(request),
    }
    return desk_page(request, "desk/new.html", context, status=form.status)


def _take(request: SignedRequest, given: dict[str, Any], club: Club, at: datetime) -> Opened:
    """Open the case for the person chosen, else for somebody new, else for nobody."""
    person = (
        Person.objects.visible_to(request.actor).filter(pk=given["person"]).first()
        if given["person"]
        else None
    )
    if given["person"] and person is None:
        raise Refused(
            "person-unknown", field="person", mend=_("Search again and choose the person from the list.")
        )
    new_person = None
    if person is None and (given["name"] or given["phone"]):
        new_person = NewPerson(
            standing=given["standing"] or "guest",
            name=given["name"],
            phone=given["phone"],
            language=given["language"] or "zh-hans",
        )
    report = Report(
        kind=given["kind"],
        narrative=given["narrative"],
        channel=given["channel"],
        urgency=URGENT if given["urgent"] else "",
        area=given["area"],
        place=given["place"],
        people=given["people"],
        occurred_at=given["occurred_at"],
        occurred_words=given["occurred_words"],
        remedy_sought=given["remedy_sought"],
        emotion=given["emotion"],
        complained_of=given["complained_of"],
        event=given["event"],
        subject=person,
        language=person.language if person else given["language"] or "zh-hans",
    )
    return open_case(report=report, new_person=new_person, club=club, actor=request.actor, at=at)


def _taken_once(request: SignedRequest, given: dict[str, Any], club: Club, at: datetime) -> HttpResponse:
    """Open the case, once for each form however often it is sent; lead to its page, which shows the tracking code.

    One that its author may not read, as a sensitive one, is named by its number alone: a code would open it.
    """
    taken: list[Opened] = []

    def act() -> int:
        taken.append(_take(request, given, club, at))
        return taken[-1].case.pk

    pk = once(request, act, form=request.actor.key, at=at)
    number = Case.objects.values_list("number", flat=True).get(pk=pk)
    if not in_sight(request, number):
        messages.success(request, _("Logged as %s. A service manager takes it from here.") % number)
        return redirect("desk_queue")
    if taken:
        keep_code(request, pk, taken[-1].track_code)
    return redirect("desk_case", number)


def _promise(policy: Policy, kind: Kind) -> dict[str, Any]:
    """Return what a member may expect of a kind, as a rule and when it is urgent."""
    usual, urgent = (
        [said(row.member_words) for row in policy.deadlines_for(kind.code, urgency) if row.member_words]
        for urgency in (str(kind.default_urgency), URGENT)
    )
    return {
        "kind": said(kind.title),
        "hint": said(kind.hint),
        "usual": usual or [_("No clock runs.")],
        "urgent": urgent if urgent != usual else [],
    }


def _people(request: SignedRequest) -> dict[str, Any]:
    """Return the people that match what was typed, with their open cases. Two statements, none for an empty search."""
    actor = request.actor
    may_find = actor.may_somewhere("member.find")
    search = SearchForm({"q": request.POST.get("who", "")})
    who = search.cleaned_data["q"] if search.is_valid() and may_find else ""
    found = list(find_people(who, actor=actor)) if who else []
    cases = open_cases_of([person.pk for person in found], actor=actor) if found else {}
    people = [
        (str(person.pk), person, STANDINGS[person.standing], cases.get(person.pk, [])) for person in found
    ]
    return {"may_find": may_find, "people": people, "who": who, "chosen": request.POST.get("person", "")}


def _suggested(request: SignedRequest, versions: tuple[int, ...]) -> dict[str, Any]:
    """Return what the words typed so far suggest, once somebody asks; a person decides (B19)."""
    text = request.POST.get("narrative", "")[:MOST_CHARACTERS]
    asked = "suggest" in request.POST and bool(text.strip())
    return {"asked": asked, "proposal": proposal(text, versions) if asked else None}


def _typed(request: SignedRequest, suggested: dict[str, Any]) -> dict[str, Any]:
    """Return the form as it was typed, with the suggestion where that was taken; what was typed is not overwritten."""
    typed: dict[str, Any] = request.POST.dict()
    if request.POST.get("suggest") == "take" and suggested["proposal"]:
        fill = suggested["proposal"].fill
        typed |= {name: value for name, value in fill.items() if name in DECIDED or not typed.get(name)}
    return typed


def _sent(request: SignedRequest) -> QueryDict:
    """Return the form as it was sent; the emergency button stands for its kind, whatever else was chosen."""
    sent = request.POST.copy()
    if emergency := sent.get("emergency"):
        sent["kind"] = emergency
        sent.pop("urgent", None)
    return sent


def _part(request: SignedRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
