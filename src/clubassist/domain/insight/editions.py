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
    shares: list[_Share] = []
    for club in clubs:
        if not any(share.takes(club, runs[club.pk]) for share in shares):
            shares.append(_Share([club], _newest(runs[club.pk]), {_versions(runs[club.pk])}))
    shared = [share.clubs for share in shares] or [[]]
    return [_book(own, [run for club in own for run in runs[club.pk]]) for own in shared]


@dataclass(slots=True)
class _Share:
    """Clubs that share a book: the run of each pack adopted last, and the versions by which clubs of it run."""

    clubs: list[Club]
    newest: list[_Run]
    known: set[tuple[int, ...]]

    def takes(self, club: Club, runs: list[_Run]) -> bool:
        """Add a club if the last adopted version of each pack of all of them can be run together, and tell so."""
        own, newest = _versions(runs), _newest([*self.newest, *runs])
        alike = own in self.known and _versions(newest) == _versions(self.newest)
        if not alike and not fit(_versions(newest)):
            return False
        self.clubs.append(club)
        self.newest, self.known = newest, self.known | {own}
        return True


def _newest(runs: Iterable[_Run]) -> list[_Run]:
    """Return the run of each pack adopted last."""
    return list({run.name: run for run in sorted(runs)}.values())


def _versions(runs: Iterable[_Run]) -> tuple[int, ...]:
    return tuple(sorted(run.version for run in runs))


def _book(clubs: Sequence[Club], adopted: Sequence[_Run]) -> Rulebook:
    versions = _versions(_newest(adopted))
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
