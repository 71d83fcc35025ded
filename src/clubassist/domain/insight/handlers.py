"""What is known better about a case of a month whose figures are frozen restates them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from clubassist.core.actor import SYSTEM
from clubassist.core.journal import on
from clubassist.core.models import Entry
from clubassist.domain.cases.facts import (
    CaseMerged,
    CaseReclassified,
    CaseReopened,
    CaseReplanned,
    CaseUnmerged,
    ComplexityDecided,
    OfferWithdrawn,
)
from clubassist.domain.cases.models import Case, Merge
from clubassist.domain.insight.actions import restate_month
from clubassist.pure.figures import month_of


@on(CaseReopened)
def restate_reopened(fact: CaseReopened, entry: Entry) -> None:
    """Take a solution that did not hold back, in the month of the receipt (part C)."""
    _restate([fact.case_id], "reopened", entry.at)


@on(ComplexityDecided)
def restate_complex(fact: ComplexityDecided, entry: Entry) -> None:
    """Count a case by the limit that was approved for it."""
    _restate([fact.case_id], "complexity", entry.at)


@on(CaseReplanned)
def restate_replanned(fact: CaseReplanned, entry: Entry) -> None:
    """Count a case by the clocks that took the place of others."""
    _restate([fact.case_id], "replanned", entry.at)


@on(CaseReclassified)
def restate_reclassified(fact: CaseReclassified, entry: Entry) -> None:
    """Count a case as what it turned out to be, and among those that more or fewer people may read (F25)."""
    _restate([fact.case_id], "reclassified", entry.at)


@on(OfferWithdrawn)
def restate_withdrawn(fact: OfferWithdrawn, entry: Entry) -> None:
    """Take back a first solution that was withdrawn, and the promise that it kept."""
    _restate([fact.case_id], "withdrawn", entry.at)


@on(CaseMerged)
def restate_merged(fact: CaseMerged, entry: Entry) -> None:
    """Count one matter once, in the month of its earliest receipt."""
    _restate(
        [fact.case_id, fact.merged_id], "merged", entry.at, [_receipt_before(fact.case_id, fact.merged_id)]
    )


@on(CaseUnmerged)
def restate_unmerged(fact: CaseUnmerged, entry: Entry) -> None:
    """Count two matters again."""
    _restate([fact.case_id, fact.merged_id], "unmerged", entry.at)


def _receipt_before(kept: int, merged: int) -> datetime:
    """Return when the case that went on had been received before the other was merged into it."""
    before = Merge.objects.filter(kept=kept, merged=merged).order_by("pk").values_list("before", flat=True)
    return datetime.fromisoformat(before.reverse()[0]["kept"]["received_at"])


def _restate(cases: Iterable[int], reason: str, at: datetime, received: Iterable[datetime] = ()) -> None:
    """Restate the months in which these cases of one club count, or did."""
    found = list(Case.objects.filter(pk__in=list(cases)).select_related("club"))
    club = found[0].club
    times = [*(case.received_at for case in found), *received]
    for month in sorted({month_of(each, club.zone) for each in times}):
        restate_month(club=club, month=month, reason=reason, actor=SYSTEM, at=at)
