"""Founding clubs and putting rules into force."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Refused
from clubassist.domain.club import rules
from clubassist.domain.club.facts import ClubFounded, PackAdopted, PackStored
from clubassist.domain.club.models import Adoption, Area, Club, OpeningWindow, PackVersion, Venue
from clubassist.domain.club.plan import ClubPlan
from clubassist.pure.policy import Pack, merge, pack_hash, shipped_names, shipped_pack


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
    for pack in packs:
        version = store_pack(pack=pack, actor=actor, at=at)
        adopt_pack(club=club, version=version, effective_from=at, actor=actor, at=at)
    return club


@action
def store_pack(*, pack: Pack, actor: Actor, at: datetime) -> PackVersion:
    """Keep a checked pack as an immutable version; the same name and version again gives the row that is there.

    Records PackStored. Raises Refused when the version exists with other content: a version never changes.
    """
    digest = pack_hash(pack)
    version, created = PackVersion.objects.get_or_create(
        name=pack.name,
        version=pack.version,
        defaults={"document": pack.document(), "digest": digest, "author": actor.key, "stored_at": at},
    )
    if version.digest != digest:
        raise Refused(
            "pack-version-taken",
            field="version",
            mend=_("This version exists with other content. Give the changed pack a new version number."),
        )
    if created:
        record(PackStored(pack_version_id=version.pk, digest=digest), actor=actor, at=at, scope=None)
    return version


@action
def adopt_pack(
    *, club: Club, version: PackVersion, effective_from: datetime, actor: Actor, at: datetime
) -> Adoption:
    """Let `club` run by `version` from `effective_from` on; open cases keep the version they began with (F13).

    Records PackAdopted. Raises Refused without the right, or for a date before now other than the first adoption.
    """
    if not rules.may_adopt(actor, club):
        raise Refused(
            "not-allowed", mend=_("Ask a manager of this club to put the rules into force."), status=403
        )
    earlier = Adoption.objects.filter(club=club, pack_version__name=version.name).exists()
    if earlier and effective_from < at:
        raise Refused(
            "date-in-the-past",
            field="effective_from",
            mend=_("Choose a time that has not passed: cases already opened keep their limits."),
        )
    adoption = Adoption.objects.create(
        club=club, pack_version=version, effective_from=effective_from, adopted_by=actor.key, adopted_at=at
    )
    fact = PackAdopted(club_id=club.pk, pack_version_id=version.pk, effective_from=effective_from)
    record(fact, actor=actor, at=at, scope=club.pk)
    return adoption
