"""Pauses: a clock stands still for a good reason, and its due time, alarms and words follow."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from clubassist.core import jobs
from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.models import Entry
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import assess, close, pause_clock, reply, resume_clock
from clubassist.domain.cases.auditor import LATE, audit
from clubassist.domain.cases.clocks import explained, used_of
from clubassist.domain.cases.models import NO_CLOCK, Case, Clock, ExpectedAlarm, Pause
from clubassist.domain.cases.queries import clocks_of, queue_page
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.channels.models import Message
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Club
from clubassist.domain.club.queries import policy_of
from clubassist.pure.policy import Pack, shipped_pack
from tests.makers.cases import make_case, ready_to_close, solve

HOUR = timedelta(hours=1)
BY_PHONE = "14:20 电话请会员补交收据。"


def solution(case: Case) -> Clock:
    """Return the clock of the solution, as it is now."""
    return Clock.objects.select_related("case__club").get(case=case, promise="solution")


def paused(case: Case, actor: Actor, at: datetime, reason: str = "member") -> Pause:
    """Let the solution's clock stand still."""
    return pause_clock(clock=solution(case), reason=reason, evidence=BY_PHONE, actor=actor, at=at)


def missing(at: datetime) -> list[ExpectedAlarm]:
    """Return what the auditor misses."""
    found = audit(at)
    assert found is not None
    alarms = ExpectedAlarm.objects.filter(
        clock__in=found.missing.clocks, raised_at=None, due_at__lt=at - LATE
    )
    assert alarms.count() == found.missing.count
    return list(alarms)


def by_opening_hours(club: Club, at: datetime) -> None:
    """Let a solution be offered within six opening hours (08:00-22:00)."""
    document = shipped_pack("common").document()
    document["version"] = "2026.9"
    for row in document["deadlines"]:
        if row["id"] == "complaint-solution":
            row |= {"target": "6 h", "calendar": "opening"}
    version = store_pack(pack=Pack.from_document(document), actor=SYSTEM, at=at)
    adopt_pack(club=club, version=version, effective_from=at, actor=SYSTEM, at=at)


@pytest.mark.req("B90")
def test_due_time_and_alarms_ahead_move_by_the_time_paused(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    before = solution(case)
    raise_due_alarms(at + 12 * HOUR)
    paused(case, bo, at + 13 * HOUR)
    resumed = resume_clock(clock=solution(case), actor=bo, at=at + 18 * HOUR)
    assert resumed.due_at == before.due_at + 5 * HOUR
    assert resumed.gross_due_at == before.due_at == before.gross_due_at
    assert resumed.alarms_at == [before.alarms_at[0], *(one + 5 * HOUR for one in before.alarms_at[1:])]
    assert resumed.next_alarm_at == before.alarms_at[1] + 5 * HOUR
    used = used_of(resumed, at=at + 20 * HOUR)
    assert (used.gross, used.net) == (20 * HOUR, 15 * HOUR)


@pytest.mark.req("B90")
def test_only_opening_time_counts_as_paused(club: Club, bo: Actor, at: datetime) -> None:
    """Opened at noon with six opening hours; paused from 17:00 to 09:00: six opening hours stood still."""
    by_opening_hours(club, at)
    case = make_case(club, at=at)
    paused(case, bo, at + 5 * HOUR)
    resumed = resume_clock(clock=solution(case), actor=bo, at=at + 21 * HOUR)
    assert resumed.due_at == at + 22 * HOUR
    assert resumed.gross_due_at == at + 6 * HOUR
    used = used_of(resumed, at=at + 22 * HOUR)
    assert (used.gross, used.net) == (12 * HOUR, 6 * HOUR)
    assert used_of(solution(case), at=at + 21.5 * HOUR).net == 5.5 * HOUR


def test_no_alarm_comes_due_while_paused_and_the_auditor_agrees(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    reply(case=case, text="在看。", actor=bo, at=at + HOUR)
    paused(case, bo, at + 11 * HOUR)
    raise_due_alarms(at + 40 * HOUR)
    assert not solution(case).alarms.exists()
    assert missing(at + 40 * HOUR) == []
    resume_clock(clock=solution(case), actor=bo, at=at + 41 * HOUR)
    first = at + 42 * HOUR
    raise_due_alarms(first - timedelta(seconds=1))
    assert not solution(case).alarms.exists()
    assert [(one.level, one.due_at) for one in missing(first + timedelta(seconds=61))] == [(50, first)]
    raise_due_alarms(first)
    assert missing(first + timedelta(seconds=61)) == []
    for hour in range(43, 80):
        raise_due_alarms(at + hour * HOUR)
    assert missing(at + 80 * HOUR) == []
    assert list(solution(case).alarms.order_by("level").values_list("level", flat=True)) == [50, 75, 100, 150]


def test_the_auditor_reads_several_pauses_at_one_go(club: Club, bo: Actor, at: datetime) -> None:
    """All is in one batch of the journal: each pause is taken in before what follows it."""
    case = make_case(club, at=at)
    assess(case=case, actor=bo, at=at)
    reply(case=case, text="在看。", actor=bo, at=at + HOUR)
    for hour in (2, 4, 6):
        paused(case, bo, at + hour * HOUR)
        resume_clock(clock=solution(case), actor=bo, at=at + (hour + 1) * HOUR)
    assert missing(at + 7 * HOUR) == []
    expected = ExpectedAlarm.objects.filter(clock=solution(case).pk).order_by("level")
    assert list(expected.values_list("due_at", flat=True)) == solution(case).alarms_at


def test_alarms_passed_before_the_pause_stay_owed(club: Club, bo: Actor, at: datetime) -> None:
    """The worker was away: it raises what was due before the pause, and nothing of the time after."""
    case = make_case(club, at=at)
    reply(case=case, text="在看。", actor=bo, at=at + HOUR)
    paused(case, bo, at + 13 * HOUR)
    assert [one.level for one in missing(at + 30 * HOUR) if one.clock == solution(case).pk] == [50]
    raise_due_alarms(at + 30 * HOUR)
    assert list(solution(case).alarms.values_list("level", flat=True)) == [50]
    assert missing(at + 30 * HOUR) == []


def test_a_sweep_ahead_of_our_clock_moves_the_pause_behind_its_alarm(
    club: Club, bo: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    reply(case=case, text="在看。", actor=bo, at=at + HOUR)
    raise_due_alarms(at + 12 * HOUR)
    pause = paused(case, bo, at + 12 * HOUR - timedelta(seconds=1))
    assert pause.paused_at == at + 12 * HOUR
    resume_clock(clock=solution(case), actor=bo, at=at + 13 * HOUR)
    raise_due_alarms(at + 14 * HOUR)
    assert missing(at + 14 * HOUR) == []


def test_the_queue_does_not_rank_by_a_clock_that_stands_still(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    reply(case=case, text="在看。", actor=bo, at=at + HOUR)
    paused(case, bo, at + 2 * HOUR)
    case.refresh_from_db()
    assert case.next_due_at == NO_CLOCK
    (row,), _more = queue_page("club", actor=bo, at=at + 2 * HOUR)
    assert row.nearest is None
    resume_clock(clock=solution(case), actor=bo, at=at + 3 * HOUR)
    case.refresh_from_db()
    assert case.next_due_at == at + 25 * HOUR


def test_the_end_of_a_clock_ends_its_pause(club: Club, bo: Actor, at: datetime) -> None:
    """Solved long after the old due time, but while the clock stood still: kept."""
    case = make_case(club, at=at)
    paused(case, bo, at + 2 * HOUR)
    solve(case, actor=bo, at=at + 50 * HOUR)
    clock = solution(case)
    assert (clock.met_at, clock.paused_at) == (at + 50 * HOUR, None)
    assert clock.due_at == at + 72 * HOUR
    assert clock.pauses.get().resumed_at == at + 50 * HOUR
    assert used_of(clock, at=at + 90 * HOUR).net == 2 * HOUR
    raise_due_alarms(at + 200 * HOUR)
    assert not clock.alarms.exists()


def test_closing_ends_a_pause_too(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    ready_to_close(solve(case, actor=bo, at=at + HOUR), actor=bo, at=at + HOUR)
    Clock.objects.filter(pk=solution(case).pk).update(met_at=None)
    paused(case, bo, at + 2 * HOUR)
    close(case=case, actor=bo, at=at + 3 * HOUR)
    assert (solution(case).stopped_at, Pause.objects.open().exists()) == (at + 3 * HOUR, False)


@pytest.mark.req("B90")
def test_the_working_tells_the_pause_to_staff_and_member(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    paused(case, bo, at + 2 * HOUR, reason="part")
    resume_clock(clock=solution(case), actor=bo, at=at + 2.5 * HOUR)
    row = policy_of(tuple(case.pack_versions)).deadline("complaint-solution")
    clock = solution(case)
    assert "14:00–14:30 暂停（等待配件，Bo）" in explained(clock, row, "zh", to_staff=True)
    member = explained(clock, row, "en", to_staff=False)
    assert "14:30 (waiting for a part)" in member
    assert "Bo" not in member


def test_the_member_is_told_of_the_new_time_once_it_moved(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    paused(case, bo, at + 2 * HOUR)
    resume_clock(clock=solution(case), actor=bo, at=at + 2 * HOUR)
    jobs.drain(at=at + 2 * HOUR)
    assert not Message.objects.filter(body__contains="我们承诺的时间改为").exists()
    paused(case, bo, at + 2 * HOUR)
    resume_clock(clock=solution(case), actor=bo, at=at + 4 * HOUR)
    jobs.drain(at=at + 4 * HOUR)
    told = Message.objects.get(body__contains="我们承诺的时间改为 11 月 22 日 14:00")
    assert (told.automatic, told.conversation_id) == (True, case.conversation_id)


def test_facts_carry_the_reason_and_never_the_words(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    paused(case, bo, at + HOUR)
    entry = Entry.objects.get(fact="ClockPaused")
    assert (entry.data["reason"], BY_PHONE in str(entry.data)) == ("member", False)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"reason": "holiday"}, "reason-unknown", "reason"),
        ({"evidence": "  "}, "evidence-missing", "evidence"),
        ({"evidence": "长" * 301}, "text-too-long", "evidence"),
        ({"hours": 24}, "clock-late", ""),
        ({"hours": -1}, "clock-late", ""),
    ],
)
def test_a_pause_is_refused(
    club: Club, bo: Actor, at: datetime, changes: dict[str, object], code: str, field: str
) -> None:
    case = make_case(club, at=at)
    given = {"reason": "member", "evidence": BY_PHONE, "hours": 1} | changes
    with pytest.raises(Refused) as refused:
        pause_clock(
            clock=solution(case),
            reason=str(given["reason"]),
            evidence=str(given["evidence"]),
            actor=bo,
            at=at + timedelta(hours=float(str(given["hours"]))),
        )
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_first_response_never_stands_still(club: Club, bo: Actor, at: datetime) -> None:
    clock = make_case(club, at=at).clocks.get(promise="first_response")
    with pytest.raises(Refused, match="never-pausable"):
        pause_clock(clock=clock, reason="member", evidence=BY_PHONE, actor=bo, at=at + HOUR)


def test_a_clock_stands_still_once_and_goes_on_once(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    with pytest.raises(Refused, match="clock-not-paused"):
        resume_clock(clock=solution(case), actor=bo, at=at + HOUR)
    paused(case, bo, at + 2 * HOUR)
    with pytest.raises(Conflict, match="clock-paused"):
        paused(case, bo, at + 3 * HOUR)
    with pytest.raises(Refused, match="resumed-before-pause"):
        resume_clock(clock=solution(case), actor=bo, at=at + HOUR)
    resume_clock(clock=solution(case), actor=bo, at=at + 4 * HOUR)
    with pytest.raises(Refused, match="pause-overlaps"):
        paused(case, bo, at + 3 * HOUR)


def test_a_kept_promise_is_not_paused(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    solve(case, actor=bo, at=at + HOUR)
    with pytest.raises(Refused, match="clock-ended"):
        paused(case, bo, at + 2 * HOUR)


def test_pausing_needs_the_right_and_the_sight(
    club: Club, bo: Actor, dee: Actor, ann: Actor, at: datetime
) -> None:
    case = make_case(club, at=at, subject=None)
    for stranger in (dee, ann):
        with pytest.raises(Missing):
            paused(case, stranger, at + HOUR)
    with pytest.raises(Refused, match="not-allowed"):
        paused(case, bo.only(frozenset({"case.read"})), at + HOUR)
    with pytest.raises(Conflict, match="changed-meanwhile"):
        pause_clock(clock=solution(case), reason="member", evidence=BY_PHONE, actor=bo, at=at, seen=7)


def test_the_database_refuses_pauses_that_overlap(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    paused(case, bo, at + HOUR)
    with pytest.raises(IntegrityError, match="pause_no_overlap"), transaction.atomic():
        Pause.objects.create(clock=solution(case), reason="x", evidence="x", paused_at=at + 2 * HOUR)
    other = make_case(club, at=at)
    Pause.objects.create(clock=solution(other), reason="x", evidence="x", paused_at=at + 2 * HOUR)


def test_the_page_reads_a_paused_clock_as_its_last(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    paused(case, bo, at + HOUR)
    readings = clocks_of(case, at=at + 2 * HOUR)
    running = [one for one in readings if one.clock.running]
    assert [one.pause is not None for one in running] == [False, False, False, True]
    assert running[-1].used == pytest.approx(1 / 24)
