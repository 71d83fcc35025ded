"""A case's timeline in words: what was said in bubbles, what happened in single lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clubassist.core.actor import Actor
from clubassist.core.models import Entry
from clubassist.domain.cases.models import Attachment, Case
from clubassist.domain.cases.queries import Timeline
from clubassist.domain.cases.rules import NOT_AGREED
from clubassist.domain.cases.steps import planned_task
from clubassist.domain.channels.models import Message
from clubassist.domain.members.rules import shown_name
from clubassist.pure.policy import Policy
from clubassist.web.desk.forms import RESOLUTION_WORDS, URGENCY_WORDS
from clubassist.web.desk.offer_forms import CONCLUSION_WORDS, EVIDENCE_WORDS
from clubassist.web.desk.page import said
from clubassist.web.desk.rows import CHANNELS, PROMISES, kind_title
from clubassist.web.desk.step_forms import OUTCOME_WORDS
from clubassist.web.shared.templatetags.sa import moment

FACT_WORDS: Final = {
    "narrative": gettext_lazy("what happened"),
    "occurred_words": gettext_lazy("when"),
    "place": gettext_lazy("where"),
    "people": gettext_lazy("who"),
    "remedy_sought": gettext_lazy("what would put it right"),
    "emotion": gettext_lazy("how they feel"),
    "subclass": gettext_lazy("what exactly"),
    "complained_of": gettext_lazy("person complained of"),
    "event": gettext_lazy("which event"),
}

AGREEING: Final = {
    "EvidenceAdded": gettext_lazy("{who} added evidence: {kind}"),
    "FindingWritten": gettext_lazy("{who} wrote the finding: {result}"),
    "FindingSigned": gettext_lazy("{who} signed the finding"),
    "OfferMade": gettext_lazy("{who} drew up the offer of round {round}"),
    "OfferApproved": gettext_lazy("{who} approved the offer"),
    "OfferSent": gettext_lazy("{who} told the member of the offer of round {round}"),
    "OfferAccepted": gettext_lazy("{who} noted: the member agrees to the offer of round {round}"),
    "OfferDeclined": gettext_lazy("{who} noted: the member does not agree to the offer of round {round}"),
    "OfferWithdrawn": gettext_lazy("{who} withdrew the offer of round {round}"),
    "RoutesTold": gettext_lazy("{who} told the member who outside the club can help"),
}
OWN_ANSWERS: Final = {
    "OfferAccepted": gettext_lazy("The member agrees to the offer of round {round}"),
    "OfferDeclined": gettext_lazy("The member does not agree to the offer of round {round}"),
}


class Line(NamedTuple):
    """One line of the timeline; `sort` is a message's direction or system, which has no box."""

    sort: str
    who: str
    icon: str
    how: str
    body: str
    at: str
    iso: str
    files: Sequence[Attachment] = ()


def told(case: Case, timeline: Timeline, *, policy: Policy, actor: Actor, at: datetime) -> list[Line]:
    """Return messages and facts as lines, oldest first; of one moment: the words, the fact, the automatic notice."""
    person = case.reporter or case.subject
    member = shown_name(person.name, club_id=case.club_id, actor=actor) if person else ""
    lines: list[tuple[datetime, int, Line]] = []
    for message in timeline.messages:
        line = _message(message, member or _("Anonymous"), at)
        line = line._replace(files=timeline.files.get(message.pk, ()))
        lines.append((message.at, 2 if message.automatic else 0, line))
    for entry in timeline.entries:
        words = _happened(case, entry, timeline.names, policy, at)
        if number := timeline.numbers.get(entry.data["case_id"]):
            words = _("{number}: {words}").format(number=number, words=words)
        lines.append((entry.at, 1, Line("system", "", "bolt", "", words, *_time(entry.at, at))))
    return [line for _at, _order, line in sorted(lines, key=lambda row: row[:2])]


def _time(moment_at: datetime, at: datetime) -> tuple[str, str]:
    return moment(moment_at, at), moment_at.isoformat(timespec="seconds")


def _message(message: Message, member: str, at: datetime) -> Line:
    time = _time(message.at, at)
    if message.automatic:
        return Line(
            "system", "", "robot", "", _("Sent automatically: {text}").format(text=message.body), *time
        )
    if message.direction == "in":
        icon, how = CHANNELS.get(message.channel, ("message", ""))
        return Line("in", member, icon, str(how), message.body, *time)
    author = message.author.name if message.author else _("Colleague")
    icon, how = {
        "call": ("phone-call", _("Said on the phone")),
        "not_reached": ("phone", _("Called, nobody answered")),
        "left_message": ("phone", _("Called and left a message")),
        "note": ("note", _("Internal note · the member does not see this")),
    }.get(message.direction, ("send", _("To the member")))
    return Line(message.direction, author, icon, how, message.body, *time)


TOLD_ALIKE: Final = {
    "ClockPaused": gettext_lazy("{who} let the clock “{promise}” stand still"),
    "ClockResumed": gettext_lazy("{who} let the clock “{promise}” go on"),
    "ComplexityAsked": gettext_lazy("{who} asked for the longer limit of a complex case"),
    "CaseMerged": gettext_lazy("{who} merged {number} into this case"),
    "CaseUnmerged": gettext_lazy("{who} took the merge with {number} back"),
    "CaseLinked": gettext_lazy("{who} linked a case"),
    "CaseUnlinked": gettext_lazy("{who} removed a link"),
    "CaseReplanned": gettext_lazy("{who} let the case go over to the rules of today"),
    "TaskAcknowledged": gettext_lazy("{who} took the task on"),
    "ReportWritten": gettext_lazy("{who} wrote the closing report"),
    "FactsCorrected": gettext_lazy("{who} put facts right; the note beside it says what stood there before"),
    "ReportRead": gettext_lazy("{who} read the closing report"),
    "CaseReopened": gettext_lazy("Opened again: it is not solved"),
}
"""What needs no more words than who did it, with which number or promise."""


def _happened(case: Case, entry: Entry, names: dict[int, str], policy: Policy, at: datetime) -> str:
    data: dict[str, Any] = entry.data
    kind, _colon, key = entry.actor.partition(":")
    who = names.get(int(key), "") if kind == "staff" and key else ""
    match entry.fact:
        case "CaseOpened" | "CaseAssessed":
            return _filed(entry.fact, data, who, policy)
        case "CaseAssigned":
            return _assigned(names.get(data["owner_id"], ""), who)
        case "StageEntered":
            titles = {stage.id: said(stage.title) for stage in policy.playbook(case.kind).stages}
            return _("Next step: {stage}").format(stage=titles.get(data["stage"], data["stage"]))
        case "ContactPromised":
            promised = parse_datetime(data["contact_at"])
            time = moment(promised, at) if promised else data["contact_at"]
            return _("{who} promised to be in touch by {time}").format(who=who, time=time)
        case "FactsCompleted":
            fields = _(", ").join(str(FACT_WORDS.get(name, name)) for name in data["fields"])
            return _("{who} added: {facts}").format(who=who, facts=fields)
        case fact if fact in TOLD_ALIKE:
            return str(TOLD_ALIKE[fact]).format(
                who=who, number=data.get("number", ""), promise=_promise(data)
            )
        case "ComplexityDecided":
            words = (
                _("{who} approved it as complex")
                if data["approved"]
                else _("{who} did not approve it as complex")
            )
            return words.format(who=who)
        case "CaseReclassified":
            return _reclassified(data, who, policy)
        case "CaseResolved":
            return _solved(data["resolution"], who)
        case "TaskSkipped":
            step = planned_task(case, data["code"])
            title = said(step.title) if step else data["code"]
            return _("{who} left out a step: {step}").format(who=who, step=title)
        case "TaskSent":
            name = _department(data, policy)
            return _("{who} sent a task to: {department}").format(who=who, department=name)
        case fact if fact in AGREEING:
            return _agreeing(fact, data, who, policy)
        case "FollowUpEnded":
            end = OUTCOME_WORDS.get(data["outcome"], data["outcome"])
            return _("Follow-up: {result}").format(result=end)
    return _("{who} closed the case").format(who=who)


def _filed(fact: str, data: dict[str, Any], who: str, policy: Policy) -> str:
    """Say as what a case was filed, with what the rules suggested where that is something else (B19)."""
    if fact == "CaseAssessed":
        text = _("{who} confirmed: {kind}")
    else:
        text = _("{who} logged this as: {kind}") if who else _("Received and filed as: {kind}")
    kind = kind_title(policy, data["kind"])
    if data["urgency"] != "normal":
        kind = f"{kind} · {URGENCY_WORDS[data['urgency']]}"
    told = text.format(who=who, kind=kind)
    suggested = data.get("suggested", "")
    if suggested in ("", data["kind"]):
        return told
    return _("{told} (the words suggested: {kind})").format(told=told, kind=kind_title(policy, suggested))


def _solved(resolution: str, who: str) -> str:
    if resolution == NOT_AGREED:
        return _("{who} ended the case without agreement").format(who=who)
    result = RESOLUTION_WORDS.get(resolution, resolution)
    return _("{who} solved the case: {result}").format(who=who, result=result)


def _assigned(owner: str, who: str) -> str:
    text = _("{who} took the case") if owner == who else _("{who} gave the case to {owner}")
    return text.format(who=who or _("The system"), owner=owner)


def _department(data: dict[str, Any], policy: Policy) -> str:
    place = policy.departments.get(data.get("department", ""))
    return said(place) if place else str(data.get("department", ""))


def _reclassified(data: dict[str, Any], who: str, policy: Policy) -> str:
    words = _("{who} changed kind and urgency: {kind}, {urgency}; the note beside it says why")
    return words.format(
        who=who, kind=kind_title(policy, data["kind"]), urgency=URGENCY_WORDS[data["urgency"]]
    )


def _agreeing(fact: str, data: dict[str, Any], who: str, policy: Policy) -> str:
    """Return one fact of finding out what is true and of agreeing on a remedy, in words."""
    kind = EVIDENCE_WORDS.get(data.get("kind", ""), "")
    found = {
        "kind": kind,
        "result": CONCLUSION_WORDS.get(data.get("conclusion", ""), ""),
        "department": _department(data, policy),
        "round": data.get("round", ""),
        "who": who,
    }
    words = str(AGREEING[fact])
    if fact == "FindingWritten" and data["voided"]:
        words = _("{who} changed the finding: {result}; its signatures are void")
    if fact in OWN_ANSWERS and not who:
        words = str(OWN_ANSWERS[fact])
    if fact == "OfferMade" and data["needs_approval"]:
        words = _("{who} drew up the offer of round {round}; it needs approval")
    return words.format(**found)


def _promise(data: dict[str, Any]) -> str:
    """Return the promise that a fact is about, in words; empty when it is about none."""
    clocks = data.get("clocks") or [{}]
    promise = data.get("promise", clocks[0].get("promise", ""))
    return str(PROMISES.get(promise, promise))
