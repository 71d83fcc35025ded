"""A case from its first word to the close: its clocks, steps and links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from clubassist.core.journal import Fact


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
class CaseOpened(Fact):
    """Somebody told us something and the promises run.

    `suggested` is the kind that the rules proposed where whoever logged it judges such matters; empty elsewhere (B19).
    """

    about: ClassVar[dict[str, str]] = {"case_id": "case", "subject_id": "person"}
    case_id: int
    number: str
    kind: str
    urgency: str
    channel: str
    subject_id: UUID | None
    clocks: tuple[ClockStarted, ...]
    suggested: str = ""


@dataclass(frozen=True, slots=True)
class CaseReplied(Fact):
    """The member was answered, in writing or by phone; `met` are the clocks that this satisfied.

    None when a machine answered: only a person's answer is one (A07).
    """

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    message_id: int
    how: str
    met: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ContactAttempted(Fact):
    """A colleague called and did not reach the member (`outcome`: not_reached or left_message); it answers nothing."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    message_id: int
    outcome: str


@dataclass(frozen=True, slots=True)
class NoteAdded(Fact):
    """A colleague left an internal note."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class MemberWrote(Fact):
    """The member added something to an open matter."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class FactsCompleted(Fact):
    """Facts that were missing at intake were filled in; `fields` names which."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseAssigned(Fact):
    """The case has a (new) owner."""

    about: ClassVar[dict[str, str]] = {"case_id": "case", "owner_id": "account"}
    case_id: int
    owner_id: int
    previous_id: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ContactPromised(Fact):
    """We told the member when they hear from us next."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    contact_at: datetime


@dataclass(frozen=True, slots=True)
class TaskDone(Fact):
    """A step was taken; `met` is the clock of a department that had not said that it took it on,
    or of the start of what was agreed."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    task_id: int
    code: str
    met: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskSkipped(Fact):
    """A manager let a mandatory step be left out; the reason stands in a note of the same moment (F48).

    `stopped` are the clocks that ran for it.
    """

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    task_id: int
    code: str
    stopped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskSent(Fact):
    """A task went to a department, and the promise to take it on runs (B20)."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    task_id: int
    department: str
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class TaskAcknowledged(Fact):
    """Somebody of the department took the task on; `met` may be the promise to start what was agreed, too (B26)."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    task_id: int
    department: str
    met: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TaskAssigned(Fact):
    """A colleague was given a task of the case."""

    about: ClassVar[dict[str, str]] = {"case_id": "case", "assignee_id": "account"}
    case_id: int
    task_id: int
    assignee_id: int


@dataclass(frozen=True, slots=True)
class StageEntered(Fact):
    """The case moved to another stage."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    stage: str
    previous: str


@dataclass(frozen=True, slots=True)
class CaseResolved(Fact):
    """The matter is solved as far as we can tell, or given up without agreement (B27).

    `met` are the clocks that this satisfied, `clocks` what we owe from now on: the report, the follow-up calls.
    """

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    resolution: str
    met: tuple[int, ...]
    clocks: tuple[ClockStarted, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportWritten(Fact):
    """The closing report is there, with the root cause it files (B28); written anew until a superior has read it."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    report_id: int
    cause: str
    met: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReportRead(Fact):
    """A superior has read the closing report."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    report_id: int


@dataclass(frozen=True, slots=True)
class FollowUpTried(Fact):
    """A follow-up call reached nobody (`outcome`: not_reached or left_message)."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    follow_up_id: int
    outcome: str


@dataclass(frozen=True, slots=True)
class FollowUpEnded(Fact):
    """A follow-up came to its end: solved, not_solved, no_objection or dropped; `score` is the member's, 1 to 5."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    follow_up_id: int
    promise: str
    outcome: str
    score: int | None
    met: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CaseReopened(Fact):
    """The member said that it is not solved: the same case goes on at `stage` (F52).

    `stopped` are clocks that no longer run, `clocks` those that go on with the time they had left.
    """

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    stage: str
    stopped: tuple[int, ...]
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class CaseClosed(Fact):
    """The matter is finished; `stopped` are clocks that no longer run."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    stopped: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClockPaused(Fact):
    """A clock stands still, for a reason that its deadline allows; `stopped` is that clock, until ClockResumed."""

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    pause_id: int
    promise: str
    reason: str
    stopped: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClockResumed(Fact):
    """A clock goes on after a pause: `clocks` is that clock with its new due time, `moved` by so many whole seconds.

    A pause that ends with its clock (met or stopped) is not told again.
    """

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    pause_id: int
    moved: int
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class CaseMerged(Fact):
    """Another case (`merged_id`, `number`) turned out to be this matter: this one goes on, both numbers open it (F20).

    `clocks` run on this case in place of those `stopped`; `met` are those that an answer on the other one kept.
    """

    about: ClassVar[dict[str, str]] = {"case_id": "case", "merged_id": "case"}
    case_id: int
    merged_id: int
    number: str
    stopped: tuple[int, ...]
    met: tuple[int, ...]
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class CaseUnmerged(Fact):
    """A merge was undone: both cases stand alone again, `clocks` tick as before and those `stopped` are gone."""

    about: ClassVar[dict[str, str]] = {"case_id": "case", "merged_id": "case"}
    case_id: int
    merged_id: int
    number: str
    stopped: tuple[int, ...]
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class CaseLinked(Fact):
    """The other case is this one's parent, its cause or related (`kind`); a parent before is its parent no longer."""

    about: ClassVar[dict[str, str]] = {"case_id": "case", "other_id": "case"}
    case_id: int
    other_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class CaseUnlinked(Fact):
    """A link was taken away."""

    about: ClassVar[dict[str, str]] = {"case_id": "case", "other_id": "case"}
    case_id: int
    other_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class CaseReplanned(Fact):
    """A manager let an open case go over to newer rules; `clocks` took the place of those `stopped` (F13).

    `moved` tells whether a time changed; a clock may also change its ladder alone.
    """

    about: ClassVar[dict[str, str]] = {"case_id": "case"}
    case_id: int
    pack_versions: tuple[int, ...]
    moved: bool
    stopped: tuple[int, ...]
    clocks: tuple[ClockStarted, ...]


@dataclass(frozen=True, slots=True)
class AlarmsRaised(Fact):
    """Clocks passed levels of their ladders: pairs of clock id and level, at most 500 in one fact."""

    alarms: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class AlarmsCameLate(Fact):
    """The auditor saw alarms raised over 60 s after they were due: clock id, level, whole seconds late."""

    alarms: tuple[tuple[int, int, int], ...]
