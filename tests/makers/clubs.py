"""Clubs with places, hours and packs in force."""

from __future__ import annotations

from datetime import UTC, datetime

from clubassist.core.actor import SYSTEM
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Area, Club, OpeningWindow, Venue
from clubassist.pure.policy import Pack, shipped_pack

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def make_club(
    *,
    code: str = "main",
    name: str = "星锐篮球俱乐部",
    name_en: str = "Star Club",
    packs: tuple[str, ...] = ("common", "fitness", "basketball"),
) -> Club:
    """Return a club open 08:00-22:00 every day with two areas and these packs in force."""
    club = Club.objects.create(code=code, name=name, name_en=name_en, phone="0571-88881000")
    venue = Venue.objects.create(club=club, name="滨江馆", name_en="Riverside")
    Area.objects.create(venue=venue, name="一号场", name_en="Court 1", position=1)
    Area.objects.create(venue=venue, name="二号场", name_en="Court 2", position=2)
    OpeningWindow.objects.bulk_create(
        OpeningWindow(club=club, weekday=day, opens=480, closes=1320) for day in range(7)
    )
    for pack in packs:
        version = store_pack(pack=shipped_pack(pack), actor=SYSTEM, at=LONG_AGO)
        adopt_pack(club=club, version=version, effective_from=LONG_AGO, actor=SYSTEM, at=LONG_AGO)
    return club


def make_sensitive(club: Club, kind: str) -> None:
    """Let a kind of case be sensitive at the club from now on; no shipped one is."""
    document = shipped_pack("common").document()
    document["version"] += ".sensitive"
    for row in document["kinds"]:
        if row["code"] == kind:
            row["confidentiality"] = "sensitive"
    version = store_pack(pack=Pack.from_document(document), actor=SYSTEM, at=LONG_AGO)
    adopt_pack(club=club, version=version, effective_from=LONG_AGO, actor=SYSTEM, at=LONG_AGO)


def by_opening_hours(club: Club, *, target: str, at: datetime) -> None:
    """Let enquiries be answered within so many opening hours from `at` on."""
    document = shipped_pack("common").document()
    document["version"] = "2026.9"
    for row in document["deadlines"]:
        if row["id"] == "inquiry-first-response":
            row |= {"target": target, "calendar": "opening"}
    version = store_pack(pack=Pack.from_document(document), actor=SYSTEM, at=at)
    adopt_pack(club=club, version=version, effective_from=at, actor=SYSTEM, at=at)
