"""What a merge and its undoing leave alone: answers, pauses and longer limits since, links, complexity (F20)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from clubassist.core.actor import ANONYMOUS, SYSTEM, Actor
from clubassist.core.refusal import Conflict, Refused
from clubassist.domain.cases.actions import (
    ask_complex,
    close,
    decide_complex,
    link_cases,
    member_objects,
    merge_cases,
    pause_clock,
    replan_case,
    reply,
    resume_clock,
    unlink_cases,
    unmerge_cases,
)
from clubassist.domain.cases.auditor import audit
from clubassist.domain.cases.models import Case, Clock, Link, State
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.pure.policy import Pack, shipped_pack
from tests.makers.cases import make_case, offer_one, ready_to_close, solve, work_up_to

pytestmark = pytest.mark.req("F20")
HOUR = timedelta(hours=1)


@pytest.fixture
def first(club: Club, ann_person: Person, at: datetime) -> Case:
    """Ann's first word."""
    return make_case(club, at=at, subject=ann_person)


@pytest.fixture
def second(club: Club, ann_person: Person, at: datetime) -> Case:
    """The same matter, told an hour later."""
    return make_case(club, at=at + HOUR, subject=ann_person)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def counting(case: Case, promise: str = "solution") -> Clock:
    """Return the clock that counts for a promise."""
    rows = Clock.objects.filter(case=case, promise=promise, replaced_by__isnull=True)
    return rows.order_by("pk").last() or rows.get()


def content(at: datetime) -> None:
    """Assert that sweep and auditor agree up to a moment."""
    raise_due_alarms(at)
    found = audit(at)
    assert found is not None
    assert found.missing.count == 0


def complex_now(case: Case, *, asks: Actor, decides: Actor, at: datetime) -> None:
    request = ask_complex(case=case, reason="要鉴定", actor=asks, at=at)
    decide_complex(request=request, approve=True, actor=decides, at=at)


def shorter_rules(club: Club, at: datetime) -> None:
    document: Any = shipped_pack("common").document()
    document["version"] = "2026.9"
    for row in document["deadlines"]:
        if row["id"] == "complaint-solution":
            row["target"] = "20 h"
    version = store_pack(pack=Pack.from_document(document), actor=SYSTEM, at=at)
    adopt_pack(club=club, version=version, effective_from=at, actor=SYSTEM, at=at)


@pytest.mark.parametrize("since", ["complex", "replanned", "reopened"])
def test_what_runs_otherwise_by_now_goes_on(
    club: Club, first: Case, second: Case, bo: Actor, cy: Actor, at: datetime, since: str
) -> None:
    merge = merge_cases(case=first, into=second, actor=bo, at=at + 2 * HOUR)
    if since == "complex":
        complex_now(second, asks=bo, decides=cy, at=at + 3 * HOUR)
        due = at + 72 * HOUR
    elif since == "replanned":
        shorter_rules(club, at + 3 * HOUR)
        Clock.objects.filter(pk=counting(second).pk).update(started_at=fresh(second).received_at)
        replan_case(case=fresh(second), actor=cy, at=at + 3 * HOUR)
        due = at + 20 * HOUR
    else:
        solve(second, actor=bo, at=at + 3 * HOUR)
        member = ANONYMOUS.holding("case", str(second.pk))
        member_objects(case=second, text="没好", actor=member, at=at + 4 * HOUR)
        due = at + (4 + 21) * HOUR
    running = counting(second)
    assert running.due_at == due
    unmerge_cases(merge=merge, actor=bo, at=at + 5 * HOUR)
    assert (counting(second), counting(second).running, counting(second).due_at) == (running, True, due)
    assert (counting(first).running, counting(first).due_at) == (True, at + 24 * HOUR)
    assert fresh(first).state == State.OPEN
    for hour in range(5, 40):
        raise_due_alarms(at + hour * HOUR)
    content(at + 40 * HOUR)


@pytest.mark.parametrize("earlier_kept", [True, False])
def test_an_answer_on_the_kept_case_since_is_its_own(
    first: Case, second: Case, bo: Actor, at: datetime, *, earlier_kept: bool
) -> None:
    kept, merged = (first, second) if earlier_kept else (second, first)
    reply(case=merged, text="在看。", actor=bo, at=at + 2 * HOUR)
    merge = merge_cases(case=merged, into=kept, actor=bo, at=at + 3 * HOUR)
    reply(case=kept, text="明天修。", actor=bo, at=at + 4 * HOUR)
    unmerge_cases(merge=merge, actor=bo, at=at + 5 * HOUR)
    assert counting(kept, "first_response").met_at == at + 4 * HOUR
    assert counting(merged, "first_response").met_at == at + 2 * HOUR


def test_an_offer_on_the_kept_case_since_keeps_its_promise(
    first: Case, second: Case, bo: Actor, at: datetime
) -> None:
    merge = merge_cases(case=first, into=second, actor=bo, at=at + 2 * HOUR)
    work_up_to(second, "propose", actor=bo, at=at + 3 * HOUR)
    offer_one(second, actor=bo, at=at + 4 * HOUR)
    unmerge_cases(merge=merge, actor=bo, at=at + 5 * HOUR)
    assert counting(second).met_at == at + 4 * HOUR
    assert counting(first).running


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_pause_since_stays_with_the_kept_case(
    first: Case, second: Case, bo: Actor, at: datetime, *, goes_on: bool
) -> None:
    merge = merge_cases(case=first, into=second, actor=bo, at=at + 2 * HOUR)
    pause_clock(clock=counting(second), reason="part", evidence="订单", actor=bo, at=at + 3 * HOUR)
    if goes_on:
        resume_clock(clock=counting(second), actor=bo, at=at + 6 * HOUR)
    unmerge_cases(merge=merge, actor=bo, at=at + 7 * HOUR)
    clock = counting(second)
    assert clock.running
    if goes_on:
        assert (clock.paused_at, clock.due_at) == (None, at + 28 * HOUR)
    else:
        assert clock.paused_at == at + 3 * HOUR
        assert resume_clock(clock=clock, actor=bo, at=at + 9 * HOUR).due_at == at + 31 * HOUR
    assert counting(first).paused_at is None
    for hour in range(9, 60):
        raise_due_alarms(at + hour * HOUR)
    content(at + 60 * HOUR)


@pytest.mark.req("F52")
def test_told_again_after_the_solution_it_is_opened_again(
    first: Case, bo: Actor, ann_person: Person, club: Club, at: datetime
) -> None:
    solve(first, actor=bo, at=at + 10 * HOUR)
    again = make_case(club, at=at + 12 * HOUR, subject=ann_person)
    merge = merge_cases(case=again, into=first, actor=bo, at=at + 13 * HOUR)
    assert (fresh(first).state, fresh(first).reopened, fresh(first).awaits_reply) == (State.OPEN, 1, True)
    assert counting(first).due_at == at + (13 + 14) * HOUR
    reply(case=first, text="我们再看一下。", actor=bo, at=at + 13 * HOUR + HOUR / 2)
    unmerge_cases(merge=merge, actor=bo, at=at + 14 * HOUR)
    assert counting(first).due_at == at + (13 + 14) * HOUR, "somebody works on it again"
    assert counting(again).due_at == at + 36 * HOUR


@pytest.mark.req("F52")
def test_a_case_that_a_merge_opened_again_is_solved_as_it_was_once_that_is_undone(
    first: Case, bo: Actor, ann_person: Person, club: Club, at: datetime
) -> None:
    solve(first, actor=bo, at=at + 10 * HOUR)
    late = at + 12 * HOUR
    before = fresh(first)
    clocks = list(first.clocks.order_by("pk").values("pk", "met_at", "stopped_at", "due_at", "next_alarm_at"))
    calls = list(first.follow_ups.order_by("pk").values("pk", "outcome", "ended_at"))
    again = make_case(club, at=late, subject=ann_person)
    merge = merge_cases(case=again, into=fresh(first), actor=bo, at=late + HOUR)
    assert fresh(first).state == State.OPEN
    unmerge_cases(merge=merge, actor=bo, at=late + 2 * HOUR)
    after = fresh(first)
    for name in (
        "state",
        "stage",
        "resolved_at",
        "closed_at",
        "resolution",
        "cause",
        "reopened",
        "next_due_at",
    ):
        assert getattr(after, name) == getattr(before, name), name
    counting_now = first.clocks.filter(pk__in=[clock["pk"] for clock in clocks]).order_by("pk")
    assert list(counting_now.values("pk", "met_at", "stopped_at", "due_at", "next_alarm_at")) == clocks
    assert not first.clocks.running().exclude(pk__in=[clock["pk"] for clock in clocks]).exists()
    assert list(first.follow_ups.order_by("pk").values("pk", "outcome", "ended_at")) == calls
    assert fresh(again).state == State.OPEN
    for hour in range(200):
        raise_due_alarms(at + hour * HOUR)
    content(at + 200 * HOUR)


def test_told_before_the_solution_it_is_solved_with_it(
    first: Case, second: Case, bo: Actor, at: datetime
) -> None:
    solve(first, actor=bo, at=at + 10 * HOUR)
    merge_cases(case=second, into=first, actor=bo, at=at + 13 * HOUR)
    assert (fresh(first).state, fresh(first).reopened) == (State.RESOLVED, 0)


@pytest.mark.req("A21")
def test_children_and_links_go_over_and_come_back(
    club: Club, first: Case, second: Case, bo: Actor, at: datetime
) -> None:
    child, cause = (make_case(club, at=at) for _each in range(2))
    link_cases(case=child, other=first, kind="parent", actor=bo, at=at)
    link_cases(case=first, other=cause, kind="caused_by", actor=bo, at=at)
    link_cases(case=second, other=cause, kind="caused_by", actor=bo, at=at)
    link_cases(case=first, other=second, kind="related", actor=bo, at=at)

    def links() -> set[tuple[int, int, str]]:
        return set(Link.objects.values_list("case", "other", "kind"))

    before = links()
    merge = merge_cases(case=first, into=second, actor=bo, at=at + 2 * HOUR)
    assert links() == {(child.pk, second.pk, "parent"), (second.pk, cause.pk, "caused_by")}
    solve(second, actor=bo, at=at + 3 * HOUR)
    ready_to_close(second, actor=bo, at=at + 3 * HOUR)
    with pytest.raises(Refused, match="children-open"):
        close(case=second, actor=bo, at=at + 3 * HOUR)
    unmerge_cases(merge=merge, actor=bo, at=at + 4 * HOUR)
    assert links() == before


@pytest.mark.req("A21")
def test_a_link_removed_since_stays_removed_and_no_circle_comes_about(
    club: Club, first: Case, second: Case, bo: Actor, at: datetime
) -> None:
    child = make_case(club, at=at)
    link_cases(case=child, other=first, kind="parent", actor=bo, at=at)
    link_cases(case=second, other=child, kind="parent", actor=bo, at=at)
    merge = merge_cases(case=first, into=second, actor=bo, at=at + 2 * HOUR)
    assert list(Link.objects.values_list("case", "other")) == [(second.pk, child.pk)]
    unlink_cases(link=Link.objects.get(), actor=bo, at=at + 3 * HOUR)
    unmerge_cases(merge=merge, actor=bo, at=at + 4 * HOUR)
    assert list(Link.objects.values_list("case", "other")) == [(child.pk, first.pk)]


@pytest.mark.req("F50")
@pytest.mark.parametrize("complex_kept", [True, False])
def test_the_matter_is_complex_when_either_was(
    first: Case, second: Case, bo: Actor, cy: Actor, at: datetime, *, complex_kept: bool
) -> None:
    complex_now(second, asks=bo, decides=cy, at=at + 2 * HOUR)
    kept, merged = (second, first) if complex_kept else (first, second)
    merge = merge_cases(case=merged, into=kept, actor=bo, at=at + 3 * HOUR)
    assert fresh(kept).complexity == "complex"
    assert (counting(kept).strictness, counting(kept).due_at) == ("breach", at + 72 * HOUR)
    raise_due_alarms(at + 3 * HOUR)
    unmerge_cases(merge=merge, actor=bo, at=at + 4 * HOUR)
    assert (fresh(first).complexity, counting(first).due_at) == ("ordinary", at + 24 * HOUR)
    assert (fresh(second).complexity, counting(second).due_at) == ("complex", at + 73 * HOUR)
    assert Clock.objects.running().filter(promise="solution").count() == 2
    for hour in range(4, 120):
        raise_due_alarms(at + hour * HOUR)
    content(at + 120 * HOUR)


def test_a_clock_that_stands_still_is_not_made_longer(
    first: Case, second: Case, bo: Actor, cy: Actor, at: datetime
) -> None:
    complex_now(second, asks=bo, decides=cy, at=at + 2 * HOUR)
    pause_clock(clock=counting(first), reason="part", evidence="订单", actor=bo, at=at + 2 * HOUR)
    with pytest.raises(Conflict, match="clock-paused"):
        merge_cases(case=first, into=second, actor=bo, at=at + 3 * HOUR)
