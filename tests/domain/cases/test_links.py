"""Links between cases, and what is suggested as the same matter (A21, F20)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clubassist.core.actor import Actor
from clubassist.core.models import Entry
from clubassist.core.refusal import Conflict, Missing, Refused
from clubassist.domain.cases.actions import close, link_cases, unlink_cases
from clubassist.domain.cases.actions.access import locked
from clubassist.domain.cases.matters import duplicates_of, links_of
from clubassist.domain.cases.models import Case, Clock, Link
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from tests.makers.cases import make_case, ready_to_close, solve
from tests.makers.people import make_member

HOUR = timedelta(hours=1)


def solved(case: Case, actor: Actor, at: datetime) -> Case:
    """Return a solved case."""
    return ready_to_close(solve(case, actor=actor, at=at), actor=actor, at=at)


@pytest.mark.req("A21")
def test_a_parent_closes_after_its_children(club: Club, bo: Actor, at: datetime) -> None:
    parent, child, other = (make_case(club, at=at) for _ in range(3))
    link_cases(case=child, other=parent, kind="parent", actor=bo, at=at)
    for case in (parent, child):
        solved(case, bo, at)
    with pytest.raises(Refused) as refused:
        close(case=parent, actor=bo, at=at)
    assert refused.value.code == "children-open"
    assert child.number in str(refused.value.mend)
    link_cases(case=child, other=other, kind="parent", actor=bo, at=at)
    assert Link.objects.get().other == other
    close(case=parent, actor=bo, at=at)


@pytest.mark.req("A21")
def test_a_parent_closes_once_its_children_are_closed(club: Club, bo: Actor, at: datetime) -> None:
    parent, child = (make_case(club, at=at) for _ in range(2))
    link_cases(case=child, other=parent, kind="parent", actor=bo, at=at)
    for case in (parent, child):
        solved(case, bo, at)
    close(case=child, actor=bo, at=at)
    close(case=parent, actor=bo, at=at)


@pytest.mark.req("A21")
def test_linked_cases_keep_their_clocks(club: Club, bo: Actor, at: datetime) -> None:
    case, other = (make_case(club, at=at) for _ in range(2))
    before = list(Clock.objects.running().order_by("pk"))
    link_cases(case=case, other=other, kind="caused_by", actor=bo, at=at)
    assert {clock.case_id for clock in before} == {case.pk, other.pk}
    assert list(Clock.objects.running().order_by("pk")) == before


def test_linking_is_refused(club: Club, other_club: Club, bo: Actor, dee: Actor, at: datetime) -> None:
    case, other = (make_case(club, at=at) for _ in range(2))

    def refusal(one: Case, two: Case, kind: str) -> str:
        with pytest.raises(Refused) as refused:
            link_cases(case=one, other=two, kind=kind, actor=bo, at=at)
        return refused.value.code

    assert refusal(case, other, "friend") == "link-unknown"
    assert refusal(case, case, "related") == "link-itself"
    with pytest.raises(Missing):
        link_cases(case=case, other=make_case(other_club, at=at), kind="related", actor=bo, at=at)
    link_cases(case=case, other=other, kind="parent", actor=bo, at=at)
    assert refusal(other, case, "parent") == "link-circle"
    link = link_cases(case=case, other=other, kind="related", actor=bo, at=at)
    for pair in ((case, other), (other, case)):
        with pytest.raises(Conflict, match="linked-already"):
            link_cases(case=pair[0], other=pair[1], kind="related", actor=bo, at=at)
    with pytest.raises(Missing):
        unlink_cases(link=link, actor=dee, at=at)
    with pytest.raises(Refused, match="not-allowed"):
        unlink_cases(link=link, actor=bo.only(frozenset({"case.read"})), at=at)
    unlink_cases(link=link, actor=bo, at=at)
    with pytest.raises(Missing):
        unlink_cases(link=link, actor=bo, at=at)
    assert [one.kind for one in links_of(case, actor=bo)] == ["parent"]
    assert links_of(case, actor=dee) == []


def test_a_closed_case_is_nobodys_parent(club: Club, bo: Actor, at: datetime) -> None:
    case, parent = (make_case(club, at=at) for _ in range(2))
    close(case=solved(parent, bo, at), actor=bo, at=at)
    with pytest.raises(Refused, match="parent-closed"):
        link_cases(case=case, other=parent, kind="parent", actor=bo, at=at)


@pytest.mark.req("F20")
def test_the_same_member_on_the_same_matter_is_suggested_with_the_reasons(
    club: Club, ann_person: Person, bo: Actor, at: datetime
) -> None:
    first = make_case(club, at=at, subject=ann_person, channel="phone")
    again = make_case(
        club, at=at + HOUR, subject=ann_person, place="", narrative="刚才说的二号场地板翘起还没人来。"
    )
    (found,) = duplicates_of(again, actor=bo)
    assert (found.case.pk, found.reasons, found.mergeable) == (first.pk, ("person", "time", "text"), True)


@pytest.mark.req("F20")
def test_a_shared_phone_is_suggested_and_a_place_alone_is_not(
    club: Club, ann_person: Person, bo: Actor, at: datetime
) -> None:
    case = make_case(club, at=at, subject=ann_person, narrative="教练两次迟到半小时，没有说明。")
    guest = make_member(club, name="安", phone="13800138000", number="")
    by_guest = make_case(club, at=at + HOUR, subject=guest, narrative="教练两次迟到。", place="更衣室")
    make_case(club, at=at + HOUR, narrative="灯不亮。")
    found = duplicates_of(case, actor=bo)
    assert [(one.case.pk, one.reasons) for one in found] == [(by_guest.pk, ("phone", "time", "text"))]


@pytest.mark.req("F20")
def test_a_stranger_with_the_same_words_there_is_shown_but_never_mergeable(
    club: Club, ann_person: Person, bo: Actor, at: datetime
) -> None:
    case = make_case(club, at=at, subject=ann_person)
    make_case(club, at=at + HOUR)
    (found,) = duplicates_of(case, actor=bo)
    assert (found.reasons, found.mergeable) == (("place", "time", "text"), False)


def test_nothing_is_suggested_across_clubs_weeks_or_what_is_looked_at_already(
    club: Club, other_club: Club, ann_person: Person, bo: Actor, dee: Actor, at: datetime
) -> None:
    case = make_case(club, at=at, subject=ann_person)
    make_case(other_club, at=at, subject=ann_person)
    make_case(club, at=at - timedelta(days=15), subject=ann_person)
    close(case=solved(make_case(club, at=at, subject=ann_person), bo, at), actor=bo, at=at)
    linked = make_case(club, at=at, subject=ann_person)
    link_cases(case=case, other=linked, kind="related", actor=bo, at=at)
    assert duplicates_of(case, actor=bo) == []
    assert duplicates_of(linked, actor=bo) == []


def test_suggesting_takes_two_statements_however_many_there_are(
    club: Club, ann_person: Person, bo: Actor, at: datetime
) -> None:
    case = make_case(club, at=at, subject=ann_person)
    for count in (1, 7):
        for _ in range(count):
            make_case(club, at=at, subject=ann_person)
        with CaptureQueriesContext(connection) as statements:
            found = duplicates_of(case, actor=bo)
        assert (len(statements), len(found)) == (2, min(5, count if count == 1 else 8))


def test_of_two_hands_that_unlink_one_does(
    club: Club, bo: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, other = (make_case(club, at=at) for _ in range(2))
    link = link_cases(case=case, other=other, kind="related", actor=bo, at=at)
    whole = locked

    def after_the_other_hand(*args: Case, **given: Any) -> Case:
        row = whole(*args, **given)
        Link.objects.filter(pk=link.pk).delete()
        return row

    monkeypatch.setattr("clubassist.domain.cases.actions.linking.locked", after_the_other_hand)
    with pytest.raises(Missing):
        unlink_cases(link=link, actor=bo, at=at)
    assert not Entry.objects.filter(fact="CaseUnlinked").exists()
