"""What the API answers: the shapes of its JSON. Views build these dicts themselves; the description is made of them.

Times are RFC 3339 in UTC. Names of members are masked for tokens without `member.find`; no answer holds a phone
number or a mail address.
"""

from __future__ import annotations

from typing_extensions import TypedDict


class Bilingual(TypedDict):
    """One thing a person reads, in Simplified Chinese and in English."""

    zh: str
    en: str


class Due(TypedDict):
    """A promise that began to run."""

    promise: str
    due_at: str


class Receipt(TypedDict):
    """A new case. `track_code` opens its page without signing in and is told once; `missing` names facts to ask for."""

    number: str
    due: list[Due]
    track_code: str
    missing: list[str]


class CaseRow(TypedDict):
    """A case in a list."""

    number: str
    version: int
    title: str
    kind: str
    urgency: str
    state: str
    stage: str
    club: str
    place: str
    channel: str
    owner: str | None
    subject: str | None
    received_at: str
    told_at: str
    next_due_at: str | None
    next_contact_at: str | None
    awaits_reply: bool


class CasePage(TypedDict):
    """Cases, the newest first. `next` goes into `after` for the following page; null at the end."""

    cases: list[CaseRow]
    next: int | None


class CaseAnswer(CaseRow):
    """A whole case. `missing` names which of the four facts (time, place, people, course) it lacks."""

    narrative: str
    people: str
    area: str | None
    occurred_at: str | None
    occurred_words: str
    remedy_sought: str
    subclass: str
    complained_of: str
    event: str
    assessed_at: str | None
    reporter: str | None
    resolution: str
    resolved_at: str | None
    closed_at: str | None
    missing: list[str]


class MessageRow(TypedDict):
    """One message: `in` from the member, `out` to the member, `call` said on the phone, `note` internal.

    `not_reached` and `left_message` are calls that did not reach the member, internal too.
    """

    id: int
    direction: str
    channel: str
    author: str | None
    automatic: bool
    body: str
    at: str


class MessagePage(TypedDict):
    """Messages, the oldest first. `next` goes into `after` for the following page; null at the end."""

    messages: list[MessageRow]
    next: int | None


class PauseRow(TypedDict):
    """A time in which a clock stood still: why, what shows it, and who said so; open while `resumed_at` is null."""

    reason: str
    evidence: str
    by: str | None
    paused_at: str
    resumed_at: str | None


class ClockRow(TypedDict):
    """A promise of a case; `used` is the used share of the promised time, `why` explains the due time in words.

    While `paused_at` is there the clock stands still, and its due time is not the last word.
    """

    id: int
    promise: str
    title: Bilingual
    clauses: list[str]
    strictness: str
    calendar: str
    seconds: int
    started_at: str
    due_at: str
    met_at: str | None
    stopped_at: str | None
    paused_at: str | None
    used: float
    why: Bilingual
    pauses: list[PauseRow]


class Clocks(TypedDict):
    """All promises of a case, running ones first."""

    clocks: list[ClockRow]


class Written(TypedDict):
    """How the case stands after a write; `message` is the message written, if one was."""

    number: str
    state: str
    stage: str
    version: int
    message: int | None


class TaskRow(TypedDict):
    """A step of a case's playbook; one with a `gate` completes itself and cannot be ticked.

    One that was sent to a `department` says with which `words`, and when somebody there took it on.
    """

    id: int
    case: str
    stage: str
    code: str
    title: Bilingual
    mandatory: bool
    gate: str
    department: str
    words: str
    sent_at: str | None
    acknowledged_at: str | None
    assignee: str | None
    done_at: str | None


class TaskPage(TypedDict):
    """Tasks, the oldest first. `next` goes into `after` for the following page; null at the end."""

    tasks: list[TaskRow]
    next: int | None


class AreaRow(TypedDict):
    """A part of a venue; its `id` goes into a report."""

    id: int
    venue: str
    name: Bilingual


class ClubRow(TypedDict):
    """A club; its `code` goes into a report."""

    code: str
    name: Bilingual
    zone: str
    phone: str
    areas: list[AreaRow]


class Clubs(TypedDict):
    """All open clubs."""

    clubs: list[ClubRow]


class PromiseRow(TypedDict):
    """What the club promises for a kind of case at an urgency."""

    promise: str
    urgency: str
    words: Bilingual


class KindRow(TypedDict):
    """A kind of case; `member_choice` is how a member picks it, null when only staff use it."""

    code: str
    title: Bilingual
    hint: Bilingual
    member_choice: Bilingual | None
    promises: list[PromiseRow]


class Kinds(TypedDict):
    """The kinds in force at a club."""

    kinds: list[KindRow]


class AdoptionRow(TypedDict):
    """A version of a pack, and the moment from which it is in force."""

    version: str
    effective_from: str


class PackRow(TypedDict):
    """A pack that a club runs by; `now` is null while it is only planned."""

    name: str
    title: Bilingual
    now: AdoptionRow | None
    planned: list[AdoptionRow]


class Packs(TypedDict):
    """The packs of a club."""

    packs: list[PackRow]


class MyCaseRow(TypedDict):
    """One of the member's own cases; `step` is where it stands."""

    number: str
    title: str
    kind: Bilingual
    state: str
    step: Bilingual
    received_at: str
    next_due_at: str | None


class MyCasePage(TypedDict):
    """The member's cases, the newest first. `next` goes into `after` for the following page; null at the end."""

    cases: list[MyCaseRow]
    next: int | None


class MyPromise(TypedDict):
    """A promise to the member: when it is due and why; while `paused_at` is there the clock stands still."""

    title: Bilingual
    due_at: str
    met_at: str | None
    paused_at: str | None
    why: Bilingual


class MyMessage(TypedDict):
    """One message as the member reads it: `by` is you, us or automatic."""

    by: str
    body: str
    at: str


class MyWritten(TypedDict):
    """What the member added was kept."""

    number: str
    state: str
    message: int
