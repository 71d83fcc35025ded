"""Newer rules: open cases keep theirs until a manager lets them go over (F13)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from clubassist.core import jobs
from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.cases.actions import (
    close,
    pause_clock,
    preview_replan,
    replan,
    replan_case,
    replanning,
    reply,
)
from clubassist.domain.cases.auditor import audit
from clubassist.domain.cases.models import Case, Clock, Task
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.channels.models import Message
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Club
from clubassist.pure.policy import Pack, shipped_pack
from tests.makers.cases import make_case, ready_to_close, solve

pytestmark = pytest.mark.req("F13")
HOUR = timedelta(hours=1)


def new_rules(club: Club, at: datetime, **stages: Any) -> None:
    """Adopt rules that offer a solution within 12 hours, if asked without a stage of the complaint's playbook."""
    document = shipped_pack("common").document()
    document["version"] = "2026.9"
    for row in document["deadlines"]:
        if row["id"] == "complaint-solution":
            row["target"] = "12 h"
    if stages:
        for row in document["playbooks"]:
            row["stage"][0]["id"] = stages["first"]
    version = store_pack(pack=Pack.from_document(document), actor=SYSTEM, at=at)
    adopt_pack(club=club, version=version, effective_from=at, actor=SYSTEM, at=at)


def solution(case: Case) -> Clock:
    return Clock.objects.get(case=case, promise="solution", replaced_by__isnull=True)


def test_a_preview_says_what_would_move_and_moves_nothing(club: Club, cy: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    assert preview_replan(club, actor=cy, at=at) == []
    new_rules(club, at + HOUR)
    make_case(club, at=at + HOUR)
    (plan,) = preview_replan(club, actor=cy, at=at + HOUR)
    assert (plan.case, plan.fits) == (case, True)
    assert [(move.clock.promise, move.due_at) for move in plan.moves] == [("solution", at + 12 * HOUR)]
    assert solution(case).due_at == at + 24 * HOUR


def test_open_cases_go_over_and_the_member_is_told(club: Club, cy: Actor, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    reply(case=case, text="在看。", actor=bo, at=at)
    new_rules(club, at + HOUR)
    assert replan(club, actor=cy, at=at + 2 * HOUR) == [case]
    assert solution(case).due_at == at + 12 * HOUR
    case.refresh_from_db()
    assert case.next_due_at == at + 12 * HOUR
    jobs.drain(at=at + 2 * HOUR)
    assert Message.objects.filter(body__contains="改为 11 月 22 日 00:00").count() == 1
    assert replan(club, actor=cy, at=at + 3 * HOUR) == []
    version = case.version
    assert replan_case(case=case, actor=cy, at=at + 3 * HOUR).version == version
    for half in range(4, 60):
        raise_due_alarms(at + half * HOUR / 2)
    found = audit(at + 30 * HOUR)
    assert found is not None
    assert (found.missing.count, found.late.count) == (0, 0)
    assert solution(case).alarms.count() == 4


def test_what_is_closed_met_late_or_stands_still_is_left_alone(
    club: Club, cy: Actor, bo: Actor, at: datetime
) -> None:
    closed, met, late, still = (make_case(club, at=at - 30 * HOUR * (n == 2)) for n in range(4))
    for case in (closed, met):
        ready_to_close(solve(case, actor=bo, at=at), actor=bo, at=at)
    close(case=closed, actor=bo, at=at)
    pause_clock(clock=solution(still), reason="part", evidence="订单 12", actor=bo, at=at)
    before = {case.pk: solution(case).pk for case in (closed, met, late, still)}
    new_rules(club, at + HOUR)
    replan(club, actor=cy, at=at + HOUR)
    assert {case.pk: solution(case).pk for case in (closed, met, late, still)} == before
    versions = Case.objects.in_bulk(before)
    assert versions[closed.pk].pack_versions == closed.pack_versions
    assert versions[met.pk].pack_versions != met.pack_versions


def test_a_case_that_the_rules_do_not_fit_keeps_its_own(club: Club, cy: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    new_rules(club, at + HOUR, first="begin")
    (plan,) = preview_replan(club, actor=cy, at=at + HOUR)
    assert not plan.fits
    assert replan(club, actor=cy, at=at + HOUR) == []
    with pytest.raises(Refused, match="rules-unfit"):
        replan_case(case=case, actor=cy, at=at + HOUR)


def test_a_case_whose_cause_the_rules_lack_keeps_its_own(
    club: Club, bo: Actor, cy: Actor, at: datetime
) -> None:
    case = ready_to_close(solve(make_case(club, at=at), actor=bo, at=at), actor=bo, at=at)
    document = shipped_pack("common").document()
    document |= {"version": "2026.9", "causes": [row for row in document["causes"] if row["code"] != "venue"]}
    version = store_pack(pack=Pack.from_document(document), actor=SYSTEM, at=at)
    adopt_pack(club=club, version=version, effective_from=at + HOUR, actor=SYSTEM, at=at)
    (plan,) = preview_replan(club, actor=cy, at=at + HOUR)
    assert (plan.case, plan.fits) == (case, False)


def test_a_preview_looks_at_so_many_cases_and_no_more(
    club: Club, cy: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        make_case(club, at=at, kind="inquiry")
    new_rules(club, at + HOUR, first="begin")
    oldest = make_case(club, at=at - HOUR)
    monkeypatch.setattr(replanning, "LOOKED_AT", 2)
    plans = preview_replan(club, actor=cy, at=at + HOUR)
    assert (len(plans), plans[0].case) == (2, oldest)


def test_the_next_page_of_a_preview_begins_after_the_last_case_until_none_is_left(
    club: Club, cy: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    unfit = [make_case(club, at=at, kind="inquiry") for _ in range(2)]
    fit = make_case(club, at=at + HOUR / 2)
    new_rules(club, at + HOUR)
    Task.objects.filter(case__in=unfit).update(code="unknown")
    monkeypatch.setattr(replanning, "LOOKED_AT", 1)
    pages, after = [], None
    while plans := preview_replan(club, actor=cy, at=at + HOUR, after=after):
        pages.append([(plan.case, plan.fits) for plan in plans])
        after = plans[-1].case
    assert pages == [[(unfit[0], False)], [(unfit[1], False)], [(fit, True)]]
    assert replan(club, actor=cy, at=at + HOUR) == []
    assert replan(club, actor=cy, at=at + HOUR, after=unfit[1]) == [fit]


def test_going_over_is_a_managers(club: Club, bo: Actor, dee: Actor, cy: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    new_rules(club, at + HOUR)
    for stranger in (bo, dee):
        with pytest.raises(Refused, match="not-allowed"):
            preview_replan(club, actor=stranger, at=at + HOUR)
        with pytest.raises(Refused, match="not-allowed"):
            replan(club, actor=stranger, at=at + HOUR)
    with pytest.raises(Refused, match="not-allowed"):
        replan_case(case=case, actor=bo, at=at + HOUR)
    with pytest.raises(Missing):
        replan_case(case=case, actor=dee, at=at + HOUR)


def test_a_case_that_ends_meanwhile_is_left_out(
    club: Club, bo: Actor, cy: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, going = (make_case(club, at=at, kind=kind) for kind in ("inquiry", "complaint.venue"))
    new_rules(club, at + HOUR)
    plans = preview_replan(club, actor=cy, at=at + HOUR)
    solve(gone, actor=bo, at=at + HOUR)
    close(case=gone, actor=bo, at=at + HOUR)
    monkeypatch.setattr(replanning, "preview_replan", lambda *_args, **_given: plans)
    assert replan(club, actor=cy, at=at + HOUR) == [going]
