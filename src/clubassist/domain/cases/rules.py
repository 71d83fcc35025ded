"""Who may do what with a case, and which facts an intake must not lack."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from clubassist.core.actor import Actor
from clubassist.domain.cases.models import Case, Finding, State, Task
from clubassist.domain.cases.models.case import SENSITIVE, held_cases
from clubassist.domain.people.queries import heads_at
from clubassist.domain.people.roles import EMERGENCY_START, heads_of, works_in
from clubassist.pure.policy import Kind

REOPEN_FOR: Final = timedelta(days=35)
"""How long "not solved" opens a case again: until its month's resolution rate is final (A05)."""
NOT_AGREED: Final = "not_agreed"
"""The resolution of a matter on which the member and we do not agree."""
FOUR_FACTS = ("time", "place", "people", "course")


def may_open(actor: Actor, kind: Kind, club_id: int) -> bool:
    """Tell whether `actor` may register a case: staff with the right, for an emergency every colleague (B18); members
    and guests always may.
    """
    if actor.kind in ("member", "guest", "system") or actor.may("case.open", club_id):
        return True
    return is_emergency(kind) and actor.may(EMERGENCY_START, club_id)


def is_emergency(kind: Kind) -> bool:
    """Tell whether somebody may be hurt or ill now: such a case needs no words to be opened."""
    return kind.class_ == "emergency"


def may(actor: Actor, permission: str, case: Case) -> bool:
    """Tell whether a staff actor holds `permission` at the case's club."""
    return actor.may(permission, case.club_id)


def may_handle(actor: Actor, confidentiality: str, club_id: int) -> bool:
    """Tell whether a colleague may own such a case: a sensitive one only who reads the club's cases."""
    return confidentiality != SENSITIVE or actor.may("case.read", club_id)


def may_write(actor: Actor, case: Case) -> bool:
    """Tell whether a member or guest may add to the case: they told it or it is about them, or a link opens it; or
    their own matter was merged into it.
    """
    links = held_cases(actor)
    if case.pk in links or (actor.person is not None and actor.person in (case.subject_id, case.reporter_id)):
        return True
    return (bool(links) or actor.person is not None) and case.merged.own_of(actor).exists()


def may_on_task(actor: Actor, permission: str, task: Task) -> bool:
    """Tell whether `actor` may do `permission` on the task: by their role, or take steps sent to their department."""
    if actor.may(permission, task.case.club_id):
        return True
    return permission == "case.task" and works_on(actor, task)


def works_on(actor: Actor, task: Task) -> bool:
    """Tell whether the task was sent to a department in which `actor` works at the case's club."""
    return task.sent_at is not None and actor.may(works_in(task.department), task.case.club_id)


def heads(actor: Actor, task: Task) -> bool:
    """Tell whether `actor` heads the department that the task was sent to."""
    return task.sent_at is not None and actor.may(heads_of(task.department), task.case.club_id)


def may_sign(actor: Actor, finding: Finding, side: str, case: Case) -> bool:
    """Tell whether `actor` may sign a finding for this side: "service", or "department", the one in question (B23).

    For a department that nobody heads at the club, and in a sensitive case, which heads of department do not see, a
    service manager stands in.
    """
    if side == "service":
        return may(actor, "case.sign", case)
    if actor.may(heads_of(finding.department), case.club_id):
        return True
    stands_in = case.sensitive or not heads_at(finding.department, case.club_id)
    return may(actor, "case.skip", case) and stands_in


def may_be_reopened(case: Case, *, at: datetime) -> bool:
    """Tell whether "not solved" still opens the case again: for 35 days after its solution (A05).

    What ended without agreement was never said to be solved; its next word is outside the club (A08). A merged case
    goes on as another, which is the one to open again.
    """
    if case.resolved_at is None or case.merged_into_id is not None or ended_unagreed(case):
        return False
    return at < case.resolved_at + REOPEN_FOR


def ended_unagreed(case: Case) -> bool:
    """Tell whether the matter ended without agreement, the one end that does not count as solved (B27, A08)."""
    return case.resolution == NOT_AGREED


def missing_facts(*, occurred: bool, place: str, people: str, narrative: str) -> tuple[str, ...]:
    """Return which of the four facts (B18) are missing, in their order."""
    given = (occurred, bool(place.strip()), bool(people.strip()), bool(narrative.strip()))
    return tuple(fact for fact, there in zip(FOUR_FACTS, given, strict=True) if not there)


def missing_of(case: Case) -> tuple[str, ...]:
    """Return which of the four facts a case still lacks."""
    occurred = case.occurred_at is not None or bool(case.occurred_words)
    return missing_facts(
        occurred=occurred,
        place=case.place or ("x" if case.area_id else ""),
        people=case.people,
        narrative=case.narrative,
    )


def is_finished(case: Case) -> bool:
    """Tell whether nothing more can be said on the case."""
    return case.state == State.CLOSED
