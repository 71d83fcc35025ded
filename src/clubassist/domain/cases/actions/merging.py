"""One matter on one case: merging what was told twice, and undoing it (F20)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from clubassist.core import rows
from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Refused
from clubassist.domain.cases import rules
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.complexity import longer_limits
from clubassist.domain.cases.actions.linking import links_moved, locked_in_order
from clubassist.domain.cases.actions.reclassifying import RISING
from clubassist.domain.cases.actions.reopening import as_it_ended, reopen
from clubassist.domain.cases.actions.restoring import as_it_is, restore
from clubassist.domain.cases.actions.stages import complete_gate, complete_known
from clubassist.domain.cases.actions.state import keep
from clubassist.domain.cases.clocks import end_pauses, owed, pauses_of, replace_clock, started, stop
from clubassist.domain.cases.facts import CaseMerged, ClockStarted
from clubassist.domain.cases.matters import people_of, sharing_a_phone
from clubassist.domain.cases.models import Case, Clock, Evidence, Merge, Pause
from clubassist.domain.cases.models.case import EMERGENCY
from clubassist.domain.cases.steps import gates_of
from clubassist.domain.club.queries import policy_of
from clubassist.pure.policy import Gate
from clubassist.pure.policy.terms import Complexity

MERGED: Final = "merged"
"""The resolution of a case that goes on as another."""
CLOSING: Final = ("state", "resolved_at", "closed_at", "resolution", "complexity")
FACTS: Final = (
    ("occurred_at", "occurred_words"),
    ("area_id", "place"),
    ("people",),
    ("remedy_sought",),
    ("emotion",),
    ("complained_of",),
    ("event",),
    ("routes_told_at",),
)
"""What the kept case takes over where it knows nothing itself; time and place go together."""
KEPT: Final = (
    "received_at",
    "told_at",
    "awaits_reply",
    "next_contact_at",
    "complexity",
    "urgency",
    *(name for names in FACTS for name in names),
)
ENDING: Final = ("met_at", "stopped_at", "paused_at", "due_at", "alarms_at", "replaced_by_id")


@action
def merge_cases(*, case: Case, into: Case, actor: Actor, at: datetime, seen: int | None = None) -> Merge:
    """Let `into` go on with the matter of `case`: both numbers and links open it, all that was said is read together.

    Of two clocks of one promise the one due first counts, and the earlier answer on either since it began keeps it; the
    other, and `case` itself, count nowhere. An emergency's clock counts before any other, kept by an answer on the
    emergency alone (B30); a promise broken by then stays one beside it. The matter is complex when either was and as
    urgent as the more urgent one; links go over, and facts that `into` lacks, which take the steps that ask for them.
    What was told again after `into` had been solved says that it is not: `into` is opened again (F52). Records
    CaseMerged, behind CaseReopened and what the steps record. Raises Refused for cases of different clubs, people (by
    file or whole phone number) or confidentiality, for one that others were merged into, one with an offer or a request
    that waits, and into one that ended and cannot be opened again (A08); Missing, Conflict as ever, and while a clock
    that becomes longer stands still.
    """
    locked_in_order(case.pk, into.pk)
    merged = locked(case, actor=actor, permission="case.link", seen=seen)
    kept = locked(into, actor=actor, permission="case.link")
    _refuse_unless_one_matter(merged, kept, at)
    ended = None
    if kept.resolved_at is not None and kept.resolved_at < merged.received_at:
        ended = as_it_ended(kept)
        reopen(kept, actor=actor, at=at)
    before: dict[str, Any] = {
        "ended": ended,
        "merged": as_it_is(merged, CLOSING),
        "kept": as_it_is(kept, KEPT),
        "clocks": {},
        "copies": [],
        "pauses": [],
        "reopened": kept.reopened,
    }
    stopped, met, clocks = _earliest_clocks(kept, merged, before, at)
    before["links"] = links_moved(merged, kept)
    merged.merged_into, merged.resolution = kept, MERGED
    merged.resolved_at = merged.closed_at = at
    keep(merged)
    kept.received_at = min(kept.received_at, merged.received_at)
    kept.told_at = max(kept.told_at, merged.told_at)
    kept.awaits_reply = kept.awaits_reply or merged.awaits_reply
    kept.next_contact_at = min(filter(None, (kept.next_contact_at, merged.next_contact_at)), default=None)
    kept.urgency = max(kept.urgency, merged.urgency, key=RISING.index)
    for names in FACTS:
        if not any(getattr(kept, name) for name in names):
            restore(kept, as_it_is(merged, names))
    _steps_taken(kept, actor=actor, at=at)
    keep(kept)
    before["then"] = as_it_is(kept, KEPT)
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


def _broken(my: Clock, their: Clock, at: datetime) -> bool:
    """Tell whether a promise of the kept case was broken before the other's counts: it stays beside that one then."""
    in_time = my.met_at is not None and my.met_at <= my.due_at
    return not in_time and my.due_at <= min(at, their.due_at)


def _steps_promises(case: Case) -> set[str]:
    """Return the promises that steps of a case's playbook keep: on another playbook nothing would ever keep them."""
    return set(gates_of(policy_of(tuple(case.pack_versions)).playbook(case.kind)))


def _steps_taken(kept: Case, *, actor: Actor, at: datetime) -> None:
    """Complete the steps that ask for what the kept case has taken over."""
    complete_known(kept, actor=actor, at=at)
    if Evidence.objects.filter(case__in=Case.objects.of_matter(kept)).exists():
        complete_gate(kept, Gate.EVIDENCE, actor=actor, at=at)


def _refuse_unless_one_matter(merged: Case, kept: Case, at: datetime) -> None:
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
    told_after = kept.resolved_at is not None and kept.resolved_at < merged.received_at
    if rules.ended_unagreed(kept) or (told_after and not rules.may_be_reopened(kept, at=at)):
        mend = _("That case has ended and cannot be opened again. Link them instead.")
        raise Refused("not-reopened", field="into", mend=mend)
    if merged.resolved_at is not None:
        mend = _("This case is solved already: its report and calls are its own. Link them instead.")
        raise Refused("solved-already", field="into", mend=mend)
    if merged.offers.filter(answer__in=["", "accepted"]).exists():
        mend = _("There is an offer on this case. Withdraw it first, or merge the other way round.")
        raise Refused("has-offer", field="into", mend=mend)
    if merged.complexity_requests.waiting().exists():
        mend = _(
            "A manager was asked whether this case is complex. Wait for the decision, or merge the other way round."
        )
        raise Refused("has-request", field="into", mend=mend)
    if merged.merges.standing().exists():
        mend = _("Other cases were merged into this one. Merge the other way round.")
        raise Refused("has-merged", field="into", mend=mend)


def _earliest_clocks(
    kept: Case, merged: Case, before: dict[str, Any], at: datetime
) -> tuple[list[int], list[int], list[ClockStarted]]:
    """Let the clock due first of each promise stand on the kept case; return ids stopped, ids met, what runs anew."""
    stopped: list[int] = []
    met: list[int] = []
    anew: dict[int, ClockStarted] = {}
    if merged.complexity != kept.complexity:
        for case in (merged, kept):
            _made_complex(case, before, stopped, anew, at)
    mine, theirs = _by_promise(kept), _by_promise(merged)
    foreign = _steps_promises(merged) - _steps_promises(kept)
    for promise, their in theirs.items():
        my = mine.get(promise)
        if promise in foreign and my is None:
            _note(their, before)
            stop([their.pk], at=at)
            stopped.append(their.pk)
            continue
        if my is not None and _precedence(my) <= _precedence(their):
            answered = _answer(their, my)
            if answered is not None and my.running:
                _note(my, before)
                end_pauses([my.pk], at=answered)
                Clock.objects.filter(pk=my.pk).update(met_at=answered, next_alarm_at=owed(answered))
                met.append(my.pk)
            elif answered is not None and my.met_at is not None and answered < my.met_at:
                _note(my, before)
                Clock.objects.filter(pk=my.pk).update(met_at=answered)
            stopped += _give_way(their, my, before, at)
            continue
        copy = _copied(their, kept, _answer(my, their) if my is not None else None)
        if my is not None:
            stopped += _give_way(my, copy, before, at)
        copy.save(force_insert=True)
        _copy_pauses(their, copy)
        gone = [their.pk, *([my.pk] if my is not None and not _broken(my, their, at) else [])]
        Clock.objects.filter(pk__in=gone).update(replaced_by=copy)
        stopped += _give_way(their, copy, before, at)
        before["copies"].append(copy.pk)
        if copy.running and copy.paused_at is None:
            anew[copy.pk] = started(copy, pauses=pauses_of(copy))
    for clock in merged.clocks.running().filter(task__isnull=False):
        _note(clock, before)
        stop([clock.pk], at=at)
        stopped.append(clock.pk)
    return (
        [pk for pk in stopped if pk not in anew],
        [pk for pk in met if pk not in anew],
        [clock for pk, clock in anew.items() if pk not in stopped and pk not in met],
    )


def _precedence(clock: Clock) -> tuple[bool, datetime]:
    """Return what the lesser of two clocks of one promise counts by: an emergency's first (B30), then the one due."""
    return clock.urgency != EMERGENCY, clock.due_at


def _answer(one: Clock, other: Clock) -> datetime | None:
    """Return when an answer on one case kept the promise of the other: not before that began, nor an emergency's."""
    if one.met_at is None or one.met_at < other.started_at or one.urgency != EMERGENCY == other.urgency:
        return None
    return one.met_at


def _made_complex(
    case: Case, before: dict[str, Any], stopped: list[int], anew: dict[int, ClockStarted], at: datetime
) -> None:
    """Put the limits of a complex case in place of the ordinary ones that run."""
    if case.complexity == Complexity.COMPLEX.value:
        return
    limits = longer_limits(case)
    for old in Clock.objects.running().filter(case=case, task__isnull=True, promise__in=limits):
        if old.paused_at is not None:
            mend = _("A clock stands still. Let it go on first, then decide.")
            raise Conflict("clock-paused", mend=mend)
        old.case = case
        _note(old, before)
        new = replace_clock(old, limits[old.promise], at=at)
        before["copies"].append(new.pk)
        stopped.append(old.pk)
        anew[new.pk] = started(new, pauses=pauses_of(new))
    case.complexity = Complexity.COMPLEX.value


def _by_promise(case: Case) -> dict[str, Clock]:
    """Return the clock that counts for each promise of a case."""
    own = case.clocks.filter(replaced_by__isnull=True, task__isnull=True)
    clocks = own.select_for_update(of=("self",)).order_by("pk")
    return {clock.promise: clock for clock in clocks}


def _note(clock: Clock, before: dict[str, Any]) -> None:
    """Note how a clock is before it is changed."""
    before["clocks"].setdefault(str(clock.pk), as_it_is(clock, ENDING))
    before["pauses"] += list(clock.pauses.open().values_list("pk", flat=True))


def _give_way(clock: Clock, to: Clock, before: dict[str, Any], at: datetime) -> list[int]:
    """Stop a clock if it runs, for `to` counts in its place; return its id if it was stopped."""
    if clock.pk not in before["copies"]:
        _note(clock, before)
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
    if met_at is not None and copy.met_at is not None:
        copy.met_at = min(met_at, copy.met_at)
    elif copy.running and met_at is not None:
        copy.met_at, copy.paused_at, copy.next_alarm_at = met_at, None, None
    return copy


def _copy_pauses(clock: Clock, copy: Clock) -> None:
    pauses = list(Pause.objects.filter(clock=clock).select_related("author"))
    for pause in pauses:
        pause.pk, pause.clock = None, copy
        if copy.paused_at is None and pause.resumed_at is None:
            pause.resumed_at = max(copy.met_at or copy.stopped_at or pause.paused_at, pause.paused_at)
    Pause.objects.bulk_create(pauses)
