"""What the API answers about finding out, offering, asking departments and what follows a solution. See `answers`."""

from __future__ import annotations

from typing_extensions import TypedDict

from clubassist.web.api.answers import Bilingual, MyCaseRow, MyMessage, MyPromise, Written


class Made(Written):
    """How the case stands after something was added to it; `id` names what was added."""

    id: int


class OptionRow(TypedDict):
    """One thing the member can choose; `cost` in fen is set aside until somebody decides."""

    id: int
    words: str
    remedy: str
    clause: str
    cost: int
    department: str
    chosen: bool


class OfferRow(TypedDict):
    """One round of negotiation. `state` is awaiting (approval), draft, sent, accepted, declined or withdrawn.

    `words` are the member's own, or the reason of a withdrawal.
    """

    id: int
    case: str
    round: int
    state: str
    options: list[OptionRow]
    made_by: str
    made_at: str
    approved_by: str | None
    sent_at: str | None
    answered_at: str | None
    answer_channel: str
    words: str


class Offers(TypedDict):
    """The offers of a case, the newest first."""

    offers: list[OfferRow]


class OfferPage(TypedDict):
    """Offers, the oldest first. `next` goes into `after` for the following page; null at the end."""

    offers: list[OfferRow]
    next: int | None


class EvidenceRow(TypedDict):
    """A piece of evidence; `files` says how many files belong to it."""

    id: int
    kind: str
    words: str
    by: str | None
    at: str
    files: int


class EvidenceList(TypedDict):
    """The evidence of a case, the oldest first."""

    evidence: list[EvidenceRow]


class SignatureRow(TypedDict):
    """Who signed a finding, and when."""

    by: str
    at: str


class FindingRow(TypedDict):
    """What is held to be true, and who has signed it for the department in question and for customer service."""

    id: int
    conclusion: str
    summary: str
    department: str
    written_by: str | None
    written_at: str
    signed_by_department: SignatureRow | None
    signed_by_service: SignatureRow | None


class FindingAnswer(TypedDict):
    """The finding that stands; null while there is none."""

    finding: FindingRow | None


class ReportRow(TypedDict):
    """A closing report; `read_at` is its superior's receipt."""

    id: int
    cause: str
    text: str
    written_by: str | None
    written_at: str
    read_by: str | None
    read_at: str | None


class Reports(TypedDict):
    """The closing reports of a case, the newest first: one for each time that it was solved."""

    reports: list[ReportRow]


class FollowUpRow(TypedDict):
    """A follow-up call: owed from `opens_at` on until it has an `outcome`; `tries` counts the calls so far."""

    id: int
    promise: str
    opens_at: str
    tries: int
    outcome: str
    score: int | None
    ended_at: str | None


class FollowUps(TypedDict):
    """The follow-up calls of a case, the oldest first."""

    follow_ups: list[FollowUpRow]


class MyOption(TypedDict):
    """One thing the member can choose; its `id` goes into the answer."""

    id: int
    words: str
    chosen: bool


class MyOffer(TypedDict):
    """What the member is offered. While `state` is sent it awaits their answer; `words` are what they said to it."""

    id: int
    round: int
    state: str
    options: list[MyOption]
    sent_at: str | None
    answered_at: str | None
    words: str


class MyCase(MyCaseRow):
    """One of the member's own cases: its steps, promises, offers and what was said, without
    internal notes."""

    steps: list[Bilingual]
    promises: list[MyPromise]
    messages: list[MyMessage]
    offers: list[MyOffer]
