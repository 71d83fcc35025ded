"""What the member says to an offer, by one tap or on the phone, and what follows from it (B25 to B27)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clubassist.core import rows
from clubassist.core.action import action
from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases import rules
from clubassist.domain.cases.actions.access import locked, locked_by_pk, locked_offer
from clubassist.domain.cases.actions.departments import ask
from clubassist.domain.cases.actions.holding import lock_funds, pay, release_holds
from clubassist.domain.cases.actions.stages import complete_gate, enter
from clubassist.domain.cases.actions.state import heard_from_us, keep
from clubassist.domain.cases.actions.words import checked_words
from clubassist.domain.cases.clocks import Sort, start_clock, started
from clubassist.domain.cases.facts import ClockStarted, OfferAccepted, OfferDeclined, RoutesTold
from clubassist.domain.cases.models import Case, Clock, Offer, OfferState, Option
from clubassist.domain.cases.queries import next_round
from clubassist.domain.cases.steps import manager_decides, stage_with
from clubassist.domain.channels.models import Message
from clubassist.domain.club.queries import policy_of
from clubassist.pure.policy import Gate

MOST_CHARACTERS: Final = 2_000
CHANNELS: Final = ("phone", "desk", "web", "mail", "wechat")
"""How an answer reached us; "web" is the member's own tap."""


@action
def accept_offer(
    *, offer: Offer, option: Option, channel: str = "web", words: str = "", actor: Actor, at: datetime
) -> Offer:
    """Take the member's yes to an option, from themselves or as a colleague heard it by `channel` (B25).

    What it costs goes out, the other options' money is free; the department that carries it out is asked at once and
    the promise to start runs (B26). Records OfferAccepted, and HoldCommitted, HoldReleased, StageEntered and TaskSent
    where they follow. Raises Missing, Refused for an option of another offer, Conflict when it was answered.
    """
    words = _checked(words, channel, optional=True)
    case, row = _to_answer(offer, channel, actor)
    chosen = Option.objects.select_related("hold").filter(offer=row, pk=option.pk).first()
    if chosen is None:
        raise Refused("option-unknown", field="option", mend=_("Choose one of what is offered."))
    pay(row, chosen, at=at)
    chosen.chosen = True
    chosen.save(update_fields=["chosen"])
    _answered(case, row, "accepted", words, channel, actor=actor, at=at)
    clocks = _start_implementation(case, at=at)
    fact = OfferAccepted(
        case_id=case.pk,
        offer_id=row.pk,
        round=row.round,
        cost=chosen.cost,
        channel=channel,
        clocks=clocks,
    )
    record(fact, actor=actor, at=at, scope=case.club_id)
    complete_gate(case, Gate.OFFER_ACCEPTED, actor=actor, at=at)
    if chosen.department:
        ask(case, chosen.department, _told_to_department(case, chosen), actor=actor, at=at)
    keep(case)
    return row


@action
def decline_offer(*, offer: Offer, words: str, channel: str = "web", actor: Actor, at: datetime) -> Offer:
    """Take the member's no, with what they say to it; the next round begins where offers are worked out (B27).

    What was set aside is free again, and the case awaits an answer. Records OfferDeclined, HoldReleased and
    StageEntered. Raises Missing, Refused without words, Conflict when it was answered.
    """
    words = _checked(words, channel)
    case, row = _to_answer(offer, channel, actor)
    lock_funds(row)
    release_holds(row, actor=SYSTEM, at=at)
    _answered(case, row, "declined", words, channel, actor=actor, at=at)
    case.awaits_reply = True
    again = next_round(case)
    fact = OfferDeclined(
        case_id=case.pk,
        offer_id=row.pk,
        round=row.round,
        channel=channel,
        manager_next=manager_decides(case, again),
    )
    record(fact, actor=actor, at=at, scope=case.club_id)
    propose = stage_with(case, Gate.OFFER_SENT)
    if propose is not None:
        enter(case, propose, actor=actor, at=at)
    keep(case)
    return row


def _told_to_department(case: Case, chosen: Option) -> str:
    """Return what the department reads of an option: of a sensitive case the remedy's title only (F25)."""
    remedy = policy_of(tuple(case.pack_versions)).remedies.get(chosen.remedy)
    if not case.sensitive or remedy is None:
        return chosen.words
    return remedy.title.zh if case.conversation.language.startswith("zh") else remedy.title.en


def _checked(words: str, channel: str, *, optional: bool = False) -> str:
    if channel not in CHANNELS:
        mend = _("Choose one of: %s.") % ", ".join(CHANNELS)
        raise Refused("channel-unknown", field="channel", mend=mend)
    needed = "" if optional else _("Say in a few words what does not suit you.")
    return checked_words(words, MOST_CHARACTERS, needed=needed)


def _to_answer(offer: Offer, channel: str, actor: Actor) -> tuple[Case, Offer]:
    """Return the offer and its case, locked, if `actor` may answer it: the member, or a colleague who heard them.

    Raises Missing for somebody else's, Conflict when it was answered already or is not out.
    """
    if rules.may_write(actor, offer.case):
        if rules.is_finished(offer.case):
            mend = _("This matter is closed. Please tell us anew and name its number.")
            raise Refused("case-closed", mend=mend)
        case = locked_by_pk(offer.case_id)
        row = Offer.objects.get(pk=offer.pk)
        if row.sent_at is None:
            raise Missing
    else:
        case, row = locked_offer(offer, actor=actor, permissions=("offer.make",))
        if actor.machine or channel == "web":
            mend = _("Only the member answers here; say how the answer reached you.")
            raise Refused("channel-member", field="channel", mend=mend)
    if row.state == OfferState.WITHDRAWN:
        mend = _("This offer no longer stands; we have taken it back and will write with another one.")
        raise Conflict("offer-withdrawn", mend=mend)
    if row.answer:
        raise Conflict("offer-answered", mend=_("This offer has been answered already; nothing was changed."))
    if row.state != OfferState.SENT:
        raise Conflict("offer-not-sent", mend=_("The member has not been told of this offer yet."))
    return case, row


def _answered(
    case: Case, row: Offer, answer: str, words: str, channel: str, *, actor: Actor, at: datetime
) -> None:
    row.answer, row.answer_words, row.answer_channel, row.answered_at = answer, words, channel, at
    row.answered_by_id = None if rules.may_write(actor, case) else actor.account
    row.save(update_fields=["answer", "answer_words", "answer_channel", "answered_at", "answered_by"])
    if words:
        Message.objects.create(
            conversation=case.conversation,
            direction="in",
            channel=channel,
            author_id=row.answered_by_id,
            body=words,
            at=at,
        )


def _start_implementation(case: Case, *, at: datetime) -> tuple[ClockStarted, ...]:
    """Start the promises that run from the agreement on (B26)."""
    policy = policy_of(tuple(case.pack_versions))
    running = set(
        Clock.objects.running().filter(case=case, task__isnull=True).values_list("promise", flat=True)
    )
    begun = []
    for deadline in policy.deadlines_for(case.kind, case.urgency, case.complexity, starts="agreed"):
        if deadline.promise not in running:
            clock = start_clock(deadline, sort=Sort.of(case), club=case.club, at=at)
            clock.pk, clock.case = rows.keys(Clock)[0], case
            clock.save(force_insert=True)
            begun.append(started(clock))
    return tuple(begun)


@action
def tell_routes(*, case: Case, actor: Actor, at: datetime) -> Case:
    """Tell the member who outside the club can help when we do not agree, in the pack's words (B27, A08).

    Possible once they declined an offer; without it no case ends without agreement. Records RoutesTold. Raises
    Missing, Refused without the right, before any offer was declined, or when they were told already.
    """
    case = locked(case, actor=actor, permission="offer.make")
    if actor.machine:
        raise Refused("not-allowed", mend=_("A colleague tells the member."), status=403)
    offers = Offer.objects.filter(case__in=Case.objects.of_matter(case))
    if not offers.filter(answer="declined").exists():
        raise Refused("nothing-declined", mend=_("The member has not declined an offer yet."))
    if case.routes_told_at is not None:
        raise Conflict("routes-told", mend=_("The member was told already."))
    chinese = case.conversation.language.startswith("zh")
    message = Message.objects.create(
        conversation=case.conversation,
        direction="out",
        channel=case.conversation.channel,
        author_id=actor.account,
        body=routes_text(case, chinese=chinese),
        at=at,
    )
    case.routes_told_at = at
    met = heard_from_us(case, ("first_response",), actor=actor, at=at)
    fact = RoutesTold(case_id=case.pk, message_id=message.pk, met=met)
    record(fact, actor=actor, at=at, scope=case.club_id)
    keep(case)
    return case


def routes_text(case: Case, *, chinese: bool | None = None) -> str:
    """Return what the member is told of the routes outside the club, in Chinese or English; else the reader's."""
    if chinese is None:
        chinese = (get_language() or "zh").startswith("zh")
    routes = policy_of(tuple(case.pack_versions)).routes
    lines = [
        f"{route.title.zh}：{route.text.zh}" if chinese else f"{route.title.en}: {route.text.en}"
        for route in routes
    ]
    first = (
        "如果您不接受我们的方案，还可以通过以下途径解决："
        if chinese
        else "If you do not agree with what we offer, you can also turn to:"
    )
    return "\n".join([first, *lines])
