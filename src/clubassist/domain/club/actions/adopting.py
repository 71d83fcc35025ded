"""Putting rules into force: versions that never change, and since when a club runs by which."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor, ActorKind
from clubassist.core.journal import record
from clubassist.core.refusal import Refused
from clubassist.domain.club import rules
from clubassist.domain.club.facts import PackAdopted, PackStored
from clubassist.domain.club.models import Adoption, Club, PackVersion
from clubassist.domain.club.queries import misfits, packs_at
from clubassist.pure.policy import Pack, shipped_names, shipped_pack

MANAGERS: Final = _("Ask a manager of this club to put the rules into force.")


@action
def store_pack(*, pack: Pack, actor: Actor, at: datetime, author: str = "") -> PackVersion:
    """Keep a checked pack as an immutable version; the same name and version again gives the row that is there.

    `author` is the key of who wrote it, when that is not the actor. Records PackStored. Raises Refused when the version
    exists with other content: a version never changes.
    """
    version, created = PackVersion.objects.defer("document").get_or_create(
        name=pack.name,
        version=pack.version,
        defaults={
            "document": pack.document(),
            "digest": pack.digest,
            "author": author or actor.key,
            "stored_at": at,
        },
    )
    if version.digest != pack.digest:
        raise Refused(
            "pack-version-taken",
            field="version",
            mend=_("This version exists with other content. Give the changed pack a new version number."),
        )
    if created:
        record(PackStored(pack_version_id=version.pk, digest=pack.digest), actor=actor, at=at, scope=None)
    return version


@action
def adopt_pack(
    *, club: Club, version: PackVersion, effective_from: datetime, actor: Actor, at: datetime
) -> Adoption:
    """Let `club` run by `version` from `effective_from` on; open cases keep the version they began with (F13).

    Records PackAdopted. Raises Refused without the right, for a date before now (other than the first one at the
    command line), or when its packs would no longer make one policy, then or at a later change that is planned.
    """
    if not rules.may_adopt(actor, club):
        raise Refused("not-allowed", mend=MANAGERS, status=403)
    earlier = Adoption.objects.filter(club=club, pack_version__name=version.name).exists()
    if effective_from < at and (earlier or actor.kind is not ActorKind.SYSTEM):
        raise Refused(
            "date-in-the-past",
            field="effective_from",
            mend=_("Choose a time that has not passed: cases already opened keep their limits."),
        )
    adoption = _adopt(club, version, effective_from, actor=actor, at=at)
    _must_fit(club, since=effective_from)
    return adoption


@action
def adopt_shipped(*, club: Club, name: str, effective_from: datetime, actor: Actor, at: datetime) -> Adoption:
    """Let `club` run by a pack that comes with the product, as `adopt_pack` does for a stored version.

    Records PackStored when it is new here, and PackAdopted. Raises Refused as `adopt_pack` does, and for another name.
    """
    if not rules.may_adopt(actor, club):
        raise Refused("not-allowed", mend=MANAGERS, status=403)
    if name not in shipped_names():
        raise Refused("pack-unknown", field="version", mend=_("Unknown: %s.") % name)
    version = store_pack(pack=shipped_pack(name), actor=actor, at=at)
    return adopt_pack(club=club, version=version, effective_from=effective_from, actor=actor, at=at)


def adopt_together(club: Club, packs: Iterable[Pack], *, actor: Actor, at: datetime) -> None:
    """Let a new club run by these packs from now on; the caller checked the right. Records PackAdopted for each."""
    for pack in packs:
        _adopt(club, store_pack(pack=pack, actor=actor, at=at), at, actor=actor, at=at)
    _must_fit(club, since=at)


def _adopt(
    club: Club, version: PackVersion, effective_from: datetime, *, actor: Actor, at: datetime
) -> Adoption:
    # Whoever adopts another version for this club waits, and then checks it against this one.
    Club.objects.select_for_update(no_key=True).get(pk=club.pk)
    adoption = Adoption.objects.create(
        club=club, pack_version=version, effective_from=effective_from, adopted_by=actor.key, adopted_at=at
    )
    fact = PackAdopted(club_id=club.pk, pack_version_id=version.pk, effective_from=effective_from)
    record(fact, actor=actor, at=at, scope=club.pk)
    return adoption


def _must_fit(club: Club, *, since: datetime) -> None:
    """Refuse what would leave the club without rules that can be run, at `since` or whenever they change after."""
    later = Adoption.objects.filter(club=club, effective_from__gt=since).values_list(
        "effective_from", flat=True
    )
    for moment in sorted({since, *later}):
        for problem in misfits(packs_at(club, at=moment)):
            mend = _("The rules of this club would not go together: %s. Choose or write another version.")
            raise Refused("packs-disagree", field="version", mend=mend % f"{problem.file}, {problem.key}")
