"""After a case was solved: follow-up calls and the member's own word on it, which may open it again (F52)."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases import rules
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.reopening import reopen
from clubassist.domain.cases.actions.stages import complete_gate
from clubassist.domain.cases.actions.state import heard_from_us, keep
from clubassist.domain.cases.actions.words import LONG_TEXT, checked_words
from clubassist.domain.cases.clocks import meet
from clubassist.domain.cases.facts import FollowUpEnded, FollowUpTried
from clubassist.domain.cases.models import Case, FollowUp, Try
from clubassist.domain.cases.models.follow_up import ASSENT
from clubassist.domain.cases.steps import call_to_confirm
from clubassist.domain.channels.models import Message
from clubassist.domain.channels.models.conversation import ATTEMPTS
from clubassist.pure.policy import Gate

OUTCOMES: Final = ("solved", "not_solved", *ATTEMPTS, "no_objection")


@action
def log_follow_up(
    *, follow_up: FollowUp, outcome: str, score: int | None = None, text: str = "", actor: Actor, at: datetime
) -> FollowUp:
    """Keep a follow-up call; `outcome` is one of OUTCOMES, `score` (1 to 5) what the member gives.

    "solved" and "not_solved" end it and need a score; "not_solved" opens the case again, closed or not, unless it ended
    without agreement (A08). "not_reached" and "left_message" are tries; the second keeps the call's promise, and seven
    days of silence after it "no_objection" may end it (A05). Only "not_solved" may be heard before the call's day.
    Records FollowUpTried, or FollowUpEnded and with it what follows. Raises Missing, Refused naming the field, and
    Conflict when the follow-up has ended already.
    """
    text = _checked(outcome, score, text)
    if not FollowUp.objects.visible_to(actor).filter(pk=follow_up.pk).exists():
        raise Missing
    case = locked(follow_up.case, actor=actor, permission="case.reply", finished_too=True)
    row = FollowUp.objects.get(pk=follow_up.pk)
    if row.ended_at is not None:
        raise Conflict("follow-up-ended", mend=_("This follow-up has come to its end already."))
    if at < row.opens_at and outcome != "not_solved":
        mend = _("This call is for later; what it hears now proves nothing yet. Call again on its day.")
        raise Refused("call-too-early", field="outcome", mend=mend)
    if outcome == "no_objection":
        if row.objection_until is None:
            mend = _("Try to reach the member at least twice, then it may end without an objection.")
            raise Refused("too-few-tries", field="outcome", mend=mend)
        if at < row.objection_until:
            still = _still_possible(case, row.objection_until)
            raise Refused("objection-possible", field="outcome", mend=still)
    else:
        Try.objects.create(follow_up=row, outcome=outcome, at=at, by_id=actor.account)
        direction = outcome if outcome in ATTEMPTS else "call"
        _said(case, text, direction, actor=actor, at=at)
    if outcome in ATTEMPTS:
        met: tuple[int, ...] = ()
        if row.second_try_at is None and row.tries.filter(outcome__in=ATTEMPTS).count() >= ASSENT.tries:
            row.second_try_at = at
            row.save(update_fields=["second_try_at"])
            met = meet(case, (row.promise,), at=at)
            keep(case)
        fact = FollowUpTried(case_id=case.pk, follow_up_id=row.pk, outcome=outcome, met=met)
        record(fact, actor=actor, at=at, scope=case.club_id)
        return row
    met = ()
    if outcome in ("solved", "not_solved"):
        met = heard_from_us(case, ("first_response",), actor=actor, at=at)
    _ended(case, row, outcome, score, met=met, actor=actor, at=at)
    return row


def _still_possible(case: Case, until: datetime) -> str:
    moment = until.astimezone(ZoneInfo(case.club.zone)).strftime("%Y-%m-%d %H:%M")
    return _("The member may object until %s. Call once more, or end it after that.") % moment


def _checked(outcome: str, score: int | None, text: str) -> str:
    if outcome not in OUTCOMES:
        mend = _("Choose one of: %s.") % ", ".join(OUTCOMES)
        raise Refused("outcome-unknown", field="outcome", mend=mend)
    _checked_score(score)
    if score is None and outcome in ("solved", "not_solved"):
        raise Refused("score-missing", field="score", mend=_("Ask for a score from 1 to 5."))
    needed = {
        "solved": _("Write what the member said."),
        "not_solved": _("Write what the member said."),
        "left_message": _("Write what message you left."),
    }
    return checked_words(text, LONG_TEXT, needed=needed.get(outcome, ""))


def _checked_score(score: int | None) -> None:
    if score is not None and not 1 <= score <= 5:
        raise Refused("score-unknown", field="score", mend=_("Give a score from 1 to 5."))


def _said(case: Case, text: str, direction: str, *, actor: Actor, at: datetime) -> None:
    Message.objects.create(
        conversation=case.conversation,
        direction=direction,
        channel="phone",
        author_id=actor.account,
        body=text,
        at=at,
    )


def _ended(
    case: Case,
    row: FollowUp,
    outcome: str,
    score: int | None,
    *,
    met: tuple[int, ...] = (),
    actor: Actor,
    at: datetime,
) -> None:
    """End a follow-up, keep its clock and take what follows: the next step, or the case once more. Saves the case."""
    row.outcome, row.score, row.ended_at = outcome, score, at
    row.save(update_fields=["outcome", "score", "ended_at"])
    fact = FollowUpEnded(
        case_id=case.pk,
        follow_up_id=row.pk,
        promise=row.promise,
        outcome=outcome,
        score=score,
        met=met + meet(case, (row.promise,), at=at),
    )
    record(fact, actor=actor, at=at, scope=case.club_id)
    if outcome == "not_solved" and not rules.ended_unagreed(case):
        reopen(case, actor=actor, at=at)
    elif not rules.is_finished(case):
        complete_gate(case, Gate.FOLLOW_UP, promise=row.promise, actor=actor, at=at)
    keep(case)


@action
def member_confirms(*, case: Case, score: int | None = None, actor: Actor, at: datetime) -> Case:
    """Let the member say by one tap that it is solved, with a score or without; it ends the next follow-up call.

    They may say so before the first call's day; a later call asks whether it has stayed solved, so it has to come.
    Records FollowUpEnded. Raises Missing for somebody else's case, Refused when it is not solved or no call is owed.
    """
    _checked_score(score)
    case = _members(case, actor=actor)
    row = call_to_confirm(case, at=at)
    if row is None:
        raise Refused("nothing-to-confirm", mend=_("There is nothing to confirm at the moment."))
    Try.objects.create(follow_up=row, outcome="solved", at=at)
    _ended(case, row, "solved", score, actor=actor, at=at)
    return case


@action
def member_objects(*, case: Case, text: str, actor: Actor, at: datetime) -> Case:
    """Let the member say that it is not solved: the same case is opened again and awaits an answer (F52).

    Possible for 35 days after it was solved, not after an end without agreement (A08). Records CaseReopened, and
    FollowUpEnded for a call that was owed. Raises Missing for somebody else's case, Refused without words, for a case
    not solved, or later than that.
    """
    text = checked_words(text, LONG_TEXT, needed=_("Say in a few words what is not solved."))
    case = _members(case, actor=actor)
    if not rules.may_be_reopened(case, at=at):
        raise Refused(
            "not-reopened",
            field="text",
            mend=_("This matter cannot be opened again. Please tell us anew and name its number."),
        )
    Message.objects.create(conversation=case.conversation, direction="in", channel="web", body=text, at=at)
    row = FollowUp.objects.open().filter(case=case).order_by("opens_at", "pk").first()
    if row is not None:
        Try.objects.create(follow_up=row, outcome="not_solved", at=at)
        _ended(case, row, "not_solved", None, actor=actor, at=at)
    else:
        reopen(case, actor=actor, at=at)
        keep(case)
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
