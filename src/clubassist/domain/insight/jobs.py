"""What runs by the clock: months that have been over for long enough are frozen."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from django.db.models import Min

from clubassist.core.actor import SYSTEM
from clubassist.core.jobs import every
from clubassist.domain.club.models import Club
from clubassist.domain.insight.actions import freeze_month
from clubassist.domain.insight.models import FrozenMonth
from clubassist.pure.figures import Release, month_of, months_before, release_of

logger = logging.getLogger(__name__)

MONTHS_BACK: Final = 13
"""How many months before the running one are frozen: as many as figures can be asked for, and one more."""
AT_ONCE: Final = 5
"""How many months one round freezes at most; the next one goes on."""


@every(seconds=60, name="months")
def freeze_months(at: datetime) -> str:
    """Freeze the figures of months that have been over for 5 or 35 days.

    A club whose month fails waits for the next round and keeps no other one waiting. Raises ExceptionGroup of the
    failures once the others are done.
    """
    done = 0
    failures: dict[int, Exception] = {}
    for club, month, release in _due(at):
        if club.pk in failures:
            continue
        try:
            freeze_month(club=club, month=month, release=release, actor=SYSTEM, at=at)
        except Exception as error:
            logger.exception("freezing %s of club %s failed", month, club.code)
            failures[club.pk] = error
        else:
            done += 1
            if done == AT_ONCE:
                break
    if failures:
        raise ExceptionGroup(f"{done} frozen, {len(failures)} failed", list(failures.values()))
    return f"{done} frozen"


def _due(at: datetime) -> Iterator[tuple[Club, date, Release]]:
    """Yield what is to be frozen, the oldest month of each club first. Three statements."""
    frozen = set(FrozenMonth.objects.values_list("club", "month", "release"))
    since_when = dict(Club.objects.values_list("pk", Min("adoptions__effective_from")))
    for club in Club.objects.order_by("pk"):
        since = since_when[club.pk]
        for count in range(MONTHS_BACK, 0, -1):
            month = months_before(month_of(at, club.zone), count)
            release = release_of(month, at, club.zone)
            done = {(club.pk, month, release), (club.pk, month, Release.FINAL)} & frozen
            if (
                since is not None
                and month >= month_of(since, club.zone)
                and release != Release.RUNNING
                and not done
            ):
                yield club, month, release
