"""Who may do what with a case, and which facts an intake must not lack."""

from __future__ import annotations

from clubassist.core.actor import Actor
from clubassist.domain.cases.models import Case, State, Task
from clubassist.domain.cases.models.case import SENSITIVE

FOUR_FACTS = ("time", "place", "people", "course")


def may_open(actor: Actor, club_id: int) -> bool:
    """Tell whether `actor` may register a case: staff with the right; members and guests always may."""
    return actor.kind in ("member", "guest", "system") or actor.may("case.open", club_id)


def may(actor: Actor, permission: str, case: Case) -> bool:
    """Tell whether a staff actor holds `permission` at the case's club."""
    return actor.may(permission, case.club_id)


def may_handle(actor: Actor, confidentiality: str, club_id: int) -> bool:
    """Tell whether a colleague may own such a case: a sensitive one only who reads the club's cases."""
    return confidentiality != SENSITIVE or actor.may("case.read", club_id)


def may_write(actor: Actor, case: Case) -> bool:
    """Tell whether a member or guest may add to the case: it is theirs, or a link opens it, also
    that of a case merged into it.
    """
    if actor.person is not None and actor.person in (case.subject_id, case.reporter_id):
        return True
    held = [int(key) for kind, key in actor.held if kind == "case"]
    return case.pk in held or (bool(held) and case.merged.filter(pk__in=held).exists())


def may_tick(actor: Actor, task: Task) -> bool:
    """Tell whether `actor` may complete the task: at their club, and their own where they see only their own."""
    return actor.may("case.task", task.case.club_id)


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
