"""Letting a clock stand still while we cannot go on, and going on (B90)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Refused
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.state import keep
from clubassist.domain.cases.actions.words import SHORT_TEXT, checked_words
from clubassist.domain.cases.clocks import MOVED, end_pause, owed, pauses_of, started
from clubassist.domain.cases.facts import ClockPaused, ClockResumed
from clubassist.domain.cases.models import Case, Clock, Pause
from clubassist.domain.club.queries import policy_of


def reasons_of(clock: Clock, case: Case) -> tuple[str, ...]:
    """Return the codes of the reasons for which the rules of the case let this clock stand still."""
    deadline = policy_of(tuple(case.pack_versions)).deadline(clock.deadline)
    return tuple(row.code for row in deadline.pauses) if deadline else ()


@action
def pause_clock(
    *, clock: Clock, reason: str, evidence: str, actor: Actor, at: datetime, seen: int | None = None
) -> Pause:
    """Let a clock stand still: no alarm comes due, and the queue does not rank the case by it.

    `reason` is one that the clock's deadline allows, `evidence` says in words what shows it. Records ClockPaused.
    Raises Refused for a clock that never pauses (a first response), a reason it does not allow, no evidence, a clock
    that ended, is late or has not begun; Conflict for one that stands still already.
    """
    case = locked(clock.case, actor=actor, permission="case.pause", seen=seen)
    row = Clock.objects.select_for_update().get(pk=clock.pk)
    allowed = reasons_of(row, case)
    if not allowed:
        raise Refused(
            "never-pausable", mend=_("This promise never stands still. Keep it, or explain why not.")
        )
    if reason not in allowed:
        mend = _("Choose one of the reasons that the rules allow for this promise.")
        raise Refused("reason-unknown", field="reason", mend=mend)
    needed = _("Say what shows it, for example: asked by phone for the receipt, 14:20.")
    words = checked_words(evidence, SHORT_TEXT, field="evidence", needed=needed)
    since = _since(row, at)
    pause = Pause.objects.create(
        clock=row, reason=reason, evidence=words, author_id=actor.account, paused_at=since
    )
    Clock.objects.filter(pk=row.pk).update(paused_at=since, next_alarm_at=owed(since))
    keep(case)
    fact = ClockPaused(
        case_id=case.pk, pause_id=pause.pk, promise=row.promise, reason=reason, stopped=(row.pk,)
    )
    record(fact, actor=actor, at=since, scope=case.club_id)
    return pause


def _since(clock: Clock, at: datetime) -> datetime:
    """Return when the pause begins: now, or a moment later at an alarm that a sweep raised ahead of this clock."""
    if not clock.running:
        raise Refused(
            "clock-ended", mend=_("This promise is kept or no longer runs; there is nothing to pause.")
        )
    if clock.paused_at is not None:
        raise Conflict("clock-paused", mend=_("This clock stands still already."))
    if not clock.started_at <= at < clock.due_at:
        mend = _("The promised time is over. A pause mends nothing now; answer, and say why it took longer.")
        raise Refused("clock-late", mend=mend)
    since = max([at, *clock.alarms_at[: clock.raised]])
    if clock.pauses.filter(resumed_at__gt=since).exists():
        raise Refused(
            "pause-overlaps", mend=_("This clock stood still until after this moment. Look at it again.")
        )
    return since


@action
def resume_clock(*, clock: Clock, actor: Actor, at: datetime, seen: int | None = None) -> Clock:
    """Let a clock go on: due time and alarms still ahead move by the time of its own calendar that it stood still.

    Records ClockResumed, upon which the member is told the new time. Raises Refused for a clock that does not stand
    still, or a moment before its pause.
    """
    case = locked(clock.case, actor=actor, permission="case.pause", seen=seen)
    row = Clock.objects.select_for_update().get(pk=clock.pk)
    row.case = case
    if row.paused_at is None:
        raise Refused("clock-not-paused", mend=_("This clock does not stand still."))
    if at < row.paused_at:
        raise Refused("resumed-before-pause", mend=_("The pause began later than this moment. Try again."))
    pause = row.pauses.open().get()
    due = row.due_at
    end_pause(row, at=at)
    row.save(update_fields=MOVED)
    keep(case)
    fact = ClockResumed(
        case_id=case.pk,
        pause_id=pause.pk,
        moved=int((row.due_at - due).total_seconds()),
        clocks=(started(row, pauses=pauses_of(row)),),
    )
    record(fact, actor=actor, at=at, scope=case.club_id)
    return row
