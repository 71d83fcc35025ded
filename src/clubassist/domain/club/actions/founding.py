"""Founding clubs."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Refused
from clubassist.domain.club import rules
from clubassist.domain.club.actions.adopting import adopt_together
from clubassist.domain.club.facts import ClubFounded
from clubassist.domain.club.models import Area, Club, OpeningWindow, Venue
from clubassist.domain.club.plan import ClubPlan
from clubassist.pure.policy import merge, shipped_names, shipped_pack


@action
def found_club(*, plan: ClubPlan, actor: Actor, at: datetime) -> Club:
    """Add a club with its venues, areas and opening hours; the shipped packs it names are in force from `at` on.

    Records ClubFounded and PackAdopted. Raises Refused for a code that is taken or a pack that does not ship.
    """
    if not rules.may_found(actor):
        raise Refused(
            "not-allowed", mend=_("Clubs are added at the command line: clubassist club add."), status=403
        )
    if Club.objects.filter(code=plan.code).exists():
        raise Refused("code-taken", field="code", mend=_("Another club has this code. Choose a new one."))
    if unknown := set(plan.packs) - set(shipped_names()):
        raise Refused("pack-unknown", field="packs", mend=_("Unknown: %s.") % ", ".join(sorted(unknown)))
    packs = [shipped_pack(name) for name in plan.packs]
    if not merge(packs).kinds:
        raise Refused(
            "packs-incomplete",
            field="packs",
            mend=_("These packs name no kind of case. Put “common” before them."),
        )
    club = Club.objects.create(
        code=plan.code, name=plan.name, name_en=plan.name_en, zone=plan.zone, phone=plan.phone
    )
    for house in plan.venues:
        venue = Venue.objects.create(club=club, name=house.name, name_en=house.name_en)
        Area.objects.bulk_create(
            Area(venue=venue, name=area.name, name_en=area.name_en, position=position)
            for position, area in enumerate(house.areas, 1)
        )
    OpeningWindow.objects.bulk_create(
        OpeningWindow(club=club, weekday=weekday, opens=opens, closes=closes)
        for hours in plan.hours
        for weekday, opens, closes in hours.windows()
    )
    record(ClubFounded(club_id=club.pk, code=club.code), actor=actor, at=at, scope=club.pk)
    adopt_together(club, packs, actor=actor, at=at)
    return club
