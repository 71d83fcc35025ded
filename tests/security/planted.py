"""A small world full of canaries: every role's own case, one of a colleague, one of another club."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from clubassist.core import clock
from clubassist.core.actor import SYSTEM, Actor
from clubassist.domain.cases.actions import add_note, open_case
from clubassist.domain.cases.models import Case
from clubassist.domain.club.models import Club
from clubassist.domain.members.actions import NewPerson, give_account, register_person
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import staff_actor
from clubassist.domain.people.roles import EVERY_PERMISSION, ROLES
from tests.makers.cases import make_report
from tests.makers.clubs import LONG_AGO
from tests.makers.files import received
from tests.makers.people import make_account
from tests.security.canaries import MAIL, PHONE, Canary
from tests.web.api.tokens import token_of
from tests.web.role_world import Thing, World, make_world

NEAR, FAR = "same_club", "other_club"
READS_THE_CLUB = ("agent", "service_manager")
READS_ITS_OWN = ("coach", "technician")


@dataclass(frozen=True, slots=True)
class Planted:
    """The world and its canaries: what was told and noted on each case, named by whose case it is."""

    world: World
    narratives: tuple[Canary, ...]
    notes: tuple[Canary, ...]
    codes: tuple[Canary, ...]

    def hidden_from(self, role: str, route: str) -> tuple[Canary, ...]:
        """Return what `role` must not see on a route: the link's page opens that one case to whoever holds it."""
        if route.startswith("/t/"):
            return self.notes
        seen = self._own(role)
        return tuple(canary for canary in self.narratives + self.notes if canary not in seen)

    def _own(self, role: str) -> tuple[Canary, ...]:
        every = self.narratives + self.notes
        if role in READS_THE_CLUB:
            return tuple(canary for canary in every if not canary.place.endswith(FAR))
        if role in READS_ITS_OWN:
            return tuple(canary for canary in every if canary.place.endswith(f" {role}"))
        return tuple(canary for canary in self.narratives if canary.place == f"narrative {role}")


def plant() -> Planted:
    """Make the world; every person in it has the same phone and mail, every case texts of its own."""
    world = make_world()
    main, other = Club.objects.get(code="main"), Club.objects.get(code="other")
    centre = staff_actor(make_account("centre", "service_manager", None))
    member = _member(world, main)
    own = {role: (main, world.accounts[role]) for role in ROLES}
    places: dict[str, tuple[Club, Account | None]] = {**own, "member": (main, None)}
    places |= {NEAR: (main, None), FAR: (other, None)}
    narratives, notes, codes = [], [], []
    for number, (whose, (club, owner)) in enumerate(places.items()):
        narrative = Canary(f"narrative {whose}", f"青鹭{number:02}停在二号馆")
        note = Canary(f"note {whose}", f"白鲸{number:02}只给同事看")
        thing = _case(club, centre, narrative, note, member if whose == "member" else None, owner)
        (world.elsewhere if whose in (NEAR, FAR) else world.own)[whose] = thing
        narratives.append(narrative)
        notes.append(note)
        codes.append(Canary(f"code {whose}", thing.code))
    return Planted(world, tuple(narratives), tuple(notes), tuple(codes))


def _member(world: World, club: Club) -> Person:
    """Put a member whose contacts are canaries in the place of the world's."""
    new = NewPerson(
        standing="member",
        name="安然",
        phone=PHONE.text,
        mail=MAIL.text,
        member_number="M0009",
        verified=True,
    )
    person = register_person(club=club, new=new, actor=SYSTEM, at=LONG_AGO)
    account = give_account(person=person, actor=SYSTEM, at=LONG_AGO)
    browser = Client()
    browser.force_login(account)
    world.accounts["member"] = account
    world.sessions["member"] = browser.cookies["sessionid"].value
    world.tokens["member"] = token_of(account, EVERY_PERMISSION)
    return person


def _case(
    club: Club,
    centre: Actor,
    narrative: Canary,
    note: Canary,
    person: Person | None,
    owner: Account | None,
) -> Thing:
    guest = None if person else NewPerson(name="访客", phone=PHONE.text, mail=MAIL.text)
    report = make_report(narrative=narrative.text, subject=person)
    opened = open_case(report=report, new_person=guest, club=club, actor=centre, at=clock.now())
    scan = received(b"%PDF-1.4\n% " + note.text.encode())
    add_note(case=opened.case, text=note.text, files=[scan], actor=centre, at=clock.now())
    Case.objects.filter(pk=opened.case.pk).update(owner=owner)
    return Thing(opened.case, opened.track_code)
