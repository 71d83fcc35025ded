"""Which version of each pack a reader's clubs run by, and since when (F13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clubassist.domain.club.models import Adoption, Club
from clubassist.domain.club.queries import packs_of, policy_of
from clubassist.pure.policy import Policy, Text


@dataclass(frozen=True, slots=True)
class Edition:
    """A pack version in force since `since`; `clubs` (ids) run by the pack, `elsewhere` of them by another version."""

    name: str
    title: Text
    version: str
    since: datetime
    clubs: frozenset[int]
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The merged rules of several clubs; `edition_of` tells for each clause id which pack it is from."""

    policy: Policy
    editions: tuple[Edition, ...]
    edition_of: Mapping[str, Edition]


def rulebook(clubs: Sequence[Club], *, at: datetime) -> Rulebook:
    """Return the rules in force at `clubs` at `at`; where they run different versions, the one adopted last.

    One statement when warm, three after a start. Without clubs or adoptions the book is empty.
    """
    rows = (
        Adoption.objects.filter(club__in=clubs, effective_from__lte=at)
        .order_by("club", "pack_version__name", "-effective_from", "-pk")
        .distinct("club", "pack_version__name")
        .values_list("pack_version__name", "effective_from", "pack_version", "club")
    )
    adopted = sorted(rows)
    newest = {name: version for name, _since, version, _club in adopted}
    versions = tuple(sorted(newest.values()))
    editions = []
    for version, pack in zip(versions, packs_of(versions), strict=True):
        since = min(start for _name, start, each, _club in adopted if each == version)
        runs = {club: each for name, _start, each, club in adopted if name == pack.name}
        elsewhere = sum(each != version for each in runs.values())
        edition = Edition(pack.name, pack.title, pack.version, since, frozenset(runs), elsewhere)
        editions.append((edition, pack))
    return Rulebook(
        policy_of(versions),
        tuple(edition for edition, _pack in editions),
        {clause.id: edition for edition, pack in editions for clause in pack.clauses},
    )
