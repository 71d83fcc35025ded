"""Going over to rules that came into force after a case was opened: previewed, then done by a manager (F13)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Conflict, Refused
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.actions.state import keep
from clubassist.domain.cases.clocks import pauses_of, planned, replace_clock, started
from clubassist.domain.cases.facts import CaseReplanned
from clubassist.domain.cases.models import Case, Clock, Report
from clubassist.domain.club.models import Club
from clubassist.domain.club.queries import PolicyInForce, policy_in_force
from clubassist.pure.policy import Deadline, Policy, UnknownKind

AT_ONCE: Final = 100
"""How many cases go over in one run: somebody waits for it."""
LOOKED_AT: Final = 500
"""How many cases one preview looks at, whether they fit or not."""


@dataclass(frozen=True, slots=True)
class Move:
    """A running clock, the deadline that the rules of today give it, and when it is due by them."""

    clock: Clock
    deadline: Deadline
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What going over would do to an open case; `fits` is False when today's rules lack what it has done already."""

    case: Case
    moves: tuple[Move, ...]
    fits: bool


def preview_replan(
    club: Club, *, actor: Actor, at: datetime, by: datetime | None = None, after: Case | None = None
) -> list[Plan]:
    """Return open cases of a club that run by other rules than today's, and how their clocks would move.

    The oldest first, or those `after` a case, as many as go over in one run, and those before them that do not fit: of
    LOOKED_AT cases at most; the next page begins after the last one. With `by` the rules are
    those planned for that moment. Nothing is written. Clocks that ended, are late or stand still are left alone. Raises
    Refused without the right.
    """
    if not actor.may("case.replan", club.pk):
        mend = _("Your role does not allow this here. Ask a manager of this club.")
        raise Refused("not-allowed", mend=mend, status=403)
    rules_then = policy_in_force(club, at=by or at)
    cases = Case.objects.visible_to(actor).unfinished().filter(club=club)
    others = cases.exclude(pack_versions=list(rules_then.versions)).select_related("club")
    if after is not None:
        later = Q(received_at=after.received_at, pk__gt=after.pk) | Q(received_at__gt=after.received_at)
        others = others.filter(later)
    plans: list[Plan] = []
    left = AT_ONCE
    for case in others.order_by("received_at", "pk")[:LOOKED_AT].iterator(chunk_size=AT_ONCE):
        plans.append(_plan(case, rules_then, at))
        left -= plans[-1].fits
        if not left:
            break
    return plans


def digest_of(plans: Iterable[Plan]) -> str:
    """Return what tells one preview from another: the cases as they stand, and every clock with its new time."""
    words = [
        f"{plan.case.pk} {plan.case.version} {plan.fits}"
        + "".join(f" {move.clock.pk} {move.deadline.id} {move.due_at.isoformat()}" for move in plan.moves)
        for plan in plans
    ]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def replan(
    club: Club, *, actor: Actor, at: datetime, seen: str | None = None, after: Case | None = None
) -> list[Case]:
    """Let the open cases of a page that fit go over to today's rules, each in one commit; return them.

    `seen` is the digest of the preview that its reader agreed to. What is closed or moves on meanwhile is left out; a
    second run goes on where a first one ended or was cut off. Raises Refused without the right, Conflict when something
    changed since the preview.
    """
    plans = preview_replan(club, actor=actor, at=at, after=after)
    if seen is not None and seen != digest_of(plans):
        mend = _("Cases or rules changed since you looked. Look at the new preview, then decide again.")
        raise Conflict("plan-changed", mend=mend)
    done = []
    for plan in plans:
        if not plan.fits:
            continue
        try:
            done.append(replan_case(case=plan.case, actor=actor, at=at))
        except Refused as refusal:
            if refusal.code not in ("case-closed", "rules-unfit"):
                raise
    return done


@action
def replan_case(*, case: Case, actor: Actor, at: datetime, seen: int | None = None) -> Case:
    """Let one open case go over to today's rules and its clocks move by them, from where they started.

    Records CaseReplanned, upon which the member is told of times that moved; a case that runs by them already stays as
    it is. Raises Missing, Refused without the right, on a closed case or when the rules lack what it has done already.
    """
    case = locked(case, actor=actor, permission="case.replan", seen=seen)
    rules_now = policy_in_force(case.club, at=at)
    if tuple(case.pack_versions) == rules_now.versions:
        return case
    plan = _plan(case, rules_now, at)
    if not plan.fits:
        mend = _(
            "The rules of today lack steps or promises that this case has had already. It keeps its own."
        )
        raise Refused("rules-unfit", mend=mend)
    pairs = []
    for move in plan.moves:
        old = Clock.objects.select_for_update().get(pk=move.clock.pk)
        old.case = case
        pairs.append((old, replace_clock(old, move.deadline, at=at)))
    case.pack_versions = list(rules_now.versions)
    keep(case)
    fact = CaseReplanned(
        case_id=case.pk,
        pack_versions=rules_now.versions,
        moved=any(old.due_at != new.due_at for old, new in pairs),
        stopped=tuple(old.pk for old, _new in pairs),
        clocks=tuple(started(new, pauses=pauses_of(new)) for _old, new in pairs),
    )
    record(fact, actor=actor, at=at, scope=case.club_id)
    return case


def _plan(case: Case, rules_now: PolicyInForce, at: datetime) -> Plan:
    try:
        rows = rules_now.policy.deadlines_for(case.kind, case.urgency, case.complexity)
    except UnknownKind:
        return Plan(case, (), fits=False)
    deadlines = {row.promise: row for row in rows}
    moves = []
    # What runs since the case was solved or opened again, or for a task, has its own beginning.
    since_receipt = Clock.objects.ticking().filter(case=case, started_at=case.received_at, due_at__gt=at)
    for clock in since_receipt.order_by("due_at", "pk"):
        clock.case = case
        row = deadlines.get(clock.promise)
        if row is not None and not _same(clock, row):
            moves.append(Move(clock, row, planned(clock, row).due_at))
    return Plan(case, tuple(moves), fits=_fits(case, rules_now.policy))


def _same(clock: Clock, row: Deadline) -> bool:
    """Tell whether the clock runs by this deadline already."""
    of_clock = (clock.deadline, clock.seconds, clock.calendar, clock.strictness, clock.levels, clock.tells)
    ladder = [rung.percent for rung in row.ladder], [str(rung.to) for rung in row.ladder]
    seconds = int(row.target.timedelta.total_seconds())
    return of_clock == (row.id, seconds, row.calendar, row.strictness, *ladder)


def _fits(case: Case, policy: Policy) -> bool:
    """Tell whether the policy names all stages, tasks, promises and causes that the case has had, as its page does."""
    stages = {stage.id: {task.id for task in stage.tasks} for stage in policy.playbook(case.kind).stages}
    of_the_playbook = case.tasks.filter(words="").values_list("stage__code", "code")
    known = set(case.stages.values_list("code", flat=True)) <= stages.keys()
    known = known and all(task in stages[stage] for stage, task in of_the_playbook)
    causes = Report.objects.filter(case=case).values_list("cause", flat=True)
    known = known and set(causes) <= policy.causes.keys()
    deadlines = {row.id for row in policy.deadlines}
    return known and set(case.clocks.values_list("deadline", flat=True)) <= deadlines
