"""Offers: drawn up, approved, sent, taken back, and what the member says to them."""

from __future__ import annotations

from clubassist.core.refusal import Missing
from clubassist.domain.cases import actions
from clubassist.domain.cases.models import Case, Offer, Option
from clubassist.web.api.answers import Written
from clubassist.web.api.bodies import AnswerBody, MyAnswerBody, Number, OfferBody, ReasonBody, Row
from clubassist.web.api.cases import Limit, case_of
from clubassist.web.api.operations import READS_CASES, Call, get, post
from clubassist.web.api.shapes import OPTIONS, made, moment, moment_or_none, written
from clubassist.web.api.solution_answers import Made, OfferPage, OfferRow, Offers, OptionRow

NAMED = ("case", "made_by", "approved_by")


@get("/cases/{number}/offers", scope=READS_CASES, answer=Offers, tag="offers")
def list_offers(request: Call, number: Number) -> Offers:
    """List the offers of a case, the newest first."""
    rows = Offer.objects.filter(case__in=Case.objects.of_matter(case_of(number, request))).select_related(
        *NAMED
    )
    return {"offers": [_offer_row(row) for row in rows.prefetch_related(OPTIONS).order_by("-pk")]}


@get("/offers", scope="offer.approve", answer=OfferPage, tag="offers")
def list_waiting_offers(request: Call, after: Row | None = None, limit: Limit = 50) -> OfferPage:
    """List the offers that wait for approval, the oldest first."""
    rows = Offer.objects.visible_to(request.actor).awaiting_approval().order_by("pk")
    if after:
        rows = rows.filter(pk__gt=after)
    found = list(rows.select_related(*NAMED).prefetch_related(OPTIONS)[: limit + 1])
    return {
        "offers": [_offer_row(row) for row in found[:limit]],
        "next": found[limit - 1].pk if len(found) > limit else None,
    }


@post("/cases/{number}/offers", scope="offer.make", answer=Made, tag="offers")
def make_offer(request: Call, number: Number, body: OfferBody) -> Made:
    """Draw up the next round's offer; what each option costs is set aside at once.

    Not with a token that was issued for an integration. Above the maker's limit it waits for approval by another.
    """
    case = case_of(number, request)
    choices = [actions.Choice(**option.model_dump()) for option in body.options]
    offer = actions.make_offer(case=case, choices=choices, seen=body.seen, actor=request.actor, at=request.at)
    return made(Case.objects.get(pk=case.pk), offer.pk)


@post("/offers/{offer}/approve", scope="offer.approve", answer=Written, tag="offers", status=200)
def approve_offer(request: Call, offer: Row) -> Written:
    """Agree to an offer above its maker's limit, as a person who did not make it."""
    return _after(actions.approve_offer(offer=_offer(request, offer), actor=request.actor, at=request.at))


@post("/offers/{offer}/send", scope="offer.make", answer=Written, tag="offers", status=200)
def send_offer(request: Call, offer: Row) -> Written:
    """Tell the member what is offered; the case then waits for them."""
    return _after(actions.send_offer(offer=_offer(request, offer), actor=request.actor, at=request.at))


@post("/offers/{offer}/withdraw", scope="offer.make|offer.approve", answer=Written, tag="offers", status=200)
def withdraw_offer(request: Call, offer: Row, body: ReasonBody) -> Written:
    """Take an open offer back; what was set aside is free again."""
    row = _offer(request, offer)
    return _after(actions.withdraw_offer(offer=row, reason=body.reason, actor=request.actor, at=request.at))


@post("/offers/{offer}/answer", scope="offer.make", answer=Written, tag="offers", status=200)
def note_answer(request: Call, offer: Row, body: AnswerBody) -> Written:
    """Write down the member's answer as a colleague heard it: a yes to one `option`, or without one a no in `text`."""
    return _after(answered(_offer(request, offer), body, body.channel, request))


def answered(offer: Offer, body: MyAnswerBody, channel: str, request: Call) -> Offer:
    """Take a yes to the option that the body names, a no without one."""
    actor, at = request.actor, request.at
    if body.option is None:
        return actions.decline_offer(offer=offer, words=body.text, channel=channel, actor=actor, at=at)
    option = Option(pk=body.option)  # the action looks whether the offer has it
    return actions.accept_offer(
        offer=offer, option=option, words=body.text, channel=channel, actor=actor, at=at
    )


def _after(offer: Offer) -> Written:
    return written(Case.objects.get(pk=offer.case_id))


def _offer(request: Call, pk: int) -> Offer:
    row = Offer.objects.visible_to(request.actor).select_related("case").filter(pk=pk).first()
    if row is None:
        raise Missing
    return row


def _offer_row(offer: Offer) -> OfferRow:
    return {
        "id": offer.pk,
        "case": offer.case.number,
        "round": offer.round,
        "state": offer.state,
        "options": [_option_row(option) for option in offer.options.all()],
        "made_by": offer.made_by.name,
        "made_at": moment(offer.made_at),
        "approved_by": offer.approved_by.name if offer.approved_by else None,
        "sent_at": moment_or_none(offer.sent_at),
        "answered_at": moment_or_none(offer.answered_at),
        "answer_channel": offer.answer_channel,
        "words": offer.answer_words,
    }


def _option_row(option: Option) -> OptionRow:
    return {
        "id": option.pk,
        "words": option.words,
        "remedy": option.remedy,
        "clause": option.clause,
        "cost": option.cost,
        "department": option.department,
        "chosen": option.chosen,
    }
