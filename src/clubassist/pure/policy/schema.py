"""What a policy pack may contain: one frozen model per kind of row, and the pack itself."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from clubassist.pure.policy.goal_rows import Goal
from clubassist.pure.policy.offer_rows import Limit, Remedy, Route
from clubassist.pure.policy.problems import PackError, problems_of
from clubassist.pure.policy.quantities import measured
from clubassist.pure.policy.spoken_rows import Notice, Phrase
from clubassist.pure.policy.terms import (
    ClauseId,
    ClockTime,
    Code,
    Complexity,
    Department,
    Filled,
    Frequency,
    Gate,
    KindPattern,
    PromiseText,
    Quantity,
    Recipient,
    Role,
    Row,
    Stricter,
    Text,
    Urgency,
    Version,
    Whole,
    Words,
    YesNo,
    covers_kind,
    refuse,
)
from clubassist.pure.policy.triage_rows import TriageRule, Vocabulary


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Values = Annotated[tuple[Words, ...], BeforeValidator(_listed), Filled]


class Statement(Row):
    """What the text of a clause itself says, readable by a machine; never our reading of it."""

    about: Code
    """The subject, a code of `terms.toml` or of your own."""
    promise: Code
    """What is promised of it."""
    when: dict[Code, Values] = {}
    """The cases meant: for each key (`urgency`) the value, or one of the values."""
    from_: Annotated[Code | None, Field(alias="from")] = None
    """The promise, or what happens, from which its time counts (`discharged`); left out, from receipt."""
    at_most: Quantity | None = None
    at_least: Quantity | None = None
    change: Quantity | None = None
    """A rise (`+5 points`) or a fall; with `every`, each time again."""
    every: Frequency | None = None
    """How often; beside a limit, the window that it holds for or is worked out over."""

    @model_validator(mode="after")
    def _states_something(self) -> Self:
        if not (self.at_most or self.at_least or self.change or self.every):
            mend = "Add at_most, at_least, change or every."
            raise refuse("the statement has no number and no frequency", mend)
        for limit in (self.at_most, self.at_least):
            if limit is not None and limit.amount < 0 and measured(limit).dimension != "temperature":
                raise refuse(f"“{limit}” is below zero", "Give a limit of zero or more.")
        if self.at_most and self.at_least and self._floor_above_ceiling(self.at_least, self.at_most):
            mend = "Give at_least the smaller number, or leave one of them out."
            raise refuse(f"at_least “{self.at_least}” is above at_most “{self.at_most}”", mend)
        return self

    @staticmethod
    def _floor_above_ceiling(floor: Quantity, ceiling: Quantity) -> bool:
        unlike, least = measured(floor)
        like, most = measured(ceiling)
        return unlike == like and least > most


class Term(Row):
    """A word of the statements: what it is called, and how it stands to other words."""

    code: Code
    title: Text
    within: Code | None = None
    """The wider word that includes this one: every complaint is a case."""
    after: Code | None = None
    """The promise that is always kept before this one: a solution comes after the first response."""
    mean_of: Code | None = None
    """The promise whose mean this one is."""
    most: Quantity | None = None
    """The top of its scale, which no rise can pass: `5 stars`."""


class Clause(Row):
    """One duty of a regulation in our own words."""

    id: ClauseId
    ref: Words
    section: Text
    title: Text
    text: Text
    owner: Code | None = None
    """The department that answers for the duty."""
    reading: Text | None = None
    """What is run and why, where the text is silent, unclear or contradicts itself."""
    note: Text | None = None
    points_to: tuple[ClauseId, ...] = ()
    """The clauses whose duty this one only repeats."""
    states: tuple[Statement, ...] = ()


class Subclass(Row):
    """What exactly a case of its kind is about."""

    code: Code
    title: Text


class Kind(Row):
    """A kind of case: who may choose it, how it is numbered, which playbook it follows."""

    code: Code
    class_: Annotated[Code, Field(alias="class")]
    title: Text
    hint: Text
    prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,3}$")]
    playbook: Code
    default_urgency: Urgency = Urgency.NORMAL
    confidentiality: Literal["internal", "personal", "sensitive"]
    health: YesNo = False
    """True for what is told about somebody's health: no search finds its words (F26)."""
    member_choice: Text | None = None
    counted: YesNo = True
    """False keeps the kind out of every denominator (praise, spam)."""
    subclasses: tuple[Subclass, ...] = ()
    """What such a case may be about more exactly (B09)."""
    clauses: tuple[ClauseId, ...] = ()


class Applies(Row):
    """The cases a row is for: kind codes or patterns (`complaint.*`, `*`), urgencies, complexities."""

    kinds: Annotated[tuple[KindPattern, ...], Filled]
    urgency: Annotated[tuple[Urgency, ...], Filled] = tuple(Urgency)
    complexity: Annotated[tuple[Complexity, ...], Filled] = tuple(Complexity)

    def covers(self, kind: str, urgency: str, complexity: str) -> bool:
        """Whether a case of these three codes is meant."""
        return covers_kind(self.kinds, kind) and urgency in self.urgency and complexity in self.complexity


class Rung(NamedTuple):
    """One step of a ladder: at `percent` of the target (0: at once), tell `to` (a role, the owner, everybody)."""

    percent: Annotated[Whole, Field(ge=0, le=1000)]
    to: Recipient


class PauseReason(Row):
    """Why a clock may stand still; the member reads the title."""

    code: Code
    title: Text


class Deadline(Row):
    """A promise with a clock: when it must be kept, and who hears of it on the way."""

    id: Code
    promise: Code
    title: Text
    applies: Applies
    target: Annotated[ClockTime, Stricter.LOWER]
    target_if: dict[Code, ClockTime] = {}
    """The shorter target that holds while the switch of this code is on."""
    calendar: Literal["always", "opening"]
    strictness: Literal["breach", "target"]
    """A missed `target` is a goal not reached (amber), a missed `breach` a promise broken."""
    clauses: Annotated[tuple[ClauseId, ...], Filled]
    ladder: tuple[Rung, ...]
    member_promise: PromiseText | None = None
    """What the member is told of it; without one it is a promise among ourselves."""
    starts: Literal["received", "resolved", "task_sent", "agreed"] = "received"
    after: ClockTime | None = None
    """How long after its start the clock begins to run."""
    pauses: tuple[PauseReason, ...] = ()
    """The reasons for which its clock may stand still; without one it never does."""
    ranks: YesNo = True
    """False leaves a case where it stands in the queue: the clock runs, alarms and counts, and hides no other there."""

    @property
    def member_words(self) -> Text | None:
        """What the member is told, with the target in force; None for a promise among ourselves."""
        if self.member_promise is None:
            return None
        return self.member_promise.fill({"target": self.target.words})


class Task(Row):
    """A step somebody takes. A task with a gate completes itself by that fact and keeps its promise, if it has one."""

    id: Code
    title: Text
    mandatory: YesNo = True
    gate: Gate | Literal[""] = ""
    promise: Code | None = None
    department: Department | None = None
    clauses: tuple[ClauseId, ...] = ()


class Stage(Row):
    """A part of a playbook. `promise` names the promise that is kept in this stage."""

    id: Code
    title: Text
    member_title: Text
    promise: Code | None = None
    tasks: Annotated[tuple[Task, ...], Field(alias="task")] = ()
    clauses: tuple[ClauseId, ...] = ()


class Playbook(Row):
    """The stages of a case, in order. From round `manager_from_round` of offers on a service manager decides (B27)."""

    id: Code
    title: Text
    manager_from_round: Annotated[Whole, Field(ge=1, le=100), Stricter.LOWER] = 3
    stages: Annotated[tuple[Stage, ...], Field(alias="stage"), Filled]

    @property
    def member_steps(self) -> tuple[Text, ...]:
        """What the member sees: neighbouring stages of one member title are one step."""
        titles = [stage.member_title for stage in self.stages]
        return tuple(title for i, title in enumerate(titles) if i == 0 or title != titles[i - 1])


Bound = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Measure(Row):
    """A figure over the cases received in a month, and its goal (requirements, part C)."""

    id: Code
    title: Text
    promise: Code | None = None
    """Whose clocks are counted: of `attainment`, and of no other formula."""
    applies: Applies
    formula: Literal[
        "attainment",
        "handling",
        "resolution",
        "reopening",
        "satisfaction",
        "response_time",
        "resolution_time",
    ]
    """In %: `attainment`, kept ÷ (kept + broken) over clocks; over cases `handling`, those with a first solution;
    `resolution`, those solved and accepted; `reopening`, those opened again of the solved; `satisfaction`, 4s and 5s of
    all scores. In h: `response_time` and `resolution_time`, means with open cases as long as they have waited so far.
    """
    at_least: Annotated[Bound | None, Stricter.HIGHER] = None
    at_most: Annotated[Bound | None, Stricter.LOWER] = None
    unit: Literal["%", "h"]
    goal: Code | None = None
    """The goal of `goals.toml` that it is shown under."""
    clauses: Annotated[tuple[ClauseId, ...], Filled]

    @model_validator(mode="after")
    def _has_a_goal(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise refuse("the measure has no goal", "Add at_least or at_most.")
        for goal in (self.at_least, self.at_most):
            if goal is not None and self.unit == "%" and not 0 <= goal <= 100:
                raise refuse(f"the goal {goal:g} % is not a share", "Give a number from 0 to 100.")
            if goal is not None and goal < 0:
                raise refuse(f"the goal {goal:g} h is below zero", "Give a number of hours.")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            mend = "Give at_least the smaller number, or leave one of them out."
            raise refuse(f"at_least {self.at_least:g} is above at_most {self.at_most:g}", mend)
        return self

    @model_validator(mode="after")
    def _fits_its_formula(self) -> Self:
        unit = "h" if self.takes_time else "%"
        if self.unit != unit:
            raise refuse(f"“{self.formula}” is not counted in {self.unit}", f'Write unit = "{unit}".')
        if self.formula == "attainment" and self.promise is None:
            raise refuse("attainment of nothing", "Add the promise whose clocks are counted.")
        if self.formula != "attainment" and self.promise is not None:
            raise refuse(f"“{self.formula}” counts no clocks", "Leave the promise out.")
        return self

    @property
    def takes_time(self) -> bool:
        """Whether the figure is a time and not a share."""
        return self.formula in ("response_time", "resolution_time")


class Switch(Row):
    """A choice between two readings of a text; on is the stricter one."""

    code: Code
    title: Text
    on: Annotated[YesNo, Stricter.HIGHER]
    clauses: Annotated[tuple[ClauseId, ...], Filled]


class NamedRole(Row):
    """What a role is called."""

    code: Role
    title: Text


class NamedDepartment(Row):
    """A department that answers for clauses; its code is as long at most as the tasks sent to it keep."""

    code: Annotated[Code, Field(max_length=20)]
    title: Text


class Cause(Row):
    """Why a matter came about, as the closing report files it (B29)."""

    code: Code
    title: Text


class Pack(Row):
    """One version of a regulation or of the rows that several regulations share."""

    name: Code
    title: Text
    version: Version
    effective_from: date
    owner: Code
    interpreter: Code
    languages: Annotated[tuple[Literal["zh-Hans", "en"], ...], Filled]
    cites: tuple[Code, ...] = ()
    """The packs whose clauses and rows this one may name."""
    switches: tuple[Switch, ...] = ()
    clauses: tuple[Clause, ...] = ()
    terms: tuple[Term, ...] = ()
    kinds: tuple[Kind, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    playbooks: tuple[Playbook, ...] = ()
    measures: tuple[Measure, ...] = ()
    goals: tuple[Goal, ...] = ()
    notices: tuple[Notice, ...] = ()
    vocabularies: tuple[Vocabulary, ...] = ()
    triage_rules: tuple[TriageRule, ...] = ()
    roles: tuple[NamedRole, ...] = ()
    departments: tuple[NamedDepartment, ...] = ()
    causes: tuple[Cause, ...] = ()
    limits: tuple[Limit, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    routes: tuple[Route, ...] = ()
    phrases: tuple[Phrase, ...] = ()

    def document(self) -> dict[str, Any]:
        """The whole pack as values that JSON can hold; `from_document` reads it back unchanged."""
        return self.model_dump(mode="json", by_alias=True)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the document; equal packs have equal digests, whatever their files look like."""
        canonical = json.dumps(self.document(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        """A pack from such values. Raises PackError with every problem found."""
        try:
            return cls.model_validate(document)
        except ValidationError as error:
            raise PackError(problems_of(error, document)) from error
