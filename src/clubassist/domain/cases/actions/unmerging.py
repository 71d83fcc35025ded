"""Taking a merge back: both cases stand alone again (F20)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict
from clubassist.domain.cases import rules
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.linking import links_back
from clubassist.domain.cases.actions.reopening import end_again, untouched_since
from clubassist.domain.cases.actions.restoring import as_it_is, restore
from clubassist.domain.cases.actions.state import keep
from clubassist.domain.cases.clocks import SOLUTION, move, pauses_of, started, stop
from clubassist.domain.cases.facts import CaseUnmerged
from clubassist.domain.cases.matters import first_answer
from clubassist.domain.cases.models import Case, Clock, Merge, Pause
from clubassist.domain.channels.models import Message


@action
def unmerge_cases(*, merge: Merge, actor: Actor, at: datetime, seen: int | None = None) -> Merge:
    """Take a merge back: both cases and their clocks are as they were, and what happened on the kept case since stays.

    An answer and a pause since then are the kept case's own. A promise that runs otherwise there by now (a longer
    limit, newer rules, opened again) goes on as it runs. A kept case that the merge had opened again is solved as it
    was, unless somebody has worked on it since (F52). Records CaseUnmerged. Raises Missing, Refused without the
    right or on a closed case; Conflict when undone already.
    """
    kept = locked(merge.kept, actor=actor, permission="case.link", seen=seen)
    row = Merge.objects.select_for_update().select_related("merged").get(pk=merge.pk)
    if row.undone_at is not None:
        raise Conflict("unmerged-already", mend=_("This merge was undone already."))
    before, merged = row.before, row.merged
    going_on = _otherwise_by_now(kept, before)
    stopped, copies = [], []
    for copy in Clock.objects.filter(pk__in=before["copies"]).order_by("pk"):
        if copy.case_id != kept.pk or copy.promise not in going_on:
            copies.append(copy)
            stopped += [copy.pk] if copy.running else []
    paused = _paused_since(copies, kept, row.at)
    stop(stopped, at=at)
    clocks = _own_clocks(kept, before, going_on, _answers_since(kept, row.at), paused)
    # A copy counts nowhere from now on; the clock that it stood for does again.
    for copy in copies:
        stood_for = Clock.objects.filter(pk__in=map(int, before["clocks"]), promise=copy.promise)
        own = stood_for.filter(case=copy.case_id).first() or stood_for.first()
        Clock.objects.filter(pk=copy.pk).update(replaced_by=own)
    restore(merged, before["merged"])
    merged.merged_into = None
    links_back(before["links"])
    keep(merged)
    unchanged = {
        name: value
        for name, value in before["kept"].items()
        if as_it_is(kept, [name])[name] == before["then"][name]
    }
    restore(kept, unchanged)
    ended = before.get("ended")
    if ended is not None and untouched_since(kept, ended, row.at):
        gone, again = end_again(kept, ended, actor=actor, at=at)
        stopped += [pk for pk in gone if pk not in stopped]
        clocks = [*(clock for clock in clocks if clock.case_id != kept.pk), *again]
    keep(kept)
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


def _otherwise_by_now(kept: Case, before: dict[str, Any]) -> set[str]:
    """Return the promises of the kept case whose clock is neither its own of then nor one that the merge gave it."""
    known = {*before["copies"], *map(int, before["clocks"])}
    own = kept.clocks.filter(replaced_by__isnull=True, task__isnull=True).order_by("pk")
    counting = {clock.promise: clock.pk for clock in own}
    otherwise = {promise for promise, pk in counting.items() if pk not in known}
    return otherwise | ({SOLUTION} if kept.reopened > before["reopened"] else set())


def _answers_since(kept: Case, since: datetime) -> dict[str, datetime]:
    """Return when the member was first answered, and offered a solution, on the kept case after the merge."""
    said = first_answer(Message.objects.filter(conversation=kept.conversation, at__gt=since))
    offers = kept.offers.filter(sent_at__gt=since).exclude(answer="withdrawn")
    offered = [offer.sent_at for offer in offers if offer.sent_at is not None]
    solved = kept.resolved_at if not rules.ended_unagreed(kept) else None
    solutions = [*offered, *([solved] if solved is not None and solved > since else [])]
    answers = [*([said] if said is not None else []), *offered]
    found = {"first_response": min(answers, default=None), SOLUTION: min(solutions, default=None)}
    return {promise: when for promise, when in found.items() if when is not None}


def _paused_since(copies: list[Clock], kept: Case, since: datetime) -> dict[str, list[Pause]]:
    """Return the pauses that began on the clocks of the kept case after the merge, by promise."""
    return {
        copy.promise: list(copy.pauses.filter(paused_at__gt=since).select_related("author"))
        for copy in copies
        if copy.case_id == kept.pk and copy.running
    }


def _own_clocks(
    kept: Case,
    before: dict[str, Any],
    going_on: set[str],
    answered: dict[str, datetime],
    paused: dict[str, list[Pause]],
) -> list[Clock]:
    """Put the clocks back that gave way, but those of promises `going_on` otherwise; return those that tick again."""
    ticking = []
    rows = Clock.objects.filter(pk__in=map(int, before["clocks"])).select_related("case__club")
    for clock in rows.select_for_update(of=("self",)).order_by("pk"):
        own = clock.case_id == kept.pk
        if own and clock.promise in going_on:
            continue
        Pause.objects.filter(pk__in=before["pauses"], clock=clock).update(resumed_at=None)
        restore(clock, before["clocks"][str(clock.pk)])
        if own:
            _as_since(clock, answered.get(clock.promise), paused.get(clock.promise, []))
        ahead = next(iter(clock.alarms_at[clock.raised :]), None)
        until = clock.met_at or clock.stopped_at or clock.paused_at
        clock.next_alarm_at = ahead if ahead is not None and (until is None or ahead <= until) else None
        clock.save()
        if clock.running and clock.paused_at is None:
            ticking.append(clock)
    return ticking


def _as_since(clock: Clock, answered_at: datetime | None, paused: list[Pause]) -> None:
    """Let a clock of the kept case have been answered, or have stood still, as its matter was since the merge."""
    if not clock.running:
        return
    if clock.paused_at is None:
        for pause in paused:
            if pause.paused_at < clock.due_at:
                pause.pk, pause.clock = None, clock
                pause.save(force_insert=True)
                clock.paused_at = pause.paused_at if pause.resumed_at is None else None
        if paused:
            move(clock, pauses_of(clock))
    if answered_at is not None:
        clock.met_at = answered_at
        if clock.paused_at is not None:
            Pause.objects.open().filter(clock=clock).update(resumed_at=max(answered_at, clock.paused_at))
            clock.paused_at = None
