"""The way in, what we promise, and what we know about the member."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse

from clubassist.core import clock
from clubassist.domain.cases.models import Case
from clubassist.domain.club.models import Club
from clubassist.domain.club.queries import policy_in_force
from clubassist.domain.members.models import Contact, Person
from clubassist.web.portal.looks import looks_at
from clubassist.web.portal.matters import matters
from clubassist.web.portal.pages import choose_club, club_of, page, visitor
from clubassist.web.portal.promises import all_promises
from clubassist.web.shared.doors import member, public
from clubassist.web.shared.visitor import SignedRequest

SHOWN_AT_HOME: Final = 5


@public()
def home(request: SignedRequest) -> HttpResponse:
    """Show what waits for the member, their open matters and what can be done here; ask for the club first."""
    club = club_of(request)
    if club is None:
        return choose_club(request)
    actor = visitor(request)
    own = Case.objects.visible_to(actor).unfinished() if actor.person else Case.objects.none()
    rows = matters(own.order_by("awaits_reply", "-pk")[:SHOWN_AT_HOME])
    waiting = sum(row.standing in ("answered", "resolved") for row in rows)
    context = {"name": actor.name, "matters": rows, "waiting": waiting}
    return page(request, "home", context, club=club, tab="home", private=actor.person is not None)


@public()
def promise(request: SignedRequest) -> HttpResponse:
    """Show every promise of the policy in force, in plain words, with the clauses it comes from."""
    club = club_of(request)
    if club is None:
        return choose_club(request)
    groups = all_promises(policy_in_force(club, at=clock.now()).policy)
    return page(request, "promise", {"groups": groups}, club=club)


@public()
def privacy(request: SignedRequest) -> HttpResponse:
    """Say what is kept and who sees it; a signed-in member reads who looked at their contacts (F25)."""
    club = club_of(request)
    if club is None:
        return choose_club(request)
    actor = visitor(request)
    policy = policy_in_force(club, at=clock.now()).policy
    looks = looks_at(actor, policy) if actor.person else []
    return page(request, "privacy", {"looks": looks}, club=club, private=actor.person is not None)


@member()
def me(request: SignedRequest) -> HttpResponse:
    """Show the member's own file: name, club, masked contacts; language, text size, sign out."""
    actor = request.actor
    person = Person.objects.visible_to(actor).get(account=actor.account)
    contacts = Contact.objects.visible_to(actor).filter(person=person).order_by("kind", "pk")
    context = {
        "person": person,
        "own_club": Club.objects.get(pk=person.club_id),
        "contacts": [(contact.kind, contact.masked()) for contact in contacts],
    }
    return page(request, "me", context, club=club_of(request), tab="me", private=True)
