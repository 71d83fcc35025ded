"""The rules in force at a club: the packs it has adopted, merged into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from clubassist.pure.policy.carriers import Carrier, carriers_by_clause, carriers_of
from clubassist.pure.policy.goal_rows import Goal
from clubassist.pure.policy.offer_rows import Limit, Remedy, Route
from clubassist.pure.policy.schema import (
    Clause,
    Deadline,
    Kind,
    Measure,
    Playbook,
    Switch,
)
from clubassist.pure.policy.spoken_rows import Notice, Phrase
from clubassist.pure.policy.terms import Role, Text, covers_kind
from clubassist.pure.policy.triage_rows import TriageRule, Vocabulary


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
    goals: tuple[Goal, ...]
    notices: tuple[Notice, ...]
    vocabularies: tuple[Vocabulary, ...]
    triage_rules: tuple[TriageRule, ...]
    roles: Mapping[Role, Text]
    departments: Mapping[str, Text]
    causes: Mapping[str, Text]
    terms: Mapping[str, Text]
    limits: tuple[Limit, ...]
    remedies: Mapping[str, Remedy]
    routes: tuple[Route, ...]
    phrases: tuple[Phrase, ...]
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

    def deadline(self, code: str) -> Deadline | None:
        """The deadline of this id, or None when no pack in force has it."""
        return next((row for row in self.deadlines if row.id == code), None)

    @cached_property
    def unranked(self) -> tuple[str, ...]:
        """The ids of deadlines by which no case rises in the queue."""
        return tuple(row.id for row in self.deadlines if not row.ranks)

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
        return carriers_of(clause, [self._carriers]) if clause else tuple(self._carriers.get(clause_id, ()))

    @cached_property
    def _carriers(self) -> dict[str, list[Carrier]]:
        return carriers_by_clause(self)
