"""Which version of each pack a reader's clubs run by, and since when (F13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from clubassist.domain.club.models import Adoption, Club
from clubassist.domain.club.queries import fit, packs_of, policy_of
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
    """The merged rules of `clubs`; `edition_of` tells for each clause id which pack it is from."""

    clubs: tuple[Club, ...]
    policy: Policy
    editions: tuple[Edition, ...]
    edition_of: Mapping[str, Edition]


class _Run(NamedTuple):
    """That a club runs by a version of a pack, since when."""

    name: str
    since: datetime
    version: int
    club: int


def rulebooks(clubs: Sequence[Club], *, at: datetime) -> list[Rulebook]:
    """Return the rules in force at `clubs` at `at`, at least one book, the one of the first club first.

    Clubs share a book as long as their rules go together; where they run different versions of a pack, it has the one
    adopted last. A club whose own rules disagree with those of the clubs before it gets another book. One statement
    when warm, three more for each book after a start. Without clubs or adoptions there is one empty book.
    """
    rows = (
        Adoption.objects.filter(club__in=clubs, effective_from__lte=at)
        .order_by("club", "pack_version__name", "-effective_from", "-pk")
        .distinct("club", "pack_version__name")
        .values_list("pack_version__name", "effective_from", "pack_version", "club")
    )
    runs: defaultdict[int, list[_Run]] = defaultdict(list)
    for run in map(_Run._make, rows):
        runs[run.club].append(run)
    shares: list[list[Club]] = []
    for club in clubs:
        joined = (share for share in shares if _go_together([*share, club], runs))
        share = next(joined, None)
        if share is None:
            shares.append([club])
        else:
            share.append(club)
    return [_book(share, [run for club in share for run in runs[club.pk]]) for share in shares or [[]]]


def _go_together(clubs: Sequence[Club], runs: Mapping[int, list[_Run]]) -> bool:
    """Tell whether the last adopted version of each pack of these clubs can be run together."""
    own = {tuple(sorted(run.version for run in runs[club.pk])) for club in clubs}
    return len(own) == 1 or fit(_newest(run for club in clubs for run in runs[club.pk]))


def _newest(runs: Iterable[_Run]) -> tuple[int, ...]:
    return tuple(sorted({run.name: run.version for run in sorted(runs)}.values()))


def _book(clubs: Sequence[Club], adopted: Sequence[_Run]) -> Rulebook:
    versions = _newest(adopted)
    editions = []
    for version, pack in zip(versions, packs_of(versions), strict=True):
        since = min(run.since for run in adopted if run.version == version)
        by_club = {run.club: run.version for run in adopted if run.name == pack.name}
        elsewhere = sum(each != version for each in by_club.values())
        edition = Edition(pack.name, pack.title, pack.version, since, frozenset(by_club), elsewhere)
        editions.append((edition, pack))
    return Rulebook(
        tuple(clubs),
        policy_of(versions),
        tuple(edition for edition, _pack in editions),
        {clause.id: edition for edition, pack in editions for clause in pack.clauses},
    )
