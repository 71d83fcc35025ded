"""Judging a case anew: kind and urgency change with a reason, and no promise becomes longer (B19)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from clubassist.core import jobs
from clubassist.core.actor import Actor
from clubassist.core.models import Entry
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import pause_clock, reclassify
from clubassist.domain.cases.auditor import audit
from clubassist.domain.cases.models import Case, Clock
from clubassist.domain.cases.sweep import raise_due_alarms
from clubassist.domain.channels.models import Message
from clubassist.domain.club.models import Club
from tests.makers.cases import draft_one, make_case, solve, work_up_to
from tests.makers.clubs import make_sensitive

pytestmark = pytest.mark.req("B19")
HOUR = timedelta(hours=1)


def judged(case: Case, actor: Actor, at: datetime, **changes: Any) -> Case:
    given: dict[str, Any] = {"kind": case.kind, "urgency": case.urgency, "reason": "听完才知道"}
    return reclassify(case=case, actor=actor, at=at, **(given | changes))


def due(case: Case) -> dict[str, datetime]:
    """Return when the case's promises are due that run."""
    return dict(Clock.objects.running().filter(case=case).values_list("promise", "due_at"))


def test_more_urgent_the_shorter_limit_runs_from_now(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    case = judged(case, bo, at + 2 * HOUR, urgency="urgent")
    assert due(case) == {"first_response": at + 6 * HOUR, "solution": at + 24 * HOUR}
    assert (case.urgency, case.next_due_at) == ("urgent", at + 6 * HOUR)
    note = Message.objects.get(conversation=case.conversation, direction="note")
    assert note.body == "听完才知道"
    jobs.drain(at=at + 2 * HOUR)
    told = Message.objects.filter(conversation=case.conversation, automatic=True).latest("pk")
    assert "18:00" in told.body
    for quarter in range(8, 40):
        raise_due_alarms(at + quarter * HOUR / 4)
    found = audit(at + 10 * HOUR)
    assert found is not None
    assert (found.missing.count, found.late.count) == (0, 0)


def test_late_in_the_day_a_rise_makes_no_limit_longer(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    judged(case, bo, at + 22 * HOUR, urgency="urgent")
    assert due(case)["first_response"] == at + 24 * HOUR


def test_calmer_the_limits_stay(club: Club, bo: Actor, at: datetime) -> None:
    case = judged(make_case(club, at=at, urgency="urgent"), bo, at + HOUR, urgency="normal")
    assert (case.urgency, due(case)["first_response"]) == ("normal", at + 4 * HOUR)


def test_another_kind_of_the_same_steps_stays_where_it_is(club: Club, bo: Actor, at: datetime) -> None:
    case = work_up_to(make_case(club, at=at), "verify", actor=bo, at=at)
    case = judged(case, bo, at + HOUR, kind="complaint.service")
    assert (case.kind, case.stage) == ("complaint.service", "verify")
    fact = Entry.objects.get(fact="CaseReclassified").data
    assert (fact["previous_kind"], fact["kind"]) == ("complaint.venue", "complaint.service")


def test_an_enquiry_that_is_a_complaint_begins_its_steps_and_owes_a_solution_from_receipt(
    club: Club, bo: Actor, at: datetime
) -> None:
    case = judged(make_case(club, at=at, kind="inquiry"), bo, at + 5 * HOUR, kind="complaint.service")
    assert (case.stage, due(case)) == (
        "accept",
        {"first_response": at + 24 * HOUR, "solution": at + 24 * HOUR},
    )
    jobs.drain(at=at + 5 * HOUR)
    solve(case, actor=bo, at=at + 6 * HOUR)


def test_praise_by_name_ends_no_promise(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    before = due(case)
    case = judged(case, bo, at + HOUR, kind="praise_or_other")
    assert (case.stage, due(case)) == ("read", before)


def test_it_is_refused_at_the_field(club: Club, bo: Actor, dee: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    for changes, code, field in [
        ({"urgency": "urgent", "reason": " "}, "reason-missing", "reason"),
        ({"kind": "nonsense"}, "kind-unknown", "kind"),
        ({"urgency": "emergency"}, "urgency-unknown", "urgency"),
        ({}, "class-same", "kind"),
    ]:
        with pytest.raises(Refused) as refused:
            judged(case, bo, at, **changes)
        assert (refused.value.code, refused.value.field) == (code, field)
    with pytest.raises(Missing):
        judged(case, dee, at, urgency="urgent")
    with pytest.raises(Refused, match="not-allowed"):
        judged(case, bo.only(frozenset({"case.read"})), at, urgency="urgent")
    with pytest.raises(Conflict, match="changed-meanwhile"):
        judged(case, bo, at, urgency="urgent", seen=9)


def test_under_offer_solved_or_standing_still_it_is_refused(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    clock = case.clocks.get(promise="solution")
    pause_clock(clock=clock, reason="part", evidence="订单", actor=bo, at=at + HOUR)
    judged(case, bo, at + HOUR, urgency="urgent")
    draft_one(work_up_to(case, "propose", actor=bo, at=at + HOUR), actor=bo, at=at + HOUR)
    with pytest.raises(Refused, match="has-offer"):
        judged(case, bo, at + HOUR, kind="inquiry")
    other = solve(make_case(club, at=at), actor=bo, at=at)
    with pytest.raises(Refused, match="resolved-already"):
        judged(other, bo, at, urgency="urgent")


@pytest.mark.req("F25")
def test_only_who_reads_sensitive_cases_makes_one_plain(
    club: Club, bo: Actor, cy: Actor, at: datetime
) -> None:
    make_sensitive(club, "complaint.service")
    case = make_case(club, at=at, kind="complaint.service", channel="desk", actor=bo)
    with pytest.raises(Refused, match="not-cleared"):
        judged(case, bo, at, kind="complaint.venue")
    judged(case, cy, at, kind="complaint.venue")
    assert not Case.objects.get(pk=case.pk).sensitive
