"""Who looks after a case, and when the member hears next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Refused
from clubassist.domain.cases import rules
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.words import LONG_TEXT, checked_words
from clubassist.domain.cases.facts import CaseAssigned, ContactPromised
from clubassist.domain.cases.models import Case
from clubassist.domain.channels.models import Message
from clubassist.domain.people.models import Account
from clubassist.domain.people.queries import staff_actor

LONGEST_PROMISE = timedelta(days=60)
REASONS: Final = ("shift_end", "better_placed", "workload", "absence", "other")
"""Why a case goes from one owner to the next."""


@action
def assign(
    *,
    case: Case,
    owner: Account,
    reason: str = "",
    note: str = "",
    actor: Actor,
    at: datetime,
    seen: int | None = None,
) -> Case:
    """Give the case to a colleague who works at its club; one owner from intake to close (A11).

    Who hands a case of theirs on says why (one of REASONS) and may leave a note for the next (B03); a case without an
    owner, or one that somebody takes over, needs no reason.
    Records CaseAssigned; the same owner again changes nothing. Raises Refused for somebody who cannot work on it, an
    unknown reason, and a hand-over without one.
    """
    if reason and reason not in REASONS:
        raise Refused("reason-unknown", field="reason", mend=_("Choose one of: %s.") % ", ".join(REASONS))
    note = checked_words(note, LONG_TEXT, field="note")
    case = locked(case, actor=actor, permission="case.assign", seen=seen)
    if not Account.objects.assignable_in(case.club_id).filter(pk=owner.pk).exists():
        raise Refused("owner-elsewhere", field="owner", mend=_("Choose a colleague who works at this club."))
    if not rules.may_handle(staff_actor(owner), case.confidentiality, case.club_id):
        mend = _("This case is sensitive. Choose a colleague of the front desk or a service manager.")
        raise Refused("owner-not-cleared", field="owner", mend=mend)
    if case.owner_id == owner.pk:
        return case
    if case.owner_id is not None and case.owner_id == actor.account and not reason:
        raise Refused("reason-missing", field="reason", mend=_("Say why you hand the case on."))
    if note:
        Message.objects.create(
            conversation=case.conversation,
            direction="note",
            channel="desk",
            author_id=actor.account,
            body=note,
            at=at,
        )
    previous, case.owner_id = case.owner_id, owner.pk
    case.version += 1
    case.save(update_fields=["owner", "version"])
    fact = CaseAssigned(case_id=case.pk, owner_id=owner.pk, previous_id=previous, reason=reason)
    record(fact, actor=actor, at=at, scope=case.club_id)
    return case


@action
def promise_contact(
    *, case: Case, contact_at: datetime, actor: Actor, at: datetime, seen: int | None = None
) -> Case:
    """Note when the member hears from us next; the case is listed when that time comes (B03).

    Records ContactPromised. Raises Refused for a time that has passed or is over 60 days away, and Conflict when
    somebody changed the case since version `seen`.
    """
    case = locked(case, actor=actor, permission="case.reply", seen=seen)
    if not at < contact_at <= at + LONGEST_PROMISE:
        raise Refused(
            "contact-at-impossible", field="contact_at", mend=_("Choose a time within the next 60 days.")
        )
    case.next_contact_at = contact_at
    case.version += 1
    case.save(update_fields=["next_contact_at", "version"])
    record(ContactPromised(case_id=case.pk, contact_at=contact_at), actor=actor, at=at, scope=case.club_id)
    return case
