"""The rules in force at a club: the packs it has adopted, merged into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from clubassist.pure.policy.offer_rows import Remedy, Route
from clubassist.pure.policy.schema import (
    Clause,
    Deadline,
    Kind,
    Measure,
    Notice,
    Playbook,
    Switch,
)
from clubassist.pure.policy.terms import Department, Role, Text, covers_kind
from clubassist.pure.policy.triage_rows import TriageRule, Vocabulary

Mechanism = Literal["kind", "deadline", "stage", "task", "measure", "notice"]


class Carrier(NamedTuple):
    """A row that carries out a clause. Stages and tasks are named `playbook/stage/task`."""

    mechanism: Mechanism
    id: str
    title: Text


class UnknownKind(LookupError):
    """No pack in force has this kind of case."""

    def __init__(self, code: str, known: tuple[str, ...]) -> None:
        super().__init__(f"No kind “{code}” is in force. Kinds in force: {', '.join(known)}.")
        self.code = code


@dataclass(frozen=True)
class Policy:
    """Immutable; made by `merge`. Rows keep the order of their packs and files."""

    clauses: Mapping[str, Clause]
    kinds: tuple[Kind, ...]
    deadlines: tuple[Deadline, ...]
    playbooks: tuple[Playbook, ...]
    measures: tuple[Measure, ...]
    notices: tuple[Notice, ...]
    vocabularies: tuple[Vocabulary, ...]
    triage_rules: tuple[TriageRule, ...]
    roles: Mapping[Role, Text]
    departments: Mapping[Department, Text]
    causes: Mapping[str, Text]
    limits: Mapping[Role, int]
    """The most that a role may offer for one matter, in fen."""
    remedies: Mapping[str, Remedy]
    routes: tuple[Route, ...]
    switches: tuple[Switch, ...]

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        return {kind.code: kind for kind in self.kinds}

    @cached_property
    def _playbooks(self) -> dict[str, Playbook]:
        return {playbook.id: playbook for playbook in self.playbooks}

    def kind(self, code: str) -> Kind:
        """The kind of this code. Raises UnknownKind."""
        try:
            return self._kinds[code]
        except KeyError:
            raise UnknownKind(code, tuple(self._kinds)) from None

    def deadlines_for(
        self, kind: str, urgency: str, complexity: str = "ordinary", *, starts: str = "received"
    ) -> tuple[Deadline, ...]:
        """The clocks of such a case that begin with its receipt, or with another start of `Deadline.starts`.

        One per promise: of several rows the shortest target counts (A20).

        Raises UnknownKind.
        """
        self.kind(kind)
        found: dict[str, Deadline] = {}
        for row in self.deadlines:
            if row.starts == starts and row.applies.covers(kind, urgency, complexity):
                kept = found.get(row.promise, row)
                found[row.promise] = min(kept, row, key=lambda deadline: deadline.target.rank)
        return tuple(found.values())

    def playbook(self, kind: str) -> Playbook:
        """The playbook that cases of this kind follow. Raises UnknownKind."""
        return self._playbooks[self.kind(kind).playbook]

    def notice(self, event: str, kind: str) -> Notice | None:
        """What the member is told at this event: the row that names the kind most closely, or None."""
        rows = [row for row in self.notices if row.event == event and covers_kind(row.kinds, kind)]
        closeness = {kind: 0, f"{kind.partition('.')[0]}.*": 1}
        return min(rows, key=lambda row: min(closeness.get(k, 2) for k in row.kinds), default=None)

    def carriers(self, clause_id: str) -> tuple[Carrier, ...]:
        """The rows that carry out a clause; of one that only points elsewhere, those of its targets."""
        clause = self.clauses.get(clause_id)
        ids = (clause_id, *(clause.points_to if clause else ()))
        return tuple(dict.fromkeys(carrier for each in ids for carrier in self._carriers.get(each, ())))

    @cached_property
    def _carriers(self) -> dict[str, list[Carrier]]:
        index: dict[str, list[Carrier]] = {}
        for carrier, clauses in self._cited():
            for clause in clauses:
                index.setdefault(clause, []).append(carrier)
        return index

    def _cited(self) -> Iterator[tuple[Carrier, tuple[str, ...]]]:
        for kind in self.kinds:
            yield Carrier("kind", kind.code, kind.title), kind.clauses
        for deadline in self.deadlines:
            yield Carrier("deadline", deadline.id, deadline.title), deadline.clauses
        for playbook in self.playbooks:
            for stage in playbook.stages:
                place = f"{playbook.id}/{stage.id}"
                yield Carrier("stage", place, stage.title), stage.clauses
                for task in stage.tasks:
                    yield Carrier("task", f"{place}/{task.id}", task.title), task.clauses
        for measure in self.measures:
            yield Carrier("measure", measure.id, measure.title), measure.clauses
        for notice in self.notices:
            yield Carrier("notice", notice.id, notice.title), notice.clauses
