"""Putting rules into force."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Refused
from clubassist.domain.club import rules
from clubassist.domain.club.facts import PackAdopted, PackStored
from clubassist.domain.club.models import Adoption, Club, PackVersion
from clubassist.pure.policy import Pack, pack_hash


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
