"""Taking a matter in: the case, its clocks, its first stage and the first message, in one commit (B18, F49)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from clubassist.core import tokens
from clubassist.core.action import action
from clubassist.core.actor import Actor, ActorKind
from clubassist.core.files import Received
from clubassist.core.journal import Fact, record
from clubassist.core.numbers import next_number
from clubassist.core.refusal import Refused
from clubassist.domain.cases import rules
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.assessing import assessed
from clubassist.domain.cases.actions.attaching import attach
from clubassist.domain.cases.actions.stages import complete_known, laid_down, promises_kept
from clubassist.domain.cases.actions.state import keep
from clubassist.domain.cases.clocks import Sort, start_clocks, started
from clubassist.domain.cases.facts import CaseOpened, FactsCompleted, FactsCorrected
from clubassist.domain.cases.models import EMOTIONS, NO_CLOCK, Assessment, Case, Clock, Stage
from clubassist.domain.cases.models.case import SENSITIVE
from clubassist.domain.channels.models import Conversation, Message
from clubassist.domain.club.models import Area, Club
from clubassist.domain.club.queries import PolicyInForce, policy_in_force, policy_of
from clubassist.domain.members.actions import NewPerson, person_to_register
from clubassist.domain.members.models import Person
from clubassist.pure.policy import Kind, Policy, UnknownKind
from clubassist.pure.policy.terms import Complexity

MOST_CHARACTERS: Final = 10_000
TRACK_FOR: Final = timedelta(days=365)
CHANNELS: Final = ("phone", "desk", "web", "api", "mail", "wechat")
URGENCIES: Final = ("normal", "urgent")
CODES: Final = ("emotion", "subclass")
"""What a case keeps as a code; the fact of a correction tells the one before."""
TEXTS: Final = ("place", "people", "occurred_words", "remedy_sought", "complained_of", "event")
"""What a case keeps of a report as it was said, without the blanks around it."""


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody told us. Only `kind` and `narrative` are needed, in an emergency only `kind` (B18); the rest may be
    completed later.

    Times are aware UTC. `occurred_words` keeps what was said ("this morning") when no exact time is known.
    """

    kind: str
    narrative: str
    channel: str = "web"
    urgency: str = ""
    area: Area | None = None
    place: str = ""
    people: str = ""
    occurred_at: datetime | None = None
    occurred_words: str = ""
    remedy_sought: str = ""
    emotion: str = ""
    complained_of: str = ""
    event: str = ""
    subject: Person | None = None
    reporter: Person | None = None
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True)
class Opened:
    """A new case and the code that opens its page without signing in; the code is shown once."""

    case: Case
    clocks: tuple[Clock, ...]
    track_code: str
    missing: tuple[str, ...]


def _checked(report: Report, *, club: Club, actor: Actor, at: datetime, rules_now: PolicyInForce) -> Kind:
    """Return the kind of the report; raise Refused at the field that cannot stand."""
    try:
        kind = rules_now.policy.kind(report.kind)
    except UnknownKind as error:
        raise Refused("kind-unknown", field="kind", mend=_("Choose one of the kinds on the form.")) from error
    if not rules.may_open(actor, kind, club.pk):
        raise Refused(
            "not-allowed", mend=_("Ask a colleague at the front desk to register this."), status=403
        )
    if report.channel not in CHANNELS:
        raise Refused("channel-unknown", field="channel", mend=_("Choose one of: %s.") % ", ".join(CHANNELS))
    if report.urgency and report.urgency not in URGENCIES:
        raise Refused("urgency-unknown", field="urgency", mend=_("Choose one of: %s.") % ", ".join(URGENCIES))
    refuse_unknown_emotion(report.emotion)
    if not report.narrative.strip() and not rules.is_emergency(kind):
        raise Refused("narrative-missing", field="narrative", mend=_("Say in a few words what happened."))
    _refuse_long_story(report.narrative)
    refuse_too_long(report, TEXTS)
    if report.occurred_at is not None and not at - timedelta(days=3660) <= report.occurred_at <= at:
        raise Refused(
            "occurred-at-impossible",
            field="occurred_at",
            mend=_("Give a time in the past, within the last ten years."),
        )
    return kind


def _refuse_long_story(narrative: str) -> None:
    if len(narrative) > MOST_CHARACTERS:
        mend = _("Shorten the text to 10,000 characters.")
        raise Refused("narrative-too-long", field="narrative", mend=mend)


def refuse_unknown_emotion(emotion: str) -> None:
    """Raise Refused unless it is one of EMOTIONS, or not known."""
    if emotion and emotion not in EMOTIONS:
        raise Refused("emotion-unknown", field="emotion", mend=_("Choose one of: %s.") % ", ".join(EMOTIONS))


def _refuse_unknown_subclass(case: Case, subclass: str) -> None:
    known = [row.code for row in policy_of(tuple(case.pack_versions)).kind(case.kind).subclasses]
    if subclass and subclass not in known:
        raise Refused("subclass-unknown", field="subclass", mend=_("Choose one of: %s.") % ", ".join(known))


def refuse_too_long(given: Report | dict[str, str], fields: tuple[str, ...]) -> None:
    """Raise Refused at the first field whose text is longer than its column."""
    for name in fields:
        text = given[name] if isinstance(given, dict) else str(getattr(given, name))
        most = getattr(Case._meta.get_field(name), "max_length", None)
        if most is not None and len(text.strip()) > most:
            mend = _("Shorten this to %(most)s characters.") % {"most": most}
            raise Refused("text-too-long", field=name, mend=mend)


@action
def open_case(
    *,
    report: Report,
    new_person: NewPerson | None = None,
    files: Sequence[Received] = (),
    club: Club,
    actor: Actor,
    at: datetime,
) -> Opened:
    """Open a case for what somebody told us; `at` is the receipt, from which every promise runs (A01).

    Writes the case, its conversation and first message, the clocks of the policy in force, the first stage with its
    tasks, a tracking code, and the judgement of a colleague who may judge (B19). A promise that the report itself
    keeps, as that of a complete record, has its clock too, kept at once. `new_person`, somebody we do not know
    yet, is registered in the same commit and becomes the reporter, and the subject unless the report names one.
    Records CaseOpened, behind PersonRegistered, and FileAttached for each of the `files` that came with it. Raises
    Refused naming the field.
    """
    rules_now = policy_in_force(club, at=at)
    kind = _checked(report, club=club, actor=actor, at=at, rules_now=rules_now)
    report, registered, along = _with_guest(report, new_person, club=club, at=at)
    sort = Sort(kind.code, report.urgency or str(kind.default_urgency), Complexity.ORDINARY.value)
    deadlines = rules_now.policy.deadlines_for(*sort)
    clocks = start_clocks(deadlines, sort=sort, club=club, at=at)
    first = rules_now.policy.playbook(kind.code).stages[0]
    number, case_pk, conversation_pk, stage_pk, *clock_pks = next_number(
        kind.prefix, Case, Conversation, Stage, *(Clock for _clock in clocks)
    )
    conversation, message = _spoken(report, kind, pk=conversation_pk, club=club, at=at)
    case = Case(
        pk=case_pk,
        number=number,
        club=club,
        kind=kind.code,
        urgency=sort.urgency,
        confidentiality=kind.confidentiality,
        stage=first.id,
        subject=report.subject,
        reporter=report.reporter,
        owner_id=actor.account if _takes_it_on(actor, report, kind, club) else None,
        conversation=conversation,
        pack_versions=list(rules_now.versions),
        received_at=at,
        told_at=at,
        assessed_at=at if _judges(actor, club) else None,
        **_told(report, kind),
    )
    judgement = [assessed(case, actor=actor, at=at)] if case.assessed_at else []
    stage, tasks = laid_down(case, first, pk=stage_pk, at=at)
    _set_going(case, dict(zip(clock_pks, clocks, strict=True)), promises_kept(first, tasks), rules_now.policy)
    token, code = tokens.new("track", subject=("case", str(case.pk)), at=at, expires=at + TRACK_FOR)
    made = [*registered, conversation, message, case, *judgement, *clocks, stage, *tasks, token]
    record(_opened_fact(case, clocks, judgement), actor=actor, at=at, scope=club.pk, made=made, along=along)
    if files:
        attach(case, files, message=Message.objects.get(conversation=conversation), actor=actor, at=at)
    return Opened(case, tuple(clocks), code, rules.missing_of(case))


def _set_going(case: Case, clocks: dict[int, Clock], kept: set[str], policy: Policy) -> None:
    """Let unsaved clocks be the case's under these keys, those of promises `kept` by its receipt as met."""
    for pk, clock in clocks.items():
        clock.pk, clock.case_id = pk, case.pk
        if clock.promise in kept:
            clock.met_at, clock.next_alarm_at = case.received_at, None
    running = (clock for clock in clocks.values() if clock.running)
    ranking = (clock.due_at for clock in running if clock.deadline not in policy.unranked)
    case.next_due_at = min(ranking, default=NO_CLOCK)


def _with_guest(
    report: Report, new_person: NewPerson | None, *, club: Club, at: datetime
) -> tuple[Report, list[Model], list[Fact]]:
    """Return the report by its reporter, the subject unless it names one, with the unsaved rows and the fact of getting
    to know somebody new.
    """
    if new_person is None:
        return replace(report, reporter=report.reporter or report.subject), [], []
    guest, rows, fact = person_to_register(club=club, new=new_person, at=at)
    return replace(report, reporter=guest, subject=report.subject or guest), rows, [fact]


def _takes_it_on(actor: Actor, report: Report, kind: Kind, club: Club) -> bool:
    """Tell whether whoever registers the matter looks after it: a colleague who heard it, not a website's token."""
    heard = actor.kind is ActorKind.STAFF and not actor.machine and report.channel in ("phone", "desk")
    works = actor.may("case.note", club.pk) and rules.may_handle(actor, kind.confidentiality, club.pk)
    return heard and works


def _first_words(report: Report, kind: Kind) -> str:
    """Return what was said; of an emergency that nobody has put into words yet, its kind."""
    title = kind.title.zh if report.language.startswith("zh") else kind.title.en
    return report.narrative.strip() or title


def _told(report: Report, kind: Kind) -> dict[str, Any]:
    """Return the columns of a case that hold what was told."""
    return {
        "title": headline(_first_words(report, kind)),
        "narrative": report.narrative.strip(),
        **{name: str(getattr(report, name)).strip() for name in TEXTS},
        "area": report.area,
        "occurred_at": report.occurred_at,
        "emotion": report.emotion,
        "channel": report.channel,
    }


def _judges(actor: Actor, club: Club) -> bool:
    """Tell whether the kind chosen is a colleague's judgement, and not a website's or a member's guess (B19)."""
    return not actor.machine and actor.may("case.assign", club.pk)


def _spoken(report: Report, kind: Kind, *, pk: int, club: Club, at: datetime) -> tuple[Conversation, Message]:
    """Return the unsaved conversation of a report and its first message."""
    conversation = Conversation(
        pk=pk,
        club=club,
        person=report.reporter,
        channel=report.channel,
        language=report.language,
        sensitive=kind.confidentiality == SENSITIVE,
        started_at=at,
    )
    body = _first_words(report, kind)
    return conversation, Message(conversation_id=pk, direction="in", channel=report.channel, body=body, at=at)


def headline(narrative: str) -> str:
    """Return the first line or sentence as a title of at most 40 characters."""
    text = " ".join(narrative.split())
    for stop in "。！？!?；":
        text = text.split(stop, 1)[0]
    return text[:40] or narrative.strip()[:40]


def _opened_fact(case: Case, clocks: list[Clock], judgement: list[Assessment]) -> CaseOpened:
    return CaseOpened(
        case_id=case.pk,
        number=case.number,
        kind=case.kind,
        urgency=case.urgency,
        channel=case.channel,
        subject_id=case.subject_id,
        clocks=tuple(started(clock) for clock in clocks if clock.running),
        suggested=judgement[0].suggested_kind if judgement else "",
    )


@action
def complete_facts(
    *,
    case: Case,
    narrative: str = "",
    place: str = "",
    people: str = "",
    occurred_words: str = "",
    remedy_sought: str = "",
    emotion: str = "",
    subclass: str = "",
    complained_of: str = "",
    event: str = "",
    actor: Actor,
    at: datetime,
    seen: int | None = None,
) -> Case:
    """Fill in facts that intake lacked, or put right what is there; what is not given stays.

    What stood there before a correction is kept in an internal note, line by line in the order of the fact's `fields`.
    The `narrative` is written once, where a tap opened an emergency without it (B18). The step that asks for the four
    facts is done with the last of them, and its promise kept; that for what would put it right likewise (B22).
    Records FactsCompleted and FactsCorrected for what changed. Raises Refused without the right or on a closed case,
    Conflict by `seen`.
    """
    case = locked(case, actor=actor, permission="case.note", seen=seen)
    given = {
        "narrative": narrative,
        "place": place,
        "people": people,
        "occurred_words": occurred_words,
        "remedy_sought": remedy_sought,
        "emotion": emotion,
        "subclass": subclass,
        "complained_of": complained_of,
        "event": event,
    }
    _refuse_other_story(case, narrative)
    refuse_unknown_emotion(emotion)
    _refuse_unknown_subclass(case, subclass)
    refuse_too_long(given, tuple(given))
    changed = {name: text.strip() for name, text in given.items() if text.strip()}
    before = {name: getattr(case, name) for name, text in changed.items() if text != getattr(case, name)}
    for name in before:
        setattr(case, name, changed[name])
    filled = tuple(name for name, old in before.items() if not old)
    corrected = {name: old for name, old in before.items() if old}
    if filled:
        record(FactsCompleted(case_id=case.pk, fields=filled), actor=actor, at=at, scope=case.club_id)
    if corrected:
        _corrected(case, corrected, actor=actor, at=at)
    if "narrative" in filled:
        case.title = headline(narrative)
    if before:
        complete_known(case, actor=actor, at=at)
    if before:
        keep(case)
    return case


def _refuse_other_story(case: Case, narrative: str) -> None:
    if case.narrative and narrative.strip() not in ("", case.narrative):
        mend = _("What was said first stays. Write a note instead.")
        raise Refused("narrative-kept", field="narrative", mend=mend)
    _refuse_long_story(narrative)


def _corrected(case: Case, before: dict[str, str], *, actor: Actor, at: datetime) -> None:
    """Keep what stood there before; the fact itself holds no words."""
    words = [old for name, old in before.items() if name not in CODES]
    if words:
        Message.objects.create(
            conversation=case.conversation,
            direction="note",
            channel="desk",
            author_id=actor.account,
            body="\n".join(words),
            at=at,
        )
    codes = {name: before.get(name, "") for name in CODES}
    fact = FactsCorrected(case_id=case.pk, fields=tuple(before), **codes)
    record(fact, actor=actor, at=at, scope=case.club_id)
