"""After a case was solved: follow-up calls, the member's own word on it, and opening it again (F52)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from clubassist.core import rows
from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases import rules
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.stages import complete_gate, enter
from clubassist.domain.cases.actions.state import derive_state, heard_from_us
from clubassist.domain.cases.clocks import meet, nearest_due, started, stop, taken_up_again
from clubassist.domain.cases.facts import CaseReopened, ClockStarted, FollowUpEnded, FollowUpTried
from clubassist.domain.cases.models import NO_CLOCK, Case, Clock, FollowUp, State, Try
from clubassist.domain.cases.steps import planned_stages, solving_stage
from clubassist.domain.channels.models import Message
from clubassist.domain.channels.models.conversation import ATTEMPTS
from clubassist.pure.policy import Gate

MOST_CHARACTERS: Final = 10_000
OUTCOMES: Final = ("solved", "not_solved", *ATTEMPTS, "no_objection")
ENOUGH_TRIES: Final = 2


@action
def log_follow_up(
    *, follow_up: FollowUp, outcome: str, score: int | None = None, text: str = "", actor: Actor, at: datetime
) -> FollowUp:
    """Keep a follow-up call; `outcome` is one of OUTCOMES, `score` (1 to 5) what the member gives.

    "solved" and "not_solved" end it and need a score; "not_solved" opens the case again, closed or not.
    "not_reached" and "left_message" are tries; after two of them "no_objection" may end it (A05).
    Records FollowUpTried, or FollowUpEnded and with it what follows. Raises Missing, Refused naming the field, and
    Conflict when the follow-up has ended already.
    """
    _checked(outcome, score, text)
    if not FollowUp.objects.visible_to(actor).filter(pk=follow_up.pk).exists():
        raise Missing
    case = locked(follow_up.case, actor=actor, permission="case.reply", finished_too=True)
    row = FollowUp.objects.get(pk=follow_up.pk)
    if row.ended_at is not None:
        raise Conflict("follow-up-ended", mend=_("This follow-up has come to its end already."))
    if outcome == "no_objection":
        if row.second_try_at is None:
            mend = _("Try to reach the member at least twice, then it may end without an objection.")
            raise Refused("too-few-tries", field="outcome", mend=mend)
    else:
        Try.objects.create(follow_up=row, outcome=outcome, at=at, by_id=actor.account)
        direction = outcome if outcome in ATTEMPTS else "call"
        _said(case, text, direction, actor=actor, at=at)
    if outcome in ATTEMPTS:
        if row.second_try_at is None and row.tries.filter(outcome__in=ATTEMPTS).count() >= ENOUGH_TRIES:
            row.second_try_at = at
            row.save(update_fields=["second_try_at"])
        fact = FollowUpTried(case_id=case.pk, follow_up_id=row.pk, outcome=outcome)
        record(fact, actor=actor, at=at, scope=case.club_id)
        return row
    if outcome in ("solved", "not_solved"):
        heard_from_us(case, (), actor=actor, at=at)
    _ended(case, row, outcome, score, actor=actor, at=at)
    return row


def _checked(outcome: str, score: int | None, text: str) -> None:
    if outcome not in OUTCOMES:
        mend = _("Choose one of: %s.") % ", ".join(OUTCOMES)
        raise Refused("outcome-unknown", field="outcome", mend=mend)
    _checked_score(score)
    if score is None and outcome in ("solved", "not_solved"):
        raise Refused("score-missing", field="score", mend=_("Ask for a score from 1 to 5."))
    if outcome in ("solved", "not_solved") and not text.strip():
        raise Refused("text-missing", field="text", mend=_("Write what the member said."))
    if len(text) > MOST_CHARACTERS:
        raise Refused("text-too-long", field="text", mend=_("Shorten the text to 10,000 characters."))


def _checked_score(score: int | None) -> None:
    if score is not None and not 1 <= score <= 5:
        raise Refused("score-unknown", field="score", mend=_("Give a score from 1 to 5."))


def _said(case: Case, text: str, direction: str, *, actor: Actor, at: datetime) -> None:
    Message.objects.create(
        conversation=case.conversation,
        direction=direction,
        channel="phone",
        author_id=actor.account,
        body=text.strip(),
        at=at,
    )


def _ended(case: Case, row: FollowUp, outcome: str, score: int | None, *, actor: Actor, at: datetime) -> None:
    """End a follow-up, keep its clock and take what follows: the next step, or the case once more. Saves the case."""
    row.outcome, row.score, row.ended_at = outcome, score, at
    row.save(update_fields=["outcome", "score", "ended_at"])
    fact = FollowUpEnded(
        case_id=case.pk,
        follow_up_id=row.pk,
        promise=row.promise,
        outcome=outcome,
        score=score,
        met=meet(case, (row.promise,), at=at),
    )
    record(fact, actor=actor, at=at, scope=case.club_id)
    if outcome == "not_solved":
        _reopen(case, actor=actor, at=at)
    elif not rules.is_finished(case):
        complete_gate(case, Gate.FOLLOW_UP, promise=row.promise, actor=actor, at=at)
    _save(case)


def _save(case: Case) -> None:
    derive_state(case)
    case.next_due_at = NO_CLOCK if case.closed_at is not None else nearest_due(case)
    case.version += 1
    case.save()


@action
def member_confirms(*, case: Case, score: int | None = None, actor: Actor, at: datetime) -> Case:
    """Let the member say by one tap that it is solved, with a score or without; it ends the next follow-up call.

    Records FollowUpEnded. Raises Missing for somebody else's case, Refused when it is not solved or no call is owed.
    """
    _checked_score(score)
    case = _members(case, actor=actor)
    row = FollowUp.objects.open().filter(case=case).order_by("opens_at", "pk").first()
    if case.state == State.OPEN or row is None:
        raise Refused("nothing-to-confirm", mend=_("There is nothing to confirm at the moment."))
    Try.objects.create(follow_up=row, outcome="solved", at=at)
    _ended(case, row, "solved", score, actor=actor, at=at)
    return case


@action
def member_objects(*, case: Case, text: str, actor: Actor, at: datetime) -> Case:
    """Let the member say that it is not solved: the same case is opened again and awaits an answer (F52).

    Possible for 35 days after it was solved. Records CaseReopened, and FollowUpEnded for a call that was owed.
    Raises Missing for somebody else's case, Refused without words, for a case not solved, or later than that.
    """
    if not text.strip():
        raise Refused("text-missing", field="text", mend=_("Say in a few words what is not solved."))
    if len(text) > MOST_CHARACTERS:
        raise Refused("text-too-long", field="text", mend=_("Shorten the text to 10,000 characters."))
    case = _members(case, actor=actor)
    if not rules.may_be_reopened(case, at=at):
        raise Refused(
            "not-reopened",
            field="text",
            mend=_("This matter cannot be opened again. Please tell us anew and name its number."),
        )
    Message.objects.create(
        conversation=case.conversation, direction="in", channel="web", body=text.strip(), at=at
    )
    row = FollowUp.objects.open().filter(case=case).order_by("opens_at", "pk").first()
    if row is not None:
        Try.objects.create(follow_up=row, outcome="not_solved", at=at)
        _ended(case, row, "not_solved", None, actor=actor, at=at)
    else:
        _reopen(case, actor=actor, at=at)
        _save(case)
    return case


def _members(case: Case, *, actor: Actor) -> Case:
    """Return the member's own case, locked. Raises Missing."""
    if not rules.may_write(actor, case):
        raise Missing
    return (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .select_related("club", "conversation")
        .get(pk=case.pk)
    )


def _reopen(case: Case, *, actor: Actor, at: datetime) -> None:
    """Open a solved or closed case again under its number. The caller saves it.

    Part C's rule for reopened cases: the response clock stays as it ended, the time of the first solution is kept,
    the case counts as not solved until it is solved again. The solution's clock goes on from where it stood when the
    case was solved, the time since is not counted (see `taken_up_again`). What was owed after the solution, the report
    and the calls, is owed anew after the next one. The case is back in the stage that promises the solution, or
    where the result is told.
    """
    stopped = list(Clock.objects.running().filter(case=case, task__isnull=True).values_list("pk", flat=True))
    stop(stopped, at=at)
    FollowUp.objects.open().filter(case=case).update(outcome="dropped", ended_at=at)
    case.resolved_at = case.closed_at = None
    case.resolution, case.cause = "", ""
    case.reopened += 1
    case.awaits_reply = True
    begun = _solution_goes_on(case, stopped, at=at)
    stages = planned_stages(case)
    promised = next((stage for stage in stages if stage.promise == "solution"), None)
    stage = promised or solving_stage(case) or stages[0]
    enter(case, stage, actor=actor, at=at)
    fact = CaseReopened(case_id=case.pk, stage=stage.id, stopped=tuple(stopped), clocks=begun)
    record(fact, actor=actor, at=at, scope=case.club_id)


def _solution_goes_on(case: Case, stopped: list[int], *, at: datetime) -> tuple[ClockStarted, ...]:
    kept = Clock.objects.filter(case=case, promise="solution").exclude(pk__in=stopped).order_by("pk").last()
    if kept is None:
        return ()
    kept.case = case
    begun = taken_up_again(kept, at=at)
    kept.save(update_fields=["met_at", "stopped_at"])
    if begun is None:
        return ()
    begun.pk = rows.keys(Clock)[0]
    begun.save(force_insert=True)
    return (started(begun),)
