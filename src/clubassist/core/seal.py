"""The hash chain over the journal: sealed in the background, verified by `clubassist check journal`.

Each seal's digest covers the seal before it and every entry since, in id order, so changing, dropping or slipping in
an old entry shows. It is keyed by the vault's key file: who can write to the database alone cannot draw it anew.
A share lock, held for one statement, makes sure that no entry with a lower id is still uncommitted when a seal is
drawn; where it cannot be had at once, the next round tries again.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from clubassist.core import jobs, vault
from clubassist.core.models import Entry, Seal

MOST = 20_000
CHAIN = "journal.chain"
BELOW_ALL = -(2**63)
"""No entry has a lower id; one slipped in at zero or below is covered too."""
UNSEALED_AT_MOST: Final = timedelta(minutes=5)


def _digest(previous: bytes, entries: Iterable[Entry]) -> tuple[bytes, int, int]:
    """Return (digest, number of entries, last id) of a run of entries chained to `previous`."""
    chain = hmac.new(vault.derived_key(CHAIN), previous, "sha256")
    count = last = 0
    for entry in entries:
        subjects = sorted((row.kind, row.subject) for row in entry.subjects.all())
        line = [entry.pk, entry.fact, entry.at.isoformat(), entry.actor, entry.scope, entry.data, subjects]
        chain.update(json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode())
        chain.update(b"\n")
        count, last = count + 1, entry.pk
    return chain.digest(), count, last


@jobs.every(seconds=5, name="sealer")
def seal_journal(at: datetime) -> str:
    """Draw one seal over the entries written since the last one."""
    newest = settled_entry()
    if newest is None:
        return "busy"
    previous = Seal.objects.order_by("-last_entry").first()
    after = previous.last_entry if previous else BELOW_ALL
    rows = (
        Entry.objects.filter(pk__gt=after, pk__lte=newest).order_by("pk")[:MOST].prefetch_related("subjects")
    )
    digest, count, last = _digest(bytes(previous.digest) if previous else b"", rows)
    if count:
        Seal.objects.create(last_entry=last, entries=count, digest=digest, sealed_at=at)
    return f"{count} sealed"


def settled_entry() -> int | None:
    """Return the newest id below which nothing is in flight, or None when writers are too busy just now."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '200ms'")
            cursor.execute("lock table core_entry in share mode")
            cursor.execute("select coalesce(max(id), 0) from core_entry")
            (newest,) = cursor.fetchone()
            return int(newest)
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        return None


def last_seal() -> str:
    """Return the newest seal as `entry:digest`, to be noted outside the database; "" for none."""
    seal = Seal.objects.order_by("last_entry").last()
    return f"{seal.last_entry}:{bytes(seal.digest).hex()}" if seal else ""


def broken_seals(*, at: datetime, known: str = "") -> list[str]:
    """Recompute the whole chain; return a sentence for every seal that does not fit. Empty means sound.

    `known` is a seal that was noted earlier, as `last_seal` gives it: only that can show that the newest seals were
    taken away together with their entries. Entries that nothing has sealed for five minutes are a problem too.
    """
    problems: list[str] = []
    previous, after, sealed_at = b"", BELOW_ALL, None
    drawn = set()
    for seal in Seal.objects.order_by("last_entry").iterator():
        rows = Entry.objects.filter(pk__gt=after, pk__lte=seal.last_entry).order_by("pk")
        digest, count, _ = _digest(previous, rows.prefetch_related("subjects").iterator(chunk_size=2000))
        if count != seal.entries:
            problems.append(
                f"Seal up to entry {seal.last_entry}: {seal.entries} entries were sealed, {count} are there."
            )
        if digest != bytes(seal.digest):
            problems.append(f"Seal up to entry {seal.last_entry}: an entry in it is not what was sealed.")
        previous, after, sealed_at = bytes(seal.digest), seal.last_entry, seal.sealed_at
        drawn.add(f"{seal.last_entry}:{previous.hex()}")
    open_entries = Entry.objects.filter(pk__gt=after).count()
    if open_entries and (sealed_at is None or at - sealed_at > UNSEALED_AT_MOST):
        problems.append(
            f"{open_entries} entries are not sealed: no worker runs, or their seals were removed."
        )
    if known and known not in drawn:
        problems.append(f"The seal {known} was noted earlier and is not there any more.")
    return problems
