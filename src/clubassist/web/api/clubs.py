"""What a report needs to name: clubs with their areas, and the kinds in force with their promises."""

from __future__ import annotations

from collections import defaultdict

from clubassist.domain.club.models import Adoption, Area, Club
from clubassist.domain.club.queries import packs_run, policy_in_force
from clubassist.pure.policy import Policy, Urgency
from clubassist.web.api.answers import AdoptionRow, AreaRow, Clubs, Kinds, Packs, PromiseRow
from clubassist.web.api.bodies import ClubCode
from clubassist.web.api.intake import club_of
from clubassist.web.api.operations import ANY_TOKEN, Call, get
from clubassist.web.api.shapes import both, moment


@get("/clubs", scope=ANY_TOKEN, answer=Clubs, tag="intake")
def list_clubs(request: Call) -> Clubs:
    """List the clubs and their areas."""
    areas: dict[int, list[AreaRow]] = defaultdict(list)
    there = Area.objects.visible_to(request.actor).select_related("venue")
    for area in there.order_by("venue__club", "venue", "position", "pk"):
        name: AreaRow = {
            "id": area.pk,
            "venue": area.venue.name,
            "name": {"zh": area.name, "en": area.name_en},
        }
        areas[area.venue.club_id].append(name)
    return {
        "clubs": [
            {
                "code": club.code,
                "name": {"zh": club.name, "en": club.name_en},
                "zone": club.zone,
                "phone": club.phone,
                "areas": areas[club.pk],
            }
            for club in Club.objects.visible_to(request.actor).order_by("code")
        ]
    }


@get("/kinds", scope=ANY_TOKEN, answer=Kinds, tag="intake")
def list_kinds(request: Call, club: ClubCode) -> Kinds:
    """List the kinds of case in force at a club, with what the club promises for each."""
    policy = policy_in_force(club_of(club), at=request.at).policy
    return {
        "kinds": [
            {
                "code": kind.code,
                "title": both(kind.title),
                "hint": both(kind.hint),
                "member_choice": both(kind.member_choice) if kind.member_choice else None,
                "promises": _promises(policy, kind.code),
            }
            for kind in policy.kinds
        ]
    }


@get("/packs", scope=ANY_TOKEN, answer=Packs, tag="intake")
def list_packs(request: Call, club: ClubCode) -> Packs:
    """List the packs that a club runs by: the version in force, since when, and what is planned."""
    here = club_of(club)
    return {
        "packs": [
            {
                "name": run.pack.name,
                "title": both(run.pack.title),
                "now": _adoption(run.now) if run.now else None,
                "planned": [_adoption(each) for each in run.planned],
            }
            for run in packs_run([here], at=request.at)[here.pk]
        ]
    }


def _adoption(row: Adoption) -> AdoptionRow:
    return {"version": row.pack_version.version, "effective_from": moment(row.effective_from)}


def _promises(policy: Policy, kind: str) -> list[PromiseRow]:
    return [
        {"promise": deadline.promise, "urgency": urgency, "words": both(words)}
        for urgency in (Urgency.NORMAL, Urgency.URGENT)
        for deadline in policy.deadlines_for(kind, urgency)
        if (words := deadline.member_words) is not None
    ]
