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
from clubassist.domain.cases.clocks import meet, nearest_due
from clubassist.domain.cases.facts import CaseReplied, MemberWrote, NoteAdded
from clubassist.domain.cases.models import Case
from clubassist.domain.channels.models import Message

MOST_CHARACTERS = 10_000


def _words(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused("text-missing", field="text", mend=_("Write something before you send."))
    if len(text) > MOST_CHARACTERS:
        raise Refused("text-too-long", field="text", mend=_("Shorten the text to 10,000 characters."))
    return text


@action
def reply(*, case: Case, text: str, actor: Actor, at: datetime, seen: int | None = None) -> Message:
    """Answer the member in writing. The first answer by a person keeps the first-response promise (A07).

    Records CaseReplied. Raises Missing, Refused, or Conflict when somebody answered since version `seen`.
    """
    return _answer(case, text, "out", "case.reply", actor=actor, at=at, seen=seen)


@action
def log_call(*, case: Case, text: str, actor: Actor, at: datetime, seen: int | None = None) -> Message:
    """Keep what was said to the member on the phone; it counts as an answer like a written one (A07).

    Records CaseReplied. Raises as `reply` does.
    """
    return _answer(case, text, "call", "case.reply", actor=actor, at=at, seen=seen)


def _answer(
    case: Case, text: str, direction: str, permission: str, *, actor: Actor, at: datetime, seen: int | None
) -> Message:
    body = _words(text)
    case = locked(case, actor=actor, permission=permission, seen=seen)
    channel = "phone" if direction == "call" else case.conversation.channel
    message = Message.objects.create(
        conversation=case.conversation,
        direction=direction,
        channel=channel,
        author_id=actor.account,
        body=body,
        at=at,
    )
    met = meet(case, ("first_response",), at=at)
    case.told_at, case.awaits_reply, case.next_contact_at = at, False, None
    case.next_due_at = nearest_due(case)
    case.owner_id = case.owner_id or actor.account
    case.version += 1
    case.save(update_fields=["told_at", "awaits_reply", "next_contact_at", "next_due_at", "owner", "version"])
    how = "phone" if direction == "call" else "message"
    fact = CaseReplied(case_id=case.pk, message_id=message.pk, how=how, met=met)
    record(fact, actor=actor, at=at, scope=case.club_id)
    return message


@action
def add_note(*, case: Case, text: str, actor: Actor, at: datetime) -> Message:
    """Leave an internal note that the member never sees. It answers nothing. Records NoteAdded."""
    body = _words(text)
    case = locked(case, actor=actor, permission="case.note")
    message = Message.objects.create(
        conversation=case.conversation,
        direction="note",
        channel="desk",
        author_id=actor.account,
        body=body,
        at=at,
    )
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
