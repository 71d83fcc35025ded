"""How like cases were settled before: of this kind, at this club, as far as the reader may know (B24)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import accept_offer, close, complete_facts, decline_offer, resolve
from clubassist.domain.cases.models import Case
from clubassist.domain.cases.precedents import precedents_of
from clubassist.domain.club.models import Club
from tests.makers.cases import finish_stage, make_case, offer_one, ready_to_close, work_up_to
from tests.makers.clubs import make_sensitive

pytestmark = pytest.mark.req("B24")
HOUR = timedelta(hours=1)


def settled(club: Club, actor: Actor, at: datetime, *, remedy: str = "apology", **changes: Any) -> Case:
    """Return a closed complaint whose member took what was offered in the second round."""
    case = make_case(club, at=at, **changes)
    work_up_to(case, "propose", actor=actor, at=at)
    first = offer_one(case, actor=actor, at=at)
    decline_offer(offer=first, words="不够。", channel="phone", actor=actor, at=at)
    offer = offer_one(case, actor=actor, at=at, remedy=remedy)
    accept_offer(offer=offer, option=offer.options.get(), channel="phone", actor=actor, at=at)
    case.refresh_from_db()
    finish_stage(case, actor=actor, at=at)
    resolve(case=case, resolution="solved", text="办好了。", actor=actor, at=at)
    ready_to_close(case, actor=actor, at=at)
    close(case=case, actor=actor, at=at + timedelta(days=4))
    case.refresh_from_db()
    return case


def test_like_cases_tell_their_outcome_and_what_was_agreed(club: Club, bo: Actor, at: datetime) -> None:
    earlier = settled(club, bo, at, remedy="voucher")
    settled(club, bo, at, kind="complaint.service")
    case = make_case(club, at=at + HOUR)
    found = precedents_of(case, actor=bo)
    [one] = found.shown
    assert (one.case, one.title, one.rounds) == (earlier, earlier.title, 2)
    assert one.given is not None
    assert (one.given.remedy, found.count, found.costs) == ("voucher", 1, (0,))


def test_of_the_same_sub_class_come_first(club: Club, bo: Actor, at: datetime) -> None:
    like = settled(club, bo, at)
    Case.objects.filter(pk=like.pk).update(subclass="floor")
    other = settled(club, bo, at + HOUR)
    case = make_case(club, at=at + 2 * HOUR)
    assert [one.case for one in precedents_of(case, actor=bo).shown] == [other, like]
    case = complete_facts(case=case, subclass="floor", actor=bo, at=at + 2 * HOUR)
    assert [(one.case, one.like) for one in precedents_of(case, actor=bo).shown] == [
        (like, True),
        (other, False),
    ]


def test_what_was_settled_without_an_offer_counts_as_that(club: Club, cy: Actor, at: datetime) -> None:
    case = make_case(club, at=at)
    resolve(case=case, resolution="withdrawn", text="会员撤回。", reason="会员撤回", actor=cy, at=at)
    ready_to_close(case, actor=cy, at=at)
    close(case=case, actor=cy, at=at + timedelta(days=4))
    [one] = precedents_of(make_case(club, at=at), actor=cy).shown
    assert (one.case.resolution, one.given, one.rounds) == ("withdrawn", None, 0)


def test_open_and_merged_cases_and_those_of_another_club_set_no_example(
    club: Club, other_club: Club, bo: Actor, at: datetime
) -> None:
    make_case(club, at=at)
    elsewhere, merged = (settled(club, bo, at) for _ in range(2))
    Case.objects.filter(pk=elsewhere.pk).update(club=other_club)
    kept = make_case(club, at=at)
    Case.objects.filter(pk=merged.pk).update(merged_into=kept)
    assert precedents_of(kept, actor=bo).shown == ()


def test_of_a_confidential_case_no_words_are_told(club: Club, cy: Actor, bo: Actor, at: datetime) -> None:
    make_sensitive(club, "complaint.venue")
    settled(club, cy, at, remedy="voucher")
    case = make_case(club, at=at)
    [one] = precedents_of(case, actor=cy).shown
    assert one.title == ""
    assert one.given is not None
    assert one.given.remedy == "voucher"
    assert precedents_of(case, actor=bo).shown == (), "who may not read it learns nothing of it"


def test_it_takes_the_same_statements_for_one_and_three_and_an_index(
    club: Club, bo: Actor, at: datetime
) -> None:
    case = make_case(club, at=at)
    settled(club, bo, at)
    with CaptureQueriesContext(connection) as one:
        precedents_of(case, actor=bo)
    for _ in range(2):
        settled(club, bo, at)
    with CaptureQueriesContext(connection) as three:
        precedents_of(case, actor=bo)
    assert len(one) == len(three) == 3
    with connection.cursor() as cursor:
        cursor.execute("set enable_seqscan = off")
        cursor.execute("set enable_bitmapscan = off")
        cursor.execute(f"explain {three.captured_queries[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "case_precedent" in plan
