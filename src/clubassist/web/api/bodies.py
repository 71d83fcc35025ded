"""What writes take: strict JSON, no unknown field, no NUL, lengths as the database has them, times with an offset."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from clubassist.domain.cases.actions.answering import CHANNELS as ANSWER_CHANNELS
from clubassist.domain.cases.actions.answering import MOST_CHARACTERS as LONGEST_ANSWER
from clubassist.domain.cases.actions.assigning import REASONS
from clubassist.domain.cases.actions.ending import RESOLUTIONS
from clubassist.domain.cases.actions.following_up import OUTCOMES
from clubassist.domain.cases.actions.offering import MOST_OPTIONS
from clubassist.domain.cases.actions.opening import CHANNELS, MOST_CHARACTERS, URGENCIES
from clubassist.domain.cases.actions.reclassifying import RISING
from clubassist.domain.cases.actions.talking import CALL_OUTCOMES
from clubassist.domain.cases.actions.verifying import LONGEST_EVIDENCE, LONGEST_SUMMARY, SIDES
from clubassist.domain.cases.actions.words import SHORT_TEXT
from clubassist.domain.cases.models import EMOTIONS, LinkKind
from clubassist.domain.cases.models.finding import CONCLUSIONS, EVIDENCE
from clubassist.domain.ledgers.rules import MOST as MOST_FEN

NO_NUL: Final = r"^[^\x00]*$"
LARGEST: Final = 2**31 - 1


def _is_text(value: object) -> object:
    """Refuse numbers, and digits alone, which would be read as seconds since 1970."""
    if not isinstance(value, str) or value.lstrip("+-").replace(".", "", 1).isdigit():
        raise ValueError("not a date and time")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside the calendar") from error


def _text(most: int, least: int = 0) -> StringConstraints:
    return StringConstraints(min_length=least, max_length=most, pattern=NO_NUL)


def _one_of(values: tuple[str | None, ...]) -> Any:
    """Describe the choice; the action refuses anything else, at the field."""
    return Field(json_schema_extra={"enum": list(values)})


Moment = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_is_text), AfterValidator(_in_utc)]
"""A date and time with an offset (RFC 3339), turned into UTC."""
Number = Annotated[str, Field(pattern=r"^[A-Z]{1,3}-[0-9]{1,18}$")]
"""A case's number: GD-1187."""
ClubCode = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{1,20}$")]
Row = Annotated[int, Field(ge=1, le=2**63 - 1)]
Seen = Annotated[int | None, Field(ge=1, le=LARGEST)]
"""The case's `version` the writer looked at; 409 when somebody changed the case since."""
Words = Annotated[str, _text(MOST_CHARACTERS, 1)]


class Body(BaseModel):
    """The JSON object of one write."""

    model_config = ConfigDict(extra="forbid", strict=True)


class PersonBody(Body):
    """Who reports, as far as they say; kept as a guest of the club. Phone and mail go into the vault."""

    name: Annotated[str, _text(60)] = ""
    phone: Annotated[str, _text(30)] = ""
    mail: Annotated[str, StringConstraints(max_length=254, pattern=r"^$|^[^@\s\x00]+@[^@\s\x00]+$")] = ""


class IntakeBody(Body):
    """What somebody told the club. Only club, kind and narrative are needed; what is missing is named in the answer."""

    club: ClubCode
    kind: Annotated[str, _text(40, 1)]
    narrative: Words
    channel: Annotated[str, _one_of(CHANNELS)] = "api"
    urgency: Annotated[str | None, _one_of((*URGENCIES, None))] = None
    area: Row | None = None
    place: Annotated[str, _text(120)] = ""
    people: Annotated[str, _text(200)] = ""
    occurred_at: Moment | None = None
    occurred_words: Annotated[str, _text(80)] = ""
    remedy_sought: Annotated[str, _text(300)] = ""
    emotion: Annotated[str, _one_of(("", *EMOTIONS))] = ""
    complained_of: Annotated[str, _text(120)] = ""
    event: Annotated[str, _text(120)] = ""
    language: Literal["zh-hans", "en"] = "zh-hans"
    person: PersonBody | None = None
    member_number: Annotated[str, _text(30)] = ""


class FactsBody(Body):
    """What intake lacked, or what is to be put right; what is left out stays. `narrative` can only be filled in."""

    narrative: Annotated[str, _text(MOST_CHARACTERS)] = ""
    place: Annotated[str, _text(120)] = ""
    people: Annotated[str, _text(200)] = ""
    occurred_words: Annotated[str, _text(80)] = ""
    remedy_sought: Annotated[str, _text(300)] = ""
    emotion: Annotated[str, _one_of(("", *EMOTIONS))] = ""
    subclass: Annotated[str, _text(40)] = ""
    complained_of: Annotated[str, _text(120)] = ""
    event: Annotated[str, _text(120)] = ""
    seen: Seen = None


class ReasonBody(Body):
    """Why a step is left out."""

    reason: Annotated[str, _text(300, 1)]


class TextBody(Body):
    """Something said."""

    text: Words


class SeenBody(Body):
    """A change to the case as it was at version `seen`."""

    seen: Seen = None


class SeenTextBody(SeenBody, TextBody):
    """Something said to the member."""


class ReportBody(SeenTextBody):
    """The closing report with its root cause, a code of the pack.

    `prevention` is what shall keep it from happening again; the `department` named with it gets it as its task.
    """

    cause: Annotated[str, _text(40, 1)]
    prevention: Annotated[str, _text(300)] = ""
    department: Annotated[str, _text(20)] = ""


class ReportReadBody(Body):
    """`written_at` of the report as it was read."""

    written_at: Moment


class FollowUpBody(Body):
    """A follow-up call that is owed, by its promise (call_back_3); `score`, 1 to 5, where the member was reached."""

    promise: Annotated[str, _text(40, 1)]
    outcome: Annotated[str, _one_of(OUTCOMES)]
    score: Annotated[int | None, Field(ge=1, le=5)] = None
    text: Annotated[str, _text(MOST_CHARACTERS)] = ""


class CallBody(SeenBody):
    """A call to the member; `text` may be empty only where nobody answered."""

    outcome: Annotated[str, _one_of(CALL_OUTCOMES)]
    text: Annotated[str, _text(MOST_CHARACTERS)] = ""


class AssignBody(SeenBody):
    """Who is to look after the case, by sign-in name."""

    owner: Annotated[str, _text(60, 1)]
    reason: Annotated[str, _one_of(("", *REASONS))] = ""
    note: Annotated[str, _text(MOST_CHARACTERS)] = ""


class AssessBody(SeenBody):
    """Which kind a case is, a code of the pack, and how soon somebody must act; `reason` where they change."""

    kind: Annotated[str, _text(40, 1)]
    urgency: Annotated[str, _one_of(RISING)]
    reason: Annotated[str, _text(300)] = ""


class PauseBody(SeenBody):
    """Why the clock stands still: a reason that its deadline allows, and in words what shows it."""

    reason: Annotated[str, _text(40, 1)]
    evidence: Annotated[str, _text(300, 1)]


class MergeBody(SeenBody):
    """The number of the case that goes on with the matter."""

    into: Number


class LinkBody(SeenBody):
    """The number of the other case, and what it is to this one."""

    other: Number
    kind: Annotated[str, _one_of(tuple(LinkKind.values))]


class ComplexBody(SeenBody):
    """What makes the matter complex."""

    reason: Annotated[str, _text(SHORT_TEXT, 1)]


class DecideBody(SeenBody):
    """Whether more time is given; a remark where it is not."""

    approve: bool
    remark: Annotated[str, _text(SHORT_TEXT)] = ""


class ScoreBody(Body):
    """How satisfied the member is, 1 to 5, if they say so."""

    score: Annotated[int | None, Field(ge=1, le=5)] = None


class ContactBody(SeenBody):
    """When the member hears from us next."""

    contact_at: Moment


class ResolveBody(SeenTextBody):
    """The result, and what was done, for the member to read."""

    resolution: Annotated[str, _one_of(RESOLUTIONS)]
    reason: Annotated[str, _text(300)] = ""


class OptionBody(Body):
    """One thing the member can choose. `cost` in fen; an empty `department` is the one that the remedy names."""

    words: Annotated[str, _text(SHORT_TEXT, 1)]
    remedy: Annotated[str, _text(40, 1)]
    clause: Annotated[str, _text(10, 1)]
    cost: Annotated[int, Field(ge=0, le=MOST_FEN)] = 0
    department: Annotated[str, _text(20)] = ""


class OfferBody(SeenBody):
    """What the member is offered: one thing, or several to choose from."""

    options: Annotated[list[OptionBody], Field(min_length=1, max_length=MOST_OPTIONS)]


class MyAnswerBody(Body):
    """The member's answer to an offer: a yes names an `option`; without one it is a no, which `text` explains."""

    option: Row | None = None
    text: Annotated[str, _text(LONGEST_ANSWER)] = ""


class AnswerBody(MyAnswerBody):
    """The member's answer to an offer as a colleague heard it."""

    channel: Annotated[str, _one_of(tuple(one for one in ANSWER_CHANNELS if one != "web"))]


class EvidenceBody(Body):
    """A piece of evidence: what it is, and in words what it shows."""

    kind: Annotated[str, _one_of(EVIDENCE)]
    words: Annotated[str, _text(LONGEST_EVIDENCE, 1)]


class FindingBody(SeenBody):
    """What is held to be true, and which department it concerns; its head is asked to sign."""

    conclusion: Annotated[str, _one_of(CONCLUSIONS)]
    summary: Annotated[str, _text(LONGEST_SUMMARY, 1)]
    department: Annotated[str, _text(20, 1)]


class SignBody(Body):
    """For whom a finding is signed."""

    side: Annotated[str, _one_of(tuple(SIDES))]


class AskBody(Body):
    """What a department is asked for: it reads these words and the case's number, so leave out names."""

    department: Annotated[str, _text(20, 1)]
    words: Annotated[str, _text(SHORT_TEXT, 1)]


class SendBody(Body):
    """The department that a step goes to, and what it should know."""

    department: Annotated[str, _text(20, 1)]
    words: Annotated[str, _text(SHORT_TEXT)] = ""


class HandBody(Body):
    """Who is to take a step, by sign-in name."""

    assignee: Annotated[str, _text(60, 1)]
