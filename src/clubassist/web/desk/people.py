"""Members: looking them up, their file, and the one page that shows a full number."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from clubassist.core import clock
from clubassist.core.actor import Actor
from clubassist.core.refusal import Missing
from clubassist.domain.cases.models import Case
from clubassist.domain.cases.queries import open_cases_of
from clubassist.domain.members.actions import reveal_contact
from clubassist.domain.members.models import Contact, Person
from clubassist.domain.members.queries import find_people
from clubassist.web.desk.access_log import looks_at
from clubassist.web.desk.forms import RevealForm, SearchForm
from clubassist.web.desk.page import desk_page, way_back
from clubassist.web.desk.reading import masked_contacts
from clubassist.web.desk.rows import STANDINGS, file_rows
from clubassist.web.shared.doors import staff
from clubassist.web.shared.visitor import SignedRequest


@staff("member.find")
def members(request: SignedRequest) -> HttpResponse:
    """Look people up by name, full number, its last four digits or member number."""
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "now": clock.now(),
        "form": form,
        "query": words,
        "people": people_rows(words, actor=request.actor),
    }
    return desk_page(request, "desk/members.html", context, status=200 if form.is_valid() else 422)


def people_rows(words: str, *, actor: Actor) -> list[tuple[Person, str, list[Case]]]:
    """Return who is found, each with their standing and their open cases. Two statements."""
    found = list(find_people(words, actor=actor).select_related("club"))
    cases = open_cases_of([person.pk for person in found], actor=actor) if found else {}
    return [(person, str(STANDINGS[person.standing]), cases.get(person.pk, [])) for person in found]


@staff("member.find")
def member(request: SignedRequest, pk: UUID) -> HttpResponse:
    """Show a person's file."""
    person = Person.objects.visible_to(request.actor).select_related("club").filter(pk=pk).first()
    if person is None:
        raise Missing
    return _file(request, person, RevealForm(), None)


def _file(request: SignedRequest, person: Person, form: RevealForm, tried: UUID | None) -> HttpResponse:
    """Show the file; `tried` is the contact whose reveal the form was refused."""
    at = clock.now()
    actor = request.actor
    contacts = masked_contacts(person, actor=actor)
    context = {
        "now": at,
        "section": "desk_members",
        "form": form,
        "tried": tried,
        "person": person,
        "standing": STANDINGS[person.standing],
        "contacts": contacts,
        "may_reveal": actor.may("contact.reveal", person.club_id),
        "cases": file_rows(person, actor=actor, at=at),
        "looks": looks_at([contact["pk"] for contact in contacts], actor=actor, club=person.club_id, at=at),
    }
    return desk_page(request, "desk/member.html", context, status=form.status)


@staff("contact.reveal", methods=("POST",))
def reveal(request: SignedRequest, pk: UUID) -> HttpResponse:
    """Show one contact in full, this once, and leave a trace of who looked and why (F25)."""
    at = clock.now()
    # Not narrowed to what the reader sees: the action judges, so that a try at another club's is logged.
    contact = Contact.objects.select_related("person__club").filter(pk=pk).first()
    if contact is None:
        raise Missing
    form = RevealForm(request.POST)
    if not form.is_valid():
        form.status = 422
        if not Contact.objects.visible_to(request.actor).filter(pk=pk).exists():
            raise Missing
        return _file(request, contact.person, form, pk)
    shown = reveal_contact(contact=contact, reason=form.cleaned_data["reason"], actor=request.actor, at=at)
    if not shown:
        raise Missing
    context = {
        "now": at,
        "section": "desk_members",
        "contact": contact,
        "shown": shown,
        "back": way_back(request, reverse("desk_member", args=[contact.person_id])),
    }
    response = desk_page(request, "desk/revealed.html", context)
    response["Cache-Control"] = "no-store"
    return response
