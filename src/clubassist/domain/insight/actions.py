"""Freezing the figures of months that are over, and restating them when something is known better (A05, part C)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Refused
from clubassist.domain.club.models import Club
from clubassist.domain.insight.facts import MonthFrozen
from clubassist.domain.insight.freezing import kept_of, rows_of, tallies_as_at
from clubassist.domain.insight.models import FrozenMonth, FrozenTally
from clubassist.domain.insight.models.frozen import MONTH_OVER
from clubassist.domain.insight.tallies import Tally
from clubassist.pure.figures import FINAL_DAY, PROVISIONAL_DAY, Release, closes

DAYS: Final = {Release.PROVISIONAL: PROVISIONAL_DAY, Release.FINAL: FINAL_DAY}
"""After how many days what is published: the data date is the midnight that ends the last of them."""


@action
def freeze_month(
    *, club: Club, month: date, release: Release, actor: Actor, at: datetime
) -> FrozenMonth | None:
    """Keep the figures of a club's month as at the end of day 5 (provisional) or day 35 (final); None if that is done.

    Records MonthFrozen. Raises Refused before that day is over.
    """
    days = DAYS.get(release)
    if days is None or at < (closed := closes(month, days, club.zone)):
        raise Refused("month-not-over", mend=_("The month is not over for long enough; wait for that day."))
    last = _last_version(club, month)
    if last is not None and (last.release == release or last.release == Release.FINAL):
        return None
    tallies = tallies_as_at(club, month, closed)
    return _keep(club, month, last, release, MONTH_OVER, tallies, closed, actor=actor, at=at)


@action
def restate_month(*, club: Club, month: date, reason: str, actor: Actor, at: datetime) -> FrozenMonth | None:
    """Keep another version beside the one that stands, with the reason, if its rows are not what they were; else None.

    It is as at the same data date: what happened later is no reason, what is known better is. Records MonthFrozen.
    """
    last = _last_version(club, month)
    if last is None:
        return None
    tallies = tallies_as_at(club, month, last.at)
    if tallies == kept_of(last):
        return None
    return _keep(club, month, last, Release(last.release), reason, tallies, last.at, actor=actor, at=at)


def _last_version(club: Club, month: date) -> FrozenMonth | None:
    """Return the version that stands. Whoever else would make one of this club's now waits for us."""
    Club.objects.select_for_update(no_key=True).get(pk=club.pk)
    return FrozenMonth.objects.filter(club=club, month=month).order_by("version").last()


def _keep(
    club: Club,
    month: date,
    last: FrozenMonth | None,
    release: Release,
    reason: str,
    tallies: list[Tally],
    closed: datetime,
    *,
    actor: Actor,
    at: datetime,
) -> FrozenMonth:
    frozen = FrozenMonth.objects.create(
        club=club,
        month=month,
        version=last.version + 1 if last is not None else 1,
        release=release,
        reason=reason,
        at=closed,
        frozen_at=at,
    )
    FrozenTally.objects.bulk_create(rows_of(frozen, tallies))
    fact = MonthFrozen(club_id=club.pk, month=month, version=frozen.version, release=release, reason=reason)
    record(fact, actor=actor, at=at, scope=club.pk)
    return frozen
