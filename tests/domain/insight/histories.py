"""Random histories of complaints, lived through the real actions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from hypothesis import strategies as st

from clubassist.core.actor import Actor
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.cases.actions import (
    ask_complex,
    decide_complex,
    decline_offer,
    log_follow_up,
    member_confirms,
    member_objects,
    merge_cases,
    pause_clock,
    reclassify,
    reply,
    resolve,
    resume_clock,
    tell_routes,
    unmerge_cases,
    withdraw_offer,
)
from clubassist.domain.cases.models import Case, FollowUp, Merge
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from tests.makers.cases import make_case, offer_one, work_up_to

M = TypeVar("M", bound=Model)

STEPS = (
    "reply",
    "offer",
    "solve",
    "not_reached",
    "no_objection",
    "solved 5",
    "solved 2",
    "confirm 4",
    "object",
    "pause",
    "resume",
    "merge",
    "unmerge",
    "withdraw",
    "not_agreed",
    "urgent",
    "enquiry",
    "complex",
)
BEGIN = datetime(2026, 10, 30, tzinfo=UTC)


@dataclass(frozen=True)
class History:
    """A case received so many hours after BEGIN, and what happens to it, each step some hours after the one before."""

    received: int
    kind: str
    urgency: str
    steps: tuple[tuple[int, str], ...]


HISTORIES = st.lists(
    st.builds(
        History,
        received=st.integers(0, 33 * 24),
        kind=st.sampled_from(["complaint.service", "complaint.venue", "inquiry", "praise_or_other"]),
        urgency=st.sampled_from(["normal", "urgent"]),
        steps=st.lists(
            st.tuples(st.sampled_from([0, 1, 13, 50, 100]), st.sampled_from(STEPS)), max_size=7
        ).map(tuple),
    ),
    max_size=5,
)


@dataclass(frozen=True)
class Cast:
    """Who lives through the histories: a club, its member, an agent, and the manager who may skip steps."""

    club: Club
    person: Person
    member: Actor
    agent: Actor
    manager: Actor


def live_through(
    histories: list[History],
    cast: Cast,
    *,
    until: datetime,
    before_each: Callable[[datetime], object] = lambda at: None,
) -> None:
    """Let everything happen in order of time, up to `until`; steps that the product refuses do not happen."""
    events: list[tuple[datetime, int, str]] = []
    for number, history in enumerate(histories):
        at = BEGIN + timedelta(hours=history.received)
        events.append((at, number, "open"))
        for hours, step in history.steps:
            at += timedelta(hours=hours)
            events.append((at, number, step))
    cases: dict[int, int] = {}
    for at, number, step in sorted(events, key=lambda event: event[0]):
        if at > until:
            break
        before_each(at)
        if step == "open":
            sort: dict[str, Any] = {"kind": histories[number].kind, "urgency": histories[number].urgency}
            cases[number] = make_case(cast.club, at=at, subject=cast.person, **sort).pk
        else:
            with suppress(Refused), transaction.atomic():
                _take(step, Case.objects.select_related("club").get(pk=cases[number]), cast, at)


def _take(step: str, case: Case, cast: Cast, at: datetime) -> None:
    by: dict[str, Any] = {"actor": cast.manager, "at": at}
    member: dict[str, Any] = {"actor": cast.member, "at": at}
    match step.split():
        case ["reply"]:
            reply(case=case, text="正在处理。", **by)
        case ["offer"]:
            work_up_to(_before_an_offer(case), "propose", **by)
            offer_one(case, **by)
        case ["withdraw"]:
            withdraw_offer(offer=_one(case.offers.open()), reason="弄错了。", **by)
        case ["not_agreed"]:
            decline_offer(offer=_one(case.offers.open()), words="不要。", channel="phone", **by)
            tell_routes(case=case, **by)
            resolve(case=case, resolution="not_agreed", text="没有谈拢。", reason="会员不接受", **by)
        case ["urgent"]:
            reclassify(case=case, kind=case.kind, urgency="urgent", reason="很急。", **by)
        case ["enquiry"]:
            reclassify(case=case, kind="inquiry", urgency="normal", reason="只是问问。", **by)
        case ["complex"]:
            request = ask_complex(case=case, reason="要等厂家鉴定。", actor=cast.agent, at=at)
            decide_complex(request=request, approve=True, **by)
        case ["unmerge"]:
            unmerge_cases(merge=_one(Merge.objects.filter(merged=case, undone_at=None)), **by)
        case ["solve"]:
            resolve(case=case, resolution="solved", text="修好了。", reason="当场解决", **by)
        case ["not_reached" | "no_objection" as outcome]:
            log_follow_up(follow_up=_next_call(case), outcome=outcome, **by)
        case ["solved", score]:
            log_follow_up(follow_up=_next_call(case), outcome="solved", score=int(score), text="好了。", **by)
        case ["confirm", score]:
            member_confirms(case=case, score=int(score), **member)
        case ["object"]:
            member_objects(case=case, text="没有好。", **member)
        case ["pause"]:
            pause_clock(
                clock=_one(case.clocks.running().filter(promise="solution")),
                reason="part",
                evidence="订单 12",
                **by,
            )
        case ["resume"]:
            resume_clock(clock=_one(case.clocks.filter(paused_at__isnull=False)), **by)
        case ["merge"]:
            into = Case.objects.exclude(pk=case.pk).filter(merged_into=None).order_by("pk").first()
            if into is not None:
                merge_cases(case=case, into=into, **by)
        case _:
            raise AssertionError(step)


def _before_an_offer(case: Case) -> Case:
    """Return the case; what is no complaint, solved or already answered has no stage ahead in which offers are made."""
    if case.state != "open" or case.stage not in ("accept", "verify", "propose"):
        raise Missing
    return case


def _next_call(case: Case) -> FollowUp:
    return _one(FollowUp.objects.open().filter(case=case).order_by("opens_at", "pk"))


def _one(rows: QuerySet[M]) -> M:
    """Return the first of them; without any the step does not happen."""
    row = rows.first()
    if row is None:
        raise Missing
    return row
