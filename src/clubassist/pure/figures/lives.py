"""What figures know of a case: when it came, was answered, was solved, and what became of that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from clubassist.pure.worktime import Interval
from clubassist.pure.worktime.intervals import in_utc


class Turn(StrEnum):
    """What happens to a case once it has a solution.

    NOT_AGREED: closed without agreement after the external routes were offered (A08). UNREACHED: a follow-up call
    that got no answer. REOPENED: the solution did not hold, or the person objected.
    """

    RESOLVED = "resolved"
    NOT_AGREED = "not_agreed"
    UNREACHED = "unreached"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class CaseLife:
    """A case as figures see it; all times aware.

    `responded_at` is the first public reply by a human, or an accepted answer of the assistant; an automatic receipt
    is none (A07). `proposed_at` is the first substantive solution. `turns` are in order of time. `pauses` are those
    that the rules allow; one that still goes on has any later end. A case is not `counted` if it is spam or praise, and
    not `awaited` if nobody waited for a reply, as when a colleague opened it. Raises ValueError where times contradict.
    """

    number: str
    received_at: datetime
    responded_at: datetime | None = None
    proposed_at: datetime | None = None
    turns: tuple[tuple[datetime, Turn], ...] = ()
    pauses: tuple[Interval, ...] = ()
    merged_into: str = ""
    counted: bool = True
    awaited: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "received_at", in_utc(self.received_at))
        object.__setattr__(self, "turns", tuple((in_utc(at), turn) for at, turn in self.turns))
        for name in ("responded_at", "proposed_at"):
            at = getattr(self, name)
            object.__setattr__(self, name, None if at is None else in_utc(at))
        times = [at for at, _ in self.turns]
        if times != sorted(times):
            raise ValueError(f"The turns of {self.number} are not in order of time.")
        later = [at for at in (self.responded_at, self.proposed_at, *times) if at is not None]
        if any(at < self.received_at for at in later):
            raise ValueError(f"Something happened to {self.number} before it was received.")

    def as_at(self, at: datetime) -> CaseLife:
        """The same case as it was known at `at`: what came later has not happened."""
        happened = (self.responded_at, self.proposed_at, *(when for when, _ in self.turns[-1:]))
        ended = (pause.end for pause in self.pauses)
        if all(when is None or when <= at for when in (*happened, *ended)):
            return self
        return replace(
            self,
            responded_at=_until(self.responded_at, at),
            proposed_at=_until(self.proposed_at, at),
            turns=tuple(turn for turn in self.turns if turn[0] <= at),
            pauses=tuple(
                Interval(pause.start, min(pause.end, at)) for pause in self.pauses if pause.start < at
            ),
        )

    def taken_back(self, at: datetime) -> CaseLife:
        """The same case with the solution it had at `at` taken back then, if it was opened again since (part C).

        The figures of a month that is over do not wait for what comes later, but they keep no solution that did not
        hold.
        """
        later = [turn for turn in self.turns if turn[0] > at]
        if self.as_at(at).ending is None or not any(turn is Turn.REOPENED for _, turn in later):
            return self
        earlier = tuple(turn for turn in self.turns if turn[0] <= at)
        return replace(self, turns=(*earlier, (at, Turn.REOPENED), *later))

    @property
    def resolutions(self) -> tuple[datetime, ...]:
        """When it was resolved; more than once after reopening."""
        return tuple(at for at, turn in self.turns if turn is Turn.RESOLVED)

    @property
    def ending(self) -> tuple[datetime, Turn] | None:
        """The latest RESOLVED or NOT_AGREED, unless it was reopened since."""
        ends = (Turn.RESOLVED, Turn.NOT_AGREED, Turn.REOPENED)
        last = next((turn for turn in reversed(self.turns) if turn[1] in ends), None)
        return None if last is None or last[1] is Turn.REOPENED else last


def one_for_each_matter(lives: Iterable[CaseLife]) -> list[CaseLife]:
    """Drop the duplicates that were merged into another case; the other takes the earliest receipt and reply.

    The others are in no figure (part C). A reply under either number answered the person. Raises ValueError when a
    case was merged into one that is not among `lives`, or in a circle.
    """
    found = {life.number: life for life in lives}
    matters: defaultdict[str, list[CaseLife]] = defaultdict(list)
    for life in found.values():
        matters[_survivor(life, found)].append(life)
    return [
        matter[0]
        if len(matter) == 1
        else replace(
            found[number],
            received_at=min(life.received_at for life in matter),
            responded_at=min((life.responded_at for life in matter if life.responded_at), default=None),
        )
        for number, matter in matters.items()
    ]


def _survivor(life: CaseLife, found: Mapping[str, CaseLife]) -> str:
    seen = {life.number}
    while life.merged_into:
        if life.merged_into in seen:
            raise ValueError(f"{life.number} was merged in a circle.")
        if life.merged_into not in found:
            raise ValueError(f"{life.number} was merged into {life.merged_into}: give that case as well.")
        life = found[life.merged_into]
        seen.add(life.number)
    return life.number


def _until(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment is not None and moment <= at else None
