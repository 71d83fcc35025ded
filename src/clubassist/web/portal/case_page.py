"""What a member reads about one matter: its steps, who handles it, what we promise next, what was said."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Exists, F, OuterRef, Q

from clubassist.core.actor import Actor
from clubassist.core.refusal import Missing
from clubassist.domain.cases import rules
from clubassist.domain.cases.clocks import explained
from clubassist.domain.cases.matters import newest_with_files, said_on
from clubassist.domain.cases.models import Attachment, Case, Clock, Offer, OfferState, State
from clubassist.domain.cases.steps import call_to_confirm
from clubassist.domain.channels.models import Message
from clubassist.domain.club.queries import policy_of
from clubassist.pure.policy import Deadline, Policy
from clubassist.web.portal.words import lang, role_titles, said, surname

MOST_MESSAGES: Final = 200
VOICES: Final = {"in": "member", "out": "ours", "call": "call"}


class Step(NamedTuple):
    """A step as the member sees it; `state` is done, current or ahead."""

    title: str
    state: str


class Promise(NamedTuple):
    """A promise that runs: until when, what we said, how the time comes about, and whether we are late.

    `paused` says why its clock stands still now; empty while it ticks.
    """

    due_at: datetime
    words: str
    explanation: str
    late: bool
    paused: str
    paused_at: datetime | None


class Choice(NamedTuple):
    """One thing that the member can choose, in the words they were sent."""

    pk: int
    words: str
    remedy: str
    chosen: bool


class Round(NamedTuple):
    """An offer as the member reads it; `words` are their own answer."""

    pk: int
    number: int
    state: str
    options: list[Choice]
    sent_at: datetime | None
    answered_at: datetime | None
    words: str


class Line(NamedTuple):
    """One line of the history; `voice` is member, told (to a colleague, by phone), ours, call or system."""

    voice: str
    body: str
    at: datetime
    files: list[Attachment]


def visible_case(actor: Actor, **which: Any) -> Case:
    """Return the case that `actor` may see, `offered` where they were offered something on the matter.

    Of a merged one it is the case that it is part of, where they see that (F20). One statement. Raises Missing.
    """
    seen = Case.objects.visible_to(actor)
    goes_on = Q(**which) & ~Q(merged_into__in=seen) | Q(pk__in=seen.filter(**which).values("merged_into"))
    told = Offer.objects.told().filter(Q(case=OuterRef("pk")) | Q(case__merged_into=OuterRef("pk")))
    found = seen.filter(goes_on).annotate(offered=Exists(told))
    case = found.select_related("club", "area__venue", "conversation", "owner").first()
    if case is None:
        raise Missing
    return case


def case_context(case: Case, *, at: datetime) -> dict[str, Any]:
    """Return what the page of a case shows; the caller has made sure that it may be seen. At most nine statements."""
    policy = policy_of(tuple(case.pack_versions))
    steps = steps_of(case)
    running = promises_of(case, at=at)
    return {
        "case": case,
        "kind": said(policy.kind(case.kind).title),
        "steps": steps,
        "position": next((place for place, step in enumerate(steps, 1) if step.state == "current"), None),
        "handler": _handler(case, policy),
        "promise": running[0] if running else None,
        "lines": _lines(case),
        "open": not rules.is_finished(case),
        "offers": offers_of(case, policy),
        "may_object": rules.may_be_reopened(case, at=at),
        "may_confirm": call_to_confirm(case, at=at) is not None,
    }


def offers_of(case: Case, policy: Policy) -> list[Round]:
    """Return what the member was offered so far on the matter, the newest first. Two statements, none for nothing."""
    if not vars(case)["offered"]:
        return []
    rows = (
        Offer.objects.filter(case__in=Case.objects.of_matter(case))
        .told()
        .prefetch_related("options")
        .order_by("-pk")
    )
    return [
        Round(
            pk=offer.pk,
            number=offer.round,
            state=offer.state,
            options=[
                Choice(
                    option.pk,
                    option.words,
                    said(policy.remedies[option.remedy].title) if option.remedy in policy.remedies else "",
                    option.chosen,
                )
                for option in sorted(offer.options.all(), key=lambda row: row.position)
            ],
            sent_at=offer.sent_at,
            answered_at=offer.answered_at,
            words=offer.answer_words if offer.state != OfferState.WITHDRAWN else "",
        )
        for offer in rows
    ]


def steps_of(case: Case) -> list[Step]:
    """Return the steps of the case's playbook as the member sees them, with where it stands."""
    policy = policy_of(tuple(case.pack_versions))
    playbook = policy.playbook(case.kind)
    last = len(playbook.member_steps) - 1
    here, previous = -1, None
    for stage in playbook.stages:
        here += stage.member_title != previous
        previous = stage.member_title
        if stage.id == case.stage:
            break
    if case.state == State.RESOLVED:
        here = last
    if case.state == State.CLOSED:
        here = last + 1
    states = [
        "done" if place < here else "current" if place == here else "ahead" for place in range(last + 1)
    ]
    return [Step(said(title), state) for title, state in zip(playbook.member_steps, states, strict=True)]


def promises_of(case: Case, *, at: datetime | None = None) -> list[Promise]:
    """Return the promises that still run, the nearest first and those that stand still last. Two statements."""
    policy = policy_of(tuple(case.pack_versions))
    clocks = Clock.objects.running().filter(case=case).prefetch_related("pauses__author")
    promises = []
    for clock in clocks.order_by(F("paused_at").asc(nulls_first=True), "due_at", "pk"):
        clock.case = case
        row = policy.deadline(clock.deadline)
        words = row.member_words if row is not None else None
        if row is None or words is None:
            continue
        late = at is not None and clock.due_at < at and clock.paused_at is None
        explanation = explained(clock, row, lang(), to_staff=False)
        paused = _stands_still(clock, row)
        promises.append(Promise(clock.due_at, said(words), explanation, late, paused, clock.paused_at))
    return promises


def _stands_still(clock: Clock, row: Deadline) -> str:
    titles = {reason.code: said(reason.title) for reason in row.pauses}
    return next((titles.get(one.reason, "") for one in clock.pauses.all() if one.resumed_at is None), "")


def _handler(case: Case, policy: Policy) -> str:
    """Return surname and role of the colleague in charge, or "" while it is the team."""
    if case.owner is None:
        return ""
    title = role_titles([case.owner.pk], policy).get(case.owner.pk, "")
    who = surname(case.owner.name)
    return f"{who}（{title}）" if lang() == "zh" else f"{who} ({title})"


def _lines(case: Case) -> list[Line]:
    newest = newest_with_files(said_on(case, public=True), MOST_MESSAGES)
    return [Line(_voice(message), message.body, message.at, files) for message, files in reversed(newest)]


def _voice(message: Message) -> str:
    if message.automatic:
        return "system"
    return "told" if (message.direction, message.channel) == ("in", "phone") else VOICES[message.direction]
