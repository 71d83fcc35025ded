"""Taking reports in from websites, apps and telephone systems."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clubassist.core.refusal import Refused
from clubassist.domain.cases.actions import Opened, Report, open_case
from clubassist.domain.club.models import Area, Club
from clubassist.domain.club.queries import open_club
from clubassist.domain.members.actions import NewPerson
from clubassist.domain.members.models import Person
from clubassist.web.api.answers import Receipt
from clubassist.web.api.bodies import IntakeBody, PersonBody
from clubassist.web.api.operations import Call, post
from clubassist.web.api.shapes import deadlines_of, moment


@post("/intake", scope="case.open", answer=Receipt, tag="intake")
def take_in(request: Call, report: IntakeBody) -> Receipt:
    """Open a case for what somebody told the club.

    The promises run from now. `person` is kept as a guest; `member_number` names a member that the token may look up.
    Show `track_code` to the person: it opens the case's page, even where the token may not read the case, and it is not
    told again under another key. Do not keep it.
    """
    club = club_of(report.club)
    opened = open_case(
        report=_report(report, club, request),
        new_person=_guest(report.person, report.language) if report.person else None,
        club=club,
        actor=request.actor,
        at=request.at,
    )
    return _receipt(opened)


def club_of(code: str) -> Club:
    """Return the open club of this code. Raises Refused at the field."""
    club = open_club(code)
    if club is None:
        raise Refused(
            "club-unknown", field="club", mend=_("There is no such club. GET /clubs lists them all.")
        )
    return club


def _report(body: IntakeBody, club: Club, request: Call) -> Report:
    return Report(
        kind=body.kind,
        narrative=body.narrative,
        channel=body.channel,
        urgency=body.urgency or "",
        area=_area(body.area, club) if body.area else None,
        place=body.place,
        people=body.people,
        occurred_at=body.occurred_at,
        occurred_words=body.occurred_words,
        remedy_sought=body.remedy_sought,
        emotion=body.emotion,
        complained_of=body.complained_of,
        event=body.event,
        subject=_member(body.member_number, club, request) if body.member_number else None,
        language=body.language,
    )


def _area(pk: int, club: Club) -> Area:
    area = Area.objects.filter(pk=pk, venue__club=club).first()
    if area is None:
        raise Refused(
            "area-unknown", field="area", mend=_("Choose an area of this club. GET /clubs lists them.")
        )
    return area


def _member(number: str, club: Club, request: Call) -> Person:
    member = Person.objects.visible_to(request.actor).filter(club=club, member_number=number).first()
    if member is None:
        raise Refused(
            "member-unknown",
            field="member_number",
            mend=_("This token sees no member with this number. Leave it out, or say who reports in person."),
        )
    return member


def _guest(body: PersonBody, language: str) -> NewPerson:
    return NewPerson(name=body.name, phone=body.phone, mail=body.mail, language=language)


def _receipt(opened: Opened) -> Receipt:
    deadlines = deadlines_of(opened.case)
    promised = [clock for clock in opened.clocks if deadlines[clock.deadline].member_promise]
    clocks = sorted(promised, key=lambda clock: (clock.due_at, clock.pk))
    return {
        "number": opened.case.number,
        "due": [{"promise": clock.promise, "due_at": moment(clock.due_at)} for clock in clocks],
        "track_code": opened.track_code,
        "missing": list(opened.missing),
    }
