"""Offering a member something to put a matter right: drawing it up, approving it, sending it, taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Refused
from clubassist.domain.cases import rules
from clubassist.domain.cases.actions.access import locked, locked_offer
from clubassist.domain.cases.actions.holding import approve_holds, hold_for, lock_funds, release_holds
from clubassist.domain.cases.actions.stages import complete_gate, enter
from clubassist.domain.cases.actions.state import heard_from_us, keep
from clubassist.domain.cases.actions.words import SHORT_TEXT, checked_words
from clubassist.domain.cases.clocks import SOLUTION, solution_goes_on
from clubassist.domain.cases.facts import ClockStarted, OfferApproved, OfferMade, OfferSent, OfferWithdrawn
from clubassist.domain.cases.models import Case, Clock, Offer, OfferState, Option
from clubassist.domain.cases.queries import next_round
from clubassist.domain.cases.steps import manager_decides, planned_stages, stage_with
from clubassist.domain.club.queries import policy_of
from clubassist.domain.ledgers.rules import MOST, Limits
from clubassist.pure.policy import Gate, Policy

MOST_OPTIONS: Final = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing the member can choose: the words they read, the remedy's code, its cost in fen, the clause it rests on.

    An empty `department` stands for the one that the remedy names.
    """

    words: str
    remedy: str
    clause: str
    cost: int = 0
    department: str = ""


@action
def make_offer(
    *, case: Case, choices: Sequence[Choice], actor: Actor, at: datetime, seen: int | None = None
) -> Offer:
    """Draw up the next round's offer and set aside what each option costs, in one commit (B24).

    It needs approval by somebody else when its dearest option, with what the club gave for the case before, is above
    the maker's limit (B06), and from the pack's round for managers on when a colleague without the right to approve
    makes it (B27). Records OfferMade, behind HoldTaken for each cost. Raises Missing, Refused naming the field, with
    less than it costs left in the fund, and while another offer is open, Conflict by `seen`.
    """
    case = locked(case, actor=actor, permission="offer.make", seen=seen)
    if actor.account is None or actor.machine:
        raise Refused("not-allowed", mend=_("Only a colleague makes an offer."), status=403)
    policy = policy_of(tuple(case.pack_versions))
    options = [_option(place, choice, policy) for place, choice in enumerate(choices, 1)]
    _check_time(case, options)
    number = next_round(case)
    offer = Offer.objects.create(
        case=case,
        round=number,
        made_at=at,
        made_by_id=actor.account,
        needs_approval=manager_decides(case, number) and not rules.may(actor, "offer.approve", case),
    )
    holds = hold_for(offer, options, limits=_limits(policy), actor=actor, at=at)
    for option in options:
        option.offer, option.hold = offer, holds.get(option.position)
    Option.objects.bulk_create(options)
    if any(hold.needs_approval for hold in holds.values()):
        offer.needs_approval = True
        offer.save(update_fields=["needs_approval"])
    fact = OfferMade(
        case_id=case.pk,
        offer_id=offer.pk,
        round=number,
        cost=max(option.cost for option in options),
        needs_approval=offer.needs_approval,
    )
    record(fact, actor=actor, at=at, scope=case.club_id)
    complete_gate(case, Gate.OFFER_MADE, actor=actor, at=at)
    keep(case)
    return offer


def _limits(policy: Policy) -> Limits:
    return {str(limit.role): limit.most for limit in policy.limits}


def _option(place: int, choice: Choice, policy: Policy) -> Option:
    """Return an option as a row without its offer. Raises Refused naming the field."""
    prefix = f"option{place}_"
    needed = _("Write what the member is offered.")
    words = checked_words(choice.words, SHORT_TEXT, field=f"{prefix}words", needed=needed)
    remedy = policy.remedies.get(choice.remedy)
    if remedy is None:
        known = _("Choose one of: %s.") % ", ".join(policy.remedies)
        raise Refused("remedy-unknown", field=f"{prefix}remedy", mend=known)
    if type(choice.cost) is not int or not 0 <= choice.cost <= MOST:
        raise Refused("cost-invalid", field=f"{prefix}cost", mend=_("Give an amount of 0 or more."))
    if choice.clause not in policy.clauses:
        example = _("Give the number of a clause of this club's rules, for example B24.")
        raise Refused("clause-unknown", field=f"{prefix}clause", mend=example)
    department = choice.department or str(remedy.department or "")
    if department and department not in policy.departments:
        mend = _("Choose one of: %s.") % ", ".join(policy.departments)
        raise Refused("department-unknown", field=f"{prefix}department", mend=mend)
    return Option(
        position=place,
        words=words,
        remedy=choice.remedy,
        department=department,
        cost=choice.cost,
        clause=choice.clause,
    )


def _check_time(case: Case, options: list[Option]) -> None:
    """Raise Refused when no offer can be made now, or this one is none."""
    if not 1 <= len(options) <= MOST_OPTIONS:
        mend = _("Offer at least one thing, and at most %(most)s to choose from.") % {"most": MOST_OPTIONS}
        raise Refused("options-number", field="option1_words", mend=mend)
    here = next(stage for stage in planned_stages(case) if stage.id == case.stage)
    if not any(task.gate == Gate.OFFER_SENT for task in here.tasks):
        early = _("An offer is made in the stage that works one out; take the steps before first.")
        raise Refused("not-proposing", mend=early)
    if Offer.objects.open().filter(case=case).exists():
        raise Refused(
            "offer-open", mend=_("Another offer is open. Wait for the answer, or withdraw it first.")
        )


@action
def approve_offer(*, offer: Offer, actor: Actor, at: datetime) -> Offer:
    """Agree to an offer above its maker's limit, or in a round that a manager decides (B06, B27).

    Every hold of it that needs approval gets it. Records OfferApproved, behind HoldApproved for each. Raises Missing,
    Refused without the right, for one's own offer, and above one's own limit; Conflict when it was decided already.
    """
    case, row = locked_offer(offer, actor=actor, permissions=("offer.approve",))
    if actor.machine:
        raise Refused("not-allowed", mend=_("A person approves an offer."), status=403)
    if row.made_by_id == actor.account:
        mend = _("Nobody approves their own offer. Ask another manager.")
        raise Refused("own-offer", mend=mend, status=403)
    if row.state != OfferState.AWAITING:
        raise Conflict("offer-decided", mend=_("This offer does not wait for approval any more."))
    approve_holds(row, limits=_limits(policy_of(tuple(case.pack_versions))), actor=actor, at=at)
    row.approved_at, row.approved_by_id = at, actor.account
    row.save(update_fields=["approved_at", "approved_by"])
    fact = OfferApproved(case_id=case.pk, offer_id=row.pk)
    record(fact, actor=actor, at=at, scope=case.club_id)
    complete_gate(case, Gate.OFFER_APPROVED, actor=actor, at=at)
    keep(case)
    return row


@action
def send_offer(*, offer: Offer, actor: Actor, at: datetime) -> Offer:
    """Tell the member what we offer: on their page, with a notice (B25).

    Keeps the promise of a solution, counts as contact, and the case waits for the member. Records OfferSent. Raises
    Missing, Refused without the right or the approval it needs, Conflict when it was sent or withdrawn already.
    """
    case, row = locked_offer(offer, actor=actor, permissions=("offer.make",))
    if row.state == OfferState.AWAITING:
        raise Refused(
            "approval-missing", mend=_("A colleague whose limit covers it has to approve this first.")
        )
    if row.state != OfferState.DRAFT:
        raise Conflict("offer-sent", mend=_("This offer was sent or withdrawn already."))
    row.sent_at = at
    row.save(update_fields=["sent_at"])
    met = heard_from_us(case, ("first_response", SOLUTION), actor=actor, at=at)
    fact = OfferSent(case_id=case.pk, offer_id=row.pk, round=row.round, met=met)
    record(fact, actor=actor, at=at, scope=case.club_id)
    complete_gate(case, Gate.OFFER_SENT, actor=actor, at=at)
    keep(case)
    return row


@action
def withdraw_offer(*, offer: Offer, reason: str, actor: Actor, at: datetime) -> Offer:
    """Take an open offer back, as who makes offers or was to approve it; what was set aside is free again.

    When the member was told of it, they are told that it stands no longer and await another one: the promise of a
    solution that it had kept goes on from where it stood.
    Records OfferWithdrawn. Raises Missing, Refused without the right or a reason, Conflict when it was answered.
    """
    reason = checked_words(reason, SHORT_TEXT, field="reason", needed=_("Say why it is withdrawn."))
    case, row = locked_offer(offer, actor=actor, permissions=("offer.make", "offer.approve"))
    if row.answer:
        raise Conflict("offer-answered", mend=_("This offer has been answered already."))
    awaited = row.sent_at is not None
    case.awaits_reply |= awaited
    owed = _owed_again(case, row, at=at)
    take_back(case, row, reason, awaited=awaited, clocks=owed, actor=actor, at=at)
    _work_out_anew(case, actor=actor, at=at)
    keep(case)
    return row


def _owed_again(case: Case, row: Offer, *, at: datetime) -> tuple[ClockStarted, ...]:
    """Take the promise of a solution up again if it was this offer that kept it; return what runs."""
    kept = Clock.objects.filter(case=case, promise=SOLUTION, replaced_by__isnull=True, met_at=row.sent_at)
    return solution_goes_on(case, at=at) if row.sent_at is not None and kept.exists() else ()


def _work_out_anew(case: Case, *, actor: Actor, at: datetime) -> None:
    """Go back to where an offer is worked out, unless the case has left the stages about it. The caller saves it."""
    propose, decide = stage_with(case, Gate.OFFER_SENT), stage_with(case, Gate.OFFER_ACCEPTED)
    if propose is not None and case.stage in (propose.id, decide.id if decide else ""):
        enter(case, propose, actor=actor, at=at)


def take_back(
    case: Case,
    row: Offer,
    reason: str,
    *,
    awaited: bool = False,
    clocks: tuple[ClockStarted, ...] = (),
    actor: Actor,
    at: datetime,
) -> None:
    """Withdraw an offer: what was set aside for it is free. Records OfferWithdrawn, with what is owed from now on."""
    lock_funds(row)
    release_holds(row, actor=SYSTEM, at=at)
    row.answer, row.answer_words, row.answered_at = "withdrawn", reason, at
    row.answered_by_id = actor.account
    row.save(update_fields=["answer", "answer_words", "answered_at", "answered_by"])
    fact = OfferWithdrawn(case_id=case.pk, offer_id=row.pk, round=row.round, awaited=awaited, clocks=clocks)
    record(fact, actor=actor, at=at, scope=case.club_id)
