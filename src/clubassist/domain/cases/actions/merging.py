"""One matter on one case: merging what was told twice, undoing it, and linking what belongs together (F20, A21)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from clubassist.core import rows
from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Refused
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.state import derive_state
from clubassist.domain.cases.clocks import end_pauses, nearest_due, owed, pauses_of, started, stop
from clubassist.domain.cases.facts import CaseMerged, CaseUnmerged, ClockStarted
from clubassist.domain.cases.matters import people_of, sharing_a_phone
from clubassist.domain.cases.models import NO_CLOCK, Case, Clock, Merge, Pause

MERGED: Final = "merged"
"""The resolution of a case that goes on as another."""
_CLOSING: Final = ("state", "resolved_at", "closed_at", "resolution")
_KEPT: Final = ("received_at", "told_at", "awaits_reply", "next_contact_at")
_ENDING: Final = ("met_at", "stopped_at", "paused_at", "due_at", "alarms_at", "replaced_by_id")


@action
def merge_cases(*, case: Case, into: Case, actor: Actor, at: datetime, seen: int | None = None) -> Merge:
    """Let `into` go on with the matter of `case`: both numbers and links open it, all that was said is read together.

    Of two clocks of one promise the one due first counts, and an answer on either keeps it; the other, and `case`
    itself, count nowhere. Records CaseMerged. Raises Refused for cases of different clubs, people (by file or whole
    phone number) or confidentiality, and for one that others were merged into; Missing, Conflict as ever.
    """
    list(
        Case.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=[case.pk, into.pk])
        .order_by("pk")
    )
    merged = locked(case, actor=actor, permission="case.link", seen=seen)
    kept = locked(into, actor=actor, permission="case.link")
    _refuse_unless_one_matter(merged, kept)
    before: dict[str, Any] = {
        "merged": _as_it_is(merged, _CLOSING),
        "kept": _as_it_is(kept, _KEPT),
        "clocks": {},
        "copies": [],
        "pauses": [],
    }
    stopped, met, clocks = _earliest_clocks(kept, merged, before, at)
    merged.merged_into, merged.resolution, merged.next_due_at = kept, MERGED, NO_CLOCK
    merged.resolved_at = merged.closed_at = at
    derive_state(merged)
    _save(merged)
    kept.received_at = min(kept.received_at, merged.received_at)
    kept.told_at = max(kept.told_at, merged.told_at)
    kept.awaits_reply = kept.awaits_reply or merged.awaits_reply
    kept.next_contact_at = min(filter(None, (kept.next_contact_at, merged.next_contact_at)), default=None)
    kept.next_due_at = nearest_due(kept)
    _save(kept)
    before["then"] = _as_it_is(kept, _KEPT)
    merge = Merge.objects.create(kept=kept, merged=merged, author_id=actor.account, at=at, before=before)
    fact = CaseMerged(
        case_id=kept.pk,
        merged_id=merged.pk,
        number=merged.number,
        stopped=tuple(stopped),
        met=tuple(met),
        clocks=tuple(clocks),
    )
    record(fact, actor=actor, at=at, scope=kept.club_id)
    return merge


def _refuse_unless_one_matter(merged: Case, kept: Case) -> None:
    if merged.pk == kept.pk:
        raise Refused("merge-itself", field="into", mend=_("Name another case than this one."))
    if merged.club_id != kept.club_id:
        raise Refused(
            "other-club", field="into", mend=_("Both cases must be of one club. Link them instead.")
        )
    if not (people_of(kept) & (people_of(merged) | sharing_a_phone(people_of(merged)))):
        mend = _(
            "They are not known to be of one person: no common file or phone number. Link them as related instead."
        )
        raise Refused("other-person", field="into", mend=mend)
    if merged.confidentiality != kept.confidentiality:
        mend = _("One of the two is more confidential than the other. Link them instead.")
        raise Refused("other-confidentiality", field="into", mend=mend)
    if merged.resolved_at is not None:
        mend = _("This case is solved already: its report and calls are its own. Link them instead.")
        raise Refused("solved-already", field="into", mend=mend)
    if merged.offers.filter(answer__in=["", "accepted"]).exists():
        mend = _("There is an offer on this case. Withdraw it first, or merge the other way round.")
        raise Refused("has-offer", field="into", mend=mend)
    if merged.merges.standing().exists():
        mend = _("Other cases were merged into this one. Merge the other way round.")
        raise Refused("has-merged", field="into", mend=mend)


def _earliest_clocks(
    kept: Case, merged: Case, before: dict[str, Any], at: datetime
) -> tuple[list[int], list[int], list[ClockStarted]]:
    """Let the clock due first of each promise stand on the kept case; return ids stopped, ids met, what runs anew."""
    stopped: list[int] = []
    met: list[int] = []
    anew: list[ClockStarted] = []
    mine, theirs = _by_promise(kept), _by_promise(merged)
    for promise, their in theirs.items():
        my = mine.get(promise)
        if my is not None and my.due_at <= their.due_at:
            if my.running and their.met_at is not None:
                _keep(my, before)
                end_pauses([my.pk], at=their.met_at)
                ended = max(their.met_at, my.started_at)
                Clock.objects.filter(pk=my.pk).update(met_at=ended, next_alarm_at=owed(ended))
                met.append(my.pk)
            stopped += _give_way(their, my, before, at)
            continue
        copy = _copied(their, kept, my.met_at if my is not None else None)
        if my is not None:
            stopped += _give_way(my, copy, before, at)
        copy.save(force_insert=True)
        _copy_pauses(their, copy)
        Clock.objects.filter(pk__in=[their.pk, *([my.pk] if my else [])]).update(replaced_by=copy)
        stopped += _give_way(their, copy, before, at)
        before["copies"].append(copy.pk)
        if copy.running and copy.paused_at is None:
            anew.append(started(copy, pauses=pauses_of(copy)))
    for clock in merged.clocks.running().filter(task__isnull=False):
        _keep(clock, before)
        stop([clock.pk], at=at)
        stopped.append(clock.pk)
    return stopped, met, anew


def _by_promise(case: Case) -> dict[str, Clock]:
    """Return the clock that counts for each promise of a case."""
    own = case.clocks.filter(replaced_by__isnull=True, task__isnull=True)
    clocks = own.select_for_update(of=("self",)).order_by("pk")
    return {clock.promise: clock for clock in clocks}


def _keep(clock: Clock, before: dict[str, Any]) -> None:
    """Note how a clock is before it is changed."""
    before["clocks"].setdefault(str(clock.pk), _as_it_is(clock, _ENDING))
    before["pauses"] += list(clock.pauses.open().values_list("pk", flat=True))


def _give_way(clock: Clock, to: Clock, before: dict[str, Any], at: datetime) -> list[int]:
    """Stop a clock if it runs, for `to` counts in its place; return its id if it was stopped."""
    _keep(clock, before)
    running = clock.running
    if running:
        stop([clock.pk], at=at)
        clock.stopped_at = at
    if not to._state.adding:
        Clock.objects.filter(pk=clock.pk).update(replaced_by=to)
    return [clock.pk] if running else []


def _copied(clock: Clock, case: Case, met_at: datetime | None) -> Clock:
    """Return an unsaved clock of another case that stands as this one does, or was kept at `met_at`."""
    names = [field.attname for field in Clock._meta.concrete_fields if not field.primary_key]
    copy = Clock(**{name: getattr(clock, name) for name in names})
    copy.pk, copy.case = rows.keys(Clock)[0], case
    if copy.running and met_at is not None:
        copy.met_at, copy.paused_at, copy.next_alarm_at = max(met_at, copy.started_at), None, None
    return copy


def _copy_pauses(clock: Clock, copy: Clock) -> None:
    pauses = list(Pause.objects.filter(clock=clock).select_related("author"))
    for pause in pauses:
        pause.pk, pause.clock = None, copy
        if copy.paused_at is None and pause.resumed_at is None:
            pause.resumed_at = max(copy.met_at or copy.stopped_at or pause.paused_at, pause.paused_at)
    Pause.objects.bulk_create(pauses)


@action
def unmerge_cases(*, merge: Merge, actor: Actor, at: datetime, seen: int | None = None) -> Merge:
    """Take a merge back: both cases and their clocks are as they were, and what happened on the kept case since stays.

    Records CaseUnmerged. Raises Missing, Refused without the right or on a closed case; Conflict when undone already.
    """
    kept = locked(merge.kept, actor=actor, permission="case.link", seen=seen)
    row = Merge.objects.select_for_update().select_related("merged").get(pk=merge.pk)
    if row.undone_at is not None:
        raise Conflict("unmerged-already", mend=_("This merge was undone already."))
    before, merged = row.before, row.merged
    copies = list(Clock.objects.filter(pk__in=before["copies"]))
    stopped = [copy.pk for copy in copies if copy.running]
    answered = {
        copy.promise: copy.met_at for copy in copies if copy.met_at is not None and copy.met_at > row.at
    }
    stop(stopped, at=at)
    Pause.objects.filter(pk__in=before["pauses"]).update(resumed_at=None)
    clocks = [
        clock
        for pk, values in before["clocks"].items()
        if (clock := _restored(int(pk), values, kept, answered)) is not None
    ]
    # A copy counts nowhere from now on; the clock that it stood for does again.
    for copy in copies:
        own = Clock.objects.filter(pk__in=map(int, before["clocks"]), promise=copy.promise).first()
        Clock.objects.filter(pk=copy.pk).update(replaced_by=own)
    _restore(merged, before["merged"])
    merged.merged_into, merged.next_due_at = None, nearest_due(merged)
    _save(merged)
    unchanged = {
        name: value
        for name, value in before["kept"].items()
        if _as_it_is(kept, [name])[name] == before["then"][name]
    }
    _restore(kept, unchanged)
    kept.next_due_at = nearest_due(kept)
    _save(kept)
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    fact = CaseUnmerged(
        case_id=kept.pk,
        merged_id=merged.pk,
        number=merged.number,
        stopped=tuple(stopped),
        clocks=tuple(started(clock, pauses=pauses_of(clock)) for clock in clocks),
    )
    record(fact, actor=actor, at=at, scope=kept.club_id)
    return row


def _restored(pk: int, values: dict[str, Any], kept: Case, answered: dict[str, datetime]) -> Clock | None:
    """Put a clock back as it was; return it if it ticks again. What the member was told on the kept case stays kept."""
    clock = Clock.objects.select_related("case__club").select_for_update(of=("self",)).get(pk=pk)
    _restore(clock, values)
    if clock.running and clock.case_id == kept.pk and clock.promise in answered:
        clock.met_at = answered[clock.promise]
    if clock.met_at is not None and clock.paused_at is not None:
        Pause.objects.open().filter(clock=clock).update(resumed_at=clock.met_at)
        clock.paused_at = None
    ahead = next(iter(clock.alarms_at[clock.raised :]), None)
    until = clock.met_at or clock.stopped_at or clock.paused_at
    clock.next_alarm_at = ahead if ahead is not None and (until is None or ahead <= until) else None
    clock.save()
    return clock if clock.running and clock.paused_at is None else None


def _as_it_is(row: Model, names: tuple[str, ...] | list[str]) -> dict[str, Any]:
    """Return values of a row as JSON takes them, to the microsecond."""
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _restore(row: Model, values: dict[str, Any]) -> None:
    """Put such values back on a row; the caller saves it."""
    for name, value in values.items():
        setattr(row, name, _typed(name, value))


def _typed(name: str, value: Any) -> Any:
    if not name.endswith("_at") or value is None:
        return value
    return [*map(datetime.fromisoformat, value)] if isinstance(value, list) else datetime.fromisoformat(value)


def _save(case: Case) -> None:
    case.version += 1
    case.save()
