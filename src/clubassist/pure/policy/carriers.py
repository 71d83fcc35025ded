"""Which rows carry a clause out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple, Protocol

from clubassist.pure.policy.goal_rows import Goal
from clubassist.pure.policy.offer_rows import Limit, Route
from clubassist.pure.policy.schema import Clause, Deadline, Kind, Measure, Playbook, Switch
from clubassist.pure.policy.spoken_rows import Notice, Phrase
from clubassist.pure.policy.terms import Text
from clubassist.pure.policy.triage_rows import TriageRule

Mechanism = Literal[
    "switch",
    "kind",
    "deadline",
    "stage",
    "task",
    "measure",
    "goal",
    "notice",
    "triage",
    "limit",
    "route",
    "phrase",
]
FEN_OF_A_YUAN = 100


class Carrier(NamedTuple):
    """A row that carries out a clause. Stages and tasks are named `playbook/stage/task`."""

    mechanism: Mechanism
    id: str
    title: Text


class Carrying(Protocol):
    """Rows that may cite clauses: a pack, or the policy that several packs make."""

    @property
    def switches(self) -> tuple[Switch, ...]: ...
    @property
    def kinds(self) -> tuple[Kind, ...]: ...
    @property
    def deadlines(self) -> tuple[Deadline, ...]: ...
    @property
    def playbooks(self) -> tuple[Playbook, ...]: ...
    @property
    def measures(self) -> tuple[Measure, ...]: ...
    @property
    def goals(self) -> tuple[Goal, ...]: ...
    @property
    def notices(self) -> tuple[Notice, ...]: ...
    @property
    def triage_rules(self) -> tuple[TriageRule, ...]: ...
    @property
    def limits(self) -> tuple[Limit, ...]: ...
    @property
    def routes(self) -> tuple[Route, ...]: ...
    @property
    def phrases(self) -> tuple[Phrase, ...]: ...


def carriers_by_clause(rows: Carrying) -> dict[str, list[Carrier]]:
    """The carriers of each clause that is cited, in the order of the rows."""
    index: dict[str, list[Carrier]] = {}
    for carrier, clauses in _cited(rows):
        for clause in clauses:
            index.setdefault(clause, []).append(carrier)
    return index


def carriers_of(clause: Clause, indexes: Iterable[Mapping[str, list[Carrier]]]) -> tuple[Carrier, ...]:
    """What carries this clause out; of one that only points elsewhere, what carries out its targets."""
    ids = (clause.id, *clause.points_to)
    return tuple(
        dict.fromkeys(carrier for index in indexes for each in ids for carrier in index.get(each, ()))
    )


def _cited(rows: Carrying) -> Iterator[tuple[Carrier, tuple[str, ...]]]:
    for switch in rows.switches:
        yield Carrier("switch", switch.code, switch.title), switch.clauses
    for kind in rows.kinds:
        yield Carrier("kind", kind.code, kind.title), kind.clauses
    for deadline in rows.deadlines:
        yield Carrier("deadline", deadline.id, deadline.title), deadline.clauses
    for playbook in rows.playbooks:
        for stage in playbook.stages:
            place = f"{playbook.id}/{stage.id}"
            yield Carrier("stage", place, stage.title), stage.clauses
            for task in stage.tasks:
                yield Carrier("task", f"{place}/{task.id}", task.title), task.clauses
    for measure in rows.measures:
        yield Carrier("measure", measure.id, measure.title), measure.clauses
    for goal in rows.goals:
        yield Carrier("goal", goal.code, goal.title), goal.clauses
    for notice in rows.notices:
        yield Carrier("notice", notice.id, notice.title), notice.clauses
    for rule in rows.triage_rules:
        yield Carrier("triage", rule.id, rule.title), rule.clauses
    for limit in rows.limits:
        amount = f"¥{limit.most / FEN_OF_A_YUAN:,g}"
        title = Text(zh=f"每件最多 {amount}", en=f"at most {amount} for one matter")
        yield Carrier("limit", limit.role, title), limit.clauses
    for route in rows.routes:
        yield Carrier("route", route.code, route.title), route.clauses
    for phrase in rows.phrases:
        yield Carrier("phrase", phrase.id, phrase.title), phrase.clauses
