"""Colleagues and members."""

from __future__ import annotations

from clubassist.core.actor import SYSTEM, Actor, ActorKind
from clubassist.domain.club.models import Club
from clubassist.domain.members.actions import NewPerson, give_account, register_person
from clubassist.domain.members.models import Person
from clubassist.domain.members.queries import member_actor
from clubassist.domain.people.actions import hire
from clubassist.domain.people.models import Account
from tests.makers.clubs import LONG_AGO

PASSWORD = "correct horse battery"


def make_account(username: str, role: str, club: Club | None, *, name: str = "") -> Account:
    """Return a colleague who holds `role` at `club` (None: everywhere) and can sign in with PASSWORD."""
    return hire(
        username=username,
        name=name or username.title(),
        password=PASSWORD,
        role=role,
        club=club,
        actor=SYSTEM,
        at=LONG_AGO,
    )


def make_head(club: Club, department: str = "venue", *, username: str = "head") -> Account:
    """Return the head of a department of the club."""
    return hire(
        username=username,
        name=username.title(),
        password=PASSWORD,
        role="coach",
        club=club,
        department=department,
        heads=True,
        actor=SYSTEM,
        at=LONG_AGO,
    )


def make_member(
    club: Club, *, name: str = "安然", phone: str = "13800138000", number: str = "M0001"
) -> Person:
    """Return a member with a verified phone."""
    new = NewPerson(standing="member", name=name, phone=phone, member_number=number, verified=True)
    return register_person(club=club, new=new, actor=SYSTEM, at=LONG_AGO)


def actor_of_member(person: Person) -> Actor:
    """Return a member as an actor, signed in."""
    return member_actor(give_account(person=person, actor=SYSTEM, at=LONG_AGO))


GUEST = Actor(kind=ActorKind.GUEST)
