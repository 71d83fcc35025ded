"""A case from its first word to the close: its clocks, steps and links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from clubassist.core.journal import Fact


@dataclass(frozen=True, slots=True)
class CaseFact(Fact):
    """What became true of a case."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int


@dataclass(frozen=True, slots=True)
class ClockStarted:
    """A promise runs (part of CaseOpened and others): everything needed to recompute its alarms.

    `hours` are the opening hours as they were (a calendar's document); None counts around the clock. `pauses` are the
    intervals in which it stood still, from and to.
    """

    clock_id: int
    promise: str
    calendar: str
    seconds: int
    started_at: datetime
    due_at: datetime
    levels: tuple[int, ...]
    hours: dict[str, Any] | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class CaseOpened(CaseFact):
    """Somebody told us something and the promises run.

    `suggested` is the kind that the rules proposed where whoever logged it judges such matters; empty elsewhere (B19).
    """

    about: ClassVar[dict[str, str]] = {"case_id": "case", "subject_id": "person"}
    number: str
    kind: str
    urgency: str
    channel: str
    subject_id: UUID | None
    clocks: tuple[ClockStarted, ...]
    suggested: str = ""


@dataclass(frozen=True, slots=True)
class CaseReplied(CaseFact):
    """The member was answered, in writing or by phone; `met` are the clocks that this satisfied.

    None when a machine answered: only a person's answer is one (A07).
    """

    message_id: int
    how: str
    met: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ContactAttempted(CaseFact):
    """A colleague called and did not reach the member (`outcome`: not_reached or left_message); it answers nothing."""

    message_id: int
    outcome: str


@dataclass(frozen=True, slots=True)
class NoteAdded(CaseFact):
    """A colleague left an internal note."""

    message_id: int


@dataclass(frozen=True, slots=True)
class MemberWrote(CaseFact):
    """The member added something to an open matter."""

    message_id: int


@dataclass(frozen=True, slots=True)
class FactsCompleted(CaseFact):
    """Facts that were missing at intake were filled in; `fields` names which."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactsCorrected(CaseFact):
    """Facts were put right; a note of the same moment holds what stood there, `emotion` and `subclass` those before."""

    fields: tuple[str, ...]
    emotion: str = ""
    subclass: str = ""


@dataclass(frozen=True, slots=True)
class CaseAssessed(CaseFact):
    """A colleague confirmed the kind and the urgency of a case; the rules `suggested` this kind (B19)."""

    kind: str
    urgency: str
    suggested: str


@dataclass(frozen=True, slots=True)
class CaseReclassified(CaseFact):
    """The kind or the urgency of a case was changed, from `previous_kind` and `previous_urgency` (B19).

    A note of the same moment says why. `clocks` are new promises and those that took the place of the ones `stopped`.
    """

    kind: str
    urgency: str
    previous_kind: str
    previous_urgency: str
    stopped: tuple[int, ...]
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class CaseAssigned(CaseFact):
    """The case has a (new) owner."""

    about: ClassVar[dict[str, str]] = {"case_id": "case", "owner_id": "account"}
    owner_id: int
    previous_id: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ContactPromised(CaseFact):
    """We told the member when they hear from us next."""

    contact_at: datetime


@dataclass(frozen=True, slots=True)
class TaskDone(CaseFact):
    """A step was taken; `met` is the clock of a department that had not said that it took it on,
    or of the start of what was agreed."""

    task_id: int
    code: str
    met: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskSkipped(CaseFact):
    """A manager let a mandatory step be left out; the reason stands in a note of the same moment (F48).

    `stopped` are the clocks that ran for it.
    """

    task_id: int
    code: str
    stopped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskSent(CaseFact):
    """A task went to a department, and the promise to take it on runs (B20)."""

    task_id: int
    department: str
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class TaskAcknowledged(CaseFact):
    """Somebody of the department took the task on; `met` may be the promise to start what was agreed, too (B26)."""

    task_id: int
    department: str
    met: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TaskAssigned(CaseFact):
    """A colleague was given a task of the case."""

    about: ClassVar[dict[str, str]] = {"case_id": "case", "assignee_id": "account"}
    task_id: int
    assignee_id: int


@dataclass(frozen=True, slots=True)
class StageEntered(CaseFact):
    """The case moved to another stage."""

    stage: str
    previous: str


@dataclass(frozen=True, slots=True)
class CaseResolved(CaseFact):
    """The matter is solved as far as we can tell, or given up without agreement (B27).

    `met` are the clocks that this satisfied, `stopped` those of what was given up, `clocks` what we owe from now on:
    the report, the follow-up calls.
    """

    resolution: str
    met: tuple[int, ...]
    clocks: tuple[ClockStarted, ...] = ()
    stopped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportWritten(CaseFact):
    """The closing report is there, with the root cause it files (B28); written anew until a superior has read it."""

    report_id: int
    cause: str
    met: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReportRead(CaseFact):
    """A superior has read the closing report."""

    report_id: int


@dataclass(frozen=True, slots=True)
class FollowUpTried(CaseFact):
    """A follow-up call reached nobody (`outcome`: not_reached or left_message); the second try keeps its promise."""

    follow_up_id: int
    outcome: str
    met: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUpEnded(CaseFact):
    """A follow-up came to its end: solved, not_solved, no_objection or dropped; `score` is the member's, 1 to 5."""

    follow_up_id: int
    promise: str
    outcome: str
    score: int | None
    met: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CaseReopened(CaseFact):
    """The member said that it is not solved: the same case goes on at `stage` (F52).

    `stopped` are clocks that no longer run, `clocks` those that go on with the time they had left.
    """

    stage: str
    stopped: tuple[int, ...]
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class CaseClosed(CaseFact):
    """The matter is finished; `stopped` are clocks that no longer run."""

    stopped: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClockPaused(CaseFact):
    """A clock stands still, for a reason that its deadline allows; `stopped` is that clock, until ClockResumed."""

    pause_id: int
    promise: str
    reason: str
    stopped: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClockResumed(CaseFact):
    """A clock goes on after a pause: `clocks` is that clock with its new due time, `moved` by so many whole seconds.

    A pause that ends with its clock (met or stopped) is not told again.
    """

    pause_id: int
    moved: int
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class ComplexityAsked(CaseFact):
    """Somebody asked for the longer limit of a complex case (F50)."""

    request_id: int


@dataclass(frozen=True, slots=True)
class ComplexityDecided(CaseFact):
    """A manager approved or refused it; `clocks` took the place of those `stopped`, counted from receipt."""

    request_id: int
    approved: bool
    stopped: tuple[int, ...]
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class CaseMerged(CaseFact):
    """Another case (`merged_id`, `number`) turned out to be this matter: this one goes on, both numbers open it (F20).

    `clocks` run on this case in place of those `stopped`; `met` are those that an answer on the other one kept.
    """

    about: ClassVar[dict[str, str]] = {"case_id": "case", "merged_id": "case"}
    merged_id: int
    number: str
    stopped: tuple[int, ...]
    met: tuple[int, ...]
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class CaseUnmerged(CaseFact):
    """A merge was undone: both cases stand alone again, `clocks` tick as before and those `stopped` are gone."""

    about: ClassVar[dict[str, str]] = {"case_id": "case", "merged_id": "case"}
    merged_id: int
    number: str
    stopped: tuple[int, ...]
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class CaseLinked(CaseFact):
    """The other case is this one's parent, its cause or related (`kind`); a parent before is its parent no longer."""

    about: ClassVar[dict[str, str]] = {"case_id": "case", "other_id": "case"}
    other_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class CaseUnlinked(CaseFact):
    """A link was taken away."""

    about: ClassVar[dict[str, str]] = {"case_id": "case", "other_id": "case"}
    other_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class CaseReplanned(CaseFact):
    """A manager let an open case go over to newer rules; `clocks` took the place of those `stopped` (F13).

    `moved` tells whether a time changed; a clock may also change its ladder alone.
    """

    pack_versions: tuple[int, ...]
    moved: bool
    stopped: tuple[int, ...]
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class AlarmsRaised(Fact):
    """Clocks passed levels of their ladders: pairs of clock id and level, at most 500 in one fact."""

    urgent = True

    alarms: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class AlarmsCameLate(Fact):
    """The auditor saw alarms raised over 60 s after they were due: clock id, level, whole seconds late."""

    alarms: tuple[tuple[int, int, int], ...]
