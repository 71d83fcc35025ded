"""Speaking with the member and with colleagues: two separate voices, never one buffer."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.cases import rules
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.state import heard_from_us, keep
from clubassist.domain.cases.actions.words import LONG_TEXT, checked_words
from clubassist.domain.cases.facts import CaseReplied, ContactAttempted, MemberWrote, NoteAdded
from clubassist.domain.cases.models import Case
from clubassist.domain.channels.models import Message
from clubassist.domain.channels.models.conversation import ATTEMPTS

CALL_OUTCOMES = ("reached", *ATTEMPTS)


def _words(text: str, *, optional: bool = False) -> str:
    needed = "" if optional else _("Write something before you send.")
    return checked_words(text, LONG_TEXT, needed=needed)


@action
def reply(*, case: Case, text: str, actor: Actor, at: datetime, seen: int | None = None) -> Message:
    """Answer the member in writing. The first answer by a person keeps the first-response promise (A07).

    A machine's token is nobody: what it writes is kept as an automatic message and answers nothing.
    Records CaseReplied. Raises Missing, Refused, or Conflict when somebody answered since version `seen`.
    """
    body = _words(text)
    case = locked(case, actor=actor, permission="case.reply", seen=seen)
    return _answer(case, body, "out", case.conversation.channel, actor=actor, at=at)


@action
def log_call(
    *, case: Case, text: str, outcome: str, actor: Actor, at: datetime, seen: int | None = None
) -> Message:
    """Keep a call to the member. `outcome` is one of CALL_OUTCOMES; only "reached" is an answer, as `reply` is (A07).

    A call that did not reach them stays in the thread for colleagues and changes nothing else; where nobody answered,
    `text` may be empty. Records CaseReplied or ContactAttempted. Raises as `reply` does.
    """
    if outcome not in CALL_OUTCOMES:
        mend = _("Choose one of: %s.") % ", ".join(CALL_OUTCOMES)
        raise Refused("outcome-unknown", field="outcome", mend=mend)
    body = _words(text, optional=outcome == "not_reached")
    case = locked(case, actor=actor, permission="case.reply", seen=seen)
    if outcome == "reached":
        return _answer(case, body, "call", "phone", actor=actor, at=at)
    message = _said(case, body, outcome, "phone", actor=actor, at=at)
    fact = ContactAttempted(case_id=case.pk, message_id=message.pk, outcome=outcome)
    record(fact, actor=actor, at=at, scope=case.club_id)
    return message


def _answer(case: Case, body: str, direction: str, channel: str, *, actor: Actor, at: datetime) -> Message:
    message = _said(case, body, direction, channel, actor=actor, at=at)
    met = heard_from_us(case, ("first_response",), actor=actor, at=at)
    if not actor.machine:
        case.owner_id = case.owner_id or actor.account
    keep(case)
    how = "phone" if direction == "call" else "message"
    fact = CaseReplied(case_id=case.pk, message_id=message.pk, how=how, met=met)
    record(fact, actor=actor, at=at, scope=case.club_id)
    return message


def _said(case: Case, body: str, direction: str, channel: str, *, actor: Actor, at: datetime) -> Message:
    return Message.objects.create(
        conversation=case.conversation,
        direction=direction,
        channel=channel,
        author_id=actor.account,
        automatic=actor.machine and direction in ("out", "call"),
        body=body,
        at=at,
    )


@action
def add_note(*, case: Case, text: str, actor: Actor, at: datetime) -> Message:
    """Leave an internal note that the member never sees. It answers nothing. Records NoteAdded."""
    body = _words(text)
    case = locked(case, actor=actor, permission="case.note")
    message = _said(case, body, "note", "desk", actor=actor, at=at)
    record(NoteAdded(case_id=case.pk, message_id=message.pk), actor=actor, at=at, scope=case.club_id)
    return message


@action
def member_writes(*, case: Case, text: str, actor: Actor, at: datetime) -> Message:
    """Add what the member has to say, from their account or their link; the case shows that it awaits an answer.

    Records MemberWrote. Raises Missing for somebody else's case, Refused on a closed one.
    """
    body = _words(text)
    if not rules.may_write(actor, case):
        raise Missing
    case = Case.objects.select_for_update(of=("self",)).select_related("conversation").get(pk=case.pk)
    if rules.is_finished(case):
        raise Refused(
            "case-closed",
            field="text",
            mend=_("This matter is closed. Please report anew."),
        )
    message = Message.objects.create(
        conversation=case.conversation, direction="in", channel="web", body=body, at=at
    )
    case.awaits_reply = True
    case.version += 1
    case.save(update_fields=["awaits_reply", "version"])
    record(MemberWrote(case_id=case.pk, message_id=message.pk), actor=actor, at=at, scope=case.club_id)
    return message
