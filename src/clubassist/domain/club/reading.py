"""What a draft says: read and checked, judged by the lint, and compared with what is in force."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from clubassist.domain.club.models import Adoption, Club, Draft, PackVersion
from clubassist.domain.club.queries import misfits, packs_at, packs_of
from clubassist.pure.policy import (
    Finding,
    Pack,
    PackError,
    Problem,
    RowChange,
    changes,
    check,
    lint,
    pack_text,
    read_pack,
    shipped_names,
    shipped_pack,
)

MOST_STATEMENTS: Final = 500
"""The lint compares each with each; the largest regulation that ships has a fifth of it."""
DIFF_LINES: Final = 1000
"""How many lines of a difference are shown: nobody reads on, and a page has an end."""


@dataclass(frozen=True, slots=True)
class DraftRead:
    """A draft's text as a pack, None where it is none, and every problem that keeps it from being published."""

    pack: Pack | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """What a second person looks at before publishing a sound draft.

    `against` is the version in force that it would replace, `findings` what the lint says of the draft together with
    the club's other packs, `lines` the difference of the texts, `more` whether lines were left out.
    """

    against: PackVersion | None
    changes: tuple[RowChange, ...]
    findings: tuple[Finding, ...]
    lines: tuple[str, ...]
    more: bool


def read_draft(draft: Draft, *, at: datetime) -> DraftRead:
    """Read and check a draft among the packs of its club. Two statements when warm."""
    try:
        pack = read_pack(draft.text)
    except PackError as error:
        return DraftRead(None, error.problems)
    problems = check(pack, among=_beside(pack, draft.club, at))
    statements = sum(len(clause.states) for clause in pack.clauses)
    if statements > MOST_STATEMENTS:
        message, mend = (
            f"{statements} statements are too many to compare",
            "Split the rules into several packs.",
        )
        problems.append(Problem("clauses.toml", "clause", message, mend))
    if PackVersion.objects.filter(name=pack.name, version=pack.version).exists():
        mend = "Give the draft a new version."
        message = f"version “{pack.version}” of this pack is there already"
        problems.append(Problem("pack.toml", "version", message, mend))
    if not problems:
        kept = [each for each in packs_at(draft.club, at=at) if each.name != pack.name]
        problems += misfits([*kept, pack])
    return DraftRead(pack, tuple(problems))


def review(draft: Draft, pack: Pack, *, at: datetime) -> Review:
    """Judge a draft that reads as `pack` and compare it with the version that its club runs by. Four statements."""
    adopted = Adoption.objects.filter(club=draft.club, pack_version__name=pack.name, effective_from__lte=at)
    newest = adopted.order_by("-effective_from", "-pk").select_related("pack_version").first()
    against = newest.pack_version if newest else None
    old = packs_of((against.pk,))[0] if against else None
    judged = [pack, *(each for each in packs_at(draft.club, at=at) if each.name != pack.name)]
    found = lint(judged, among=_beside(pack, draft.club, at))
    ours = tuple(one for one in found if any(place.pack == pack.name for place in one.places))
    before = text_of(against) if against else ""
    lines = list(difflib.unified_diff(before.splitlines(), draft.text.splitlines(), lineterm="", n=2))[2:]
    shown = tuple(lines[:DIFF_LINES])
    return Review(against, changes(old, pack), ours, shown, len(lines) > DIFF_LINES)


def text_of(version: PackVersion) -> str:
    """Return the text of a version: as its author wrote it, or written out where it was none of a draft."""
    draft = Draft.objects.filter(version=version).first()
    return draft.text if draft else pack_text(packs_of((version.pk,))[0])


def _beside(pack: Pack, club: Club, at: datetime) -> list[Pack]:
    """Return the packs that this one may cite: those in force at the club, and those that ship, in force or not."""
    there = {each.name: each for each in packs_at(club, at=at)}
    shipped = {name: shipped_pack(name) for name in shipped_names()}
    return [each for name, each in (shipped | there).items() if name != pack.name]
