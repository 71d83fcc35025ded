"""Reads about clubs that join or compute: the policy in force, the opening calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection

from clubassist.core import rows
from clubassist.domain.club.models import Club, OpeningWindow, PackVersion, SpecialDay
from clubassist.pure.policy import Pack, Policy, merge
from clubassist.pure.worktime import Calendar, Window

_OPEN = "select {club} from club_club where code = %s and closed_at is null"
_IN_FORCE = """
select distinct on (v.name) v.id
from club_adoption a join club_packversion v on v.id = a.pack_version_id
where a.club_id = %s and a.effective_from <= %s
order by v.name, a.effective_from desc, a.id desc
"""


def open_club(code: str) -> Club | None:
    """Return the club of this code unless it has closed. One statement, not composed anew for each call."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN.format(club=rows.columns(Club)), [code])
        row = cursor.fetchone()
    return rows.read(Club, row) if row else None


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """The merged policy of a club at a moment, and the pack versions it is made of (a case keeps these)."""

    policy: Policy
    versions: tuple[int, ...]


def policy_in_force(club: Club, *, at: datetime) -> PolicyInForce:
    """Return the packs in force at `club` at `at`, merged; the stricter number wins (A20). One statement when warm."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, [club.pk, at])
        versions = tuple(sorted(row[0] for row in cursor.fetchall()))
    return PolicyInForce(policy_of(versions), versions)


@lru_cache(maxsize=64)
def policy_of(versions: tuple[int, ...]) -> Policy:
    """Return the merged policy of these pack versions; they are immutable, so each process merges them once."""
    documents = PackVersion.objects.in_bulk(versions)
    return merge([Pack.from_document(documents[pk].document) for pk in versions])


def opening_calendar(club: Club) -> Calendar:
    """Return the club's opening hours as a calendar in its own zone. Two statements."""
    weekly: list[list[Window]] = [[] for _ in range(7)]
    for row in OpeningWindow.objects.filter(club=club).order_by("weekday", "opens"):
        weekly[row.weekday].append(Window(row.opens, row.closes))
    days = {
        row.date: tuple(Window(opens, closes) for opens, closes in row.windows)
        for row in SpecialDay.objects.filter(club=club)
    }
    return Calendar(club.zone, tuple(tuple(windows) for windows in weekly), days)


def calendar_for(club: Club, name: str) -> Calendar:
    """Return the calendar that a deadline names: "always" or "opening"."""
    return Calendar.always(club.zone) if name == "always" else opening_calendar(club)
