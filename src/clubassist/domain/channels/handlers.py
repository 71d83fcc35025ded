"""What colleagues are told because of something outside a case."""

from __future__ import annotations

from django.db.models import Q

from clubassist.core.journal import on
from clubassist.core.models import Entry
from clubassist.domain.channels.models import StaffNotice
from clubassist.domain.club.facts import PackAdopted
from clubassist.domain.club.models import PackVersion
from clubassist.domain.people.models import Acknowledgement, Grant


@on(PackAdopted)
def tell_of_new_rules(fact: PackAdopted, entry: Entry) -> None:
    """Ask everybody who works at the club or everywhere to read the version and confirm it, unless they have (B01).

    Who was asked and has not read the notice is not asked again: the centre, by each club that adopts it.
    """
    version = PackVersion.objects.get(pk=fact.pack_version_id)
    there = Q(club=fact.club_id) | Q(club__isnull=True)
    readers = Grant.objects.running().filter(there, account__is_active=True)
    confirmed = Acknowledgement.objects.filter(version=version).values("account")
    accounts = set(readers.exclude(account__in=confirmed).values_list("account_id", flat=True))
    asked = StaffNotice.objects.filter(
        account__in=accounts, code="rules-adopted", subject=str(version), read_at__isnull=True
    )
    notices = [
        StaffNotice(
            account_id=account,
            code="rules-adopted",
            kind="rules",
            subject=str(version),
            cause=f"entry:{entry.pk}",
            at=entry.at,
        )
        for account in accounts - set(asked.values_list("account_id", flat=True))
    ]
    StaffNotice.objects.bulk_create(notices, ignore_conflicts=True)
