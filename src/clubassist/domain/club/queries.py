"""Reads about clubs that join or compute: the policy in force, the opening calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection

from clubassist.core import rows
from clubassist.domain.club.models import Adoption, Club, OpeningWindow, PackVersion, SpecialDay
from clubassist.pure.policy import Pack, PackError, Policy, Problem, check_run, merge
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
    versions = _versions_at(club, at)
    return PolicyInForce(policy_of(versions), versions)


def packs_at(club: Club, *, at: datetime) -> tuple[Pack, ...]:
    """Return the packs in force at `club` at `at`, in the order in which they are merged. One statement when warm."""
    return packs_of(_versions_at(club, at))


def _versions_at(club: Club, at: datetime) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, [club.pk, at])
        return tuple(sorted(row[0] for row in cursor.fetchall()))


@lru_cache(maxsize=64)
def policy_of(versions: tuple[int, ...]) -> Policy:
    """Return the merged policy of these pack versions; they are immutable, so each process merges them once."""
    return merge(packs_of(versions))


@lru_cache(maxsize=64)
def packs_of(versions: tuple[int, ...]) -> tuple[Pack, ...]:
    """Return these pack versions as packs, read once by each process: they are immutable."""
    documents = PackVersion.objects.in_bulk(versions)
    return tuple(Pack.from_document(documents[pk].document) for pk in versions)


def misfits(packs: Sequence[Pack]) -> list[Problem]:
    """Return what keeps these packs from being run together at one club."""
    try:
        policy = merge(packs)
    except PackError as error:
        return list(error.problems)
    if not policy.kinds:
        mend = "Keep “common”, or a pack with kinds of its own."
        return [Problem("kinds.toml", "kind", "no kind of case is left at this club", mend)]
    return [problem for pack in packs for problem in check_run(pack, packs)]


@lru_cache(maxsize=64)
def fit(versions: tuple[int, ...]) -> bool:
    """Tell whether these pack versions can be run together; each process works it out once."""
    return not misfits(packs_of(versions))


@dataclass(frozen=True, slots=True)
class PackRun:
    """A pack by which a club runs: what is in force (None when it is only planned), and what comes, in order."""

    pack: Pack
    now: Adoption | None
    planned: tuple[Adoption, ...]


def packs_run(clubs: Sequence[Club], *, at: datetime) -> dict[int, list[PackRun]]:
    """Return for each club (id) the packs it runs by or will run by, by name. One statement when warm."""
    rows = Adoption.objects.filter(club__in=clubs).order_by("effective_from", "pk")
    found: dict[tuple[int, str], list[Adoption]] = {}
    for row in rows.select_related("pack_version").defer("pack_version__document"):
        found.setdefault((row.club_id, row.pack_version.name), []).append(row)
    runs: dict[int, list[PackRun]] = {club.pk: [] for club in clubs}
    for (club_id, _name), adoptions in sorted(found.items()):
        begun = [each for each in adoptions if each.effective_from <= at]
        planned = tuple(each for each in adoptions if each.effective_from > at)
        now = begun[-1] if begun else None
        (pack,) = packs_of(((now or planned[0]).pack_version_id,))
        runs[club_id].append(PackRun(pack, now, planned))
    return runs


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
