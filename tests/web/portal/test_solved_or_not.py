"""The member says whether it is solved: one tap for yes, one tap and words for no."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from django.test import Client

from clubassist.core.actor import Actor
from clubassist.domain.cases.models import Case, FollowUp, State
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from tests.makers.cases import make_case, open_one, solve

pytestmark = pytest.mark.req("F52")


@pytest.fixture
def solved(club: Club, ann_person: Person, bo: Actor, at: datetime) -> Case:
    """A complaint of Ann's that was solved."""
    return solve(make_case(club, at=at, subject=ann_person), actor=bo, at=at)


def first_call(case: Case) -> FollowUp:
    return FollowUp.objects.get(case=case, promise="call_back_3")


def test_nothing_is_asked_before_the_solution(guest: Client, club: Club, at: datetime) -> None:
    opened = open_one(club, at=at)
    assert "Is it solved?" not in guest.get(f"/t/{opened.track_code}/").content.decode()


def test_yes_is_one_tap_with_or_without_a_score(anns_phone: Client, solved: Case) -> None:
    address = f"/m/cases/{solved.number}/"
    assert "Yes, it is solved" in anns_phone.get(address).content.decode()
    assert anns_phone.post(f"{address}solved/", {"score": "5"}).status_code == 302
    assert (first_call(solved).outcome, first_call(solved).score) == ("solved", 5)


def test_yes_by_the_link(guest: Client, club: Club, bo: Actor, at: datetime) -> None:
    opened = open_one(club, at=at)
    solve(opened.case, actor=bo, at=at)
    assert guest.post(f"/t/{opened.track_code}/solved/").status_code == 302
    assert (first_call(opened.case).outcome, first_call(opened.case).score) == ("solved", None)


def test_no_opens_it_again_with_the_member_s_words(anns_phone: Client, solved: Case) -> None:
    address = f"/m/cases/{solved.number}/not-solved/"
    silent = anns_phone.post(address, {"text": " ", "once": str(uuid.uuid4())})
    assert silent.status_code == 422
    assert "Say in a few words what is not solved." in silent.content.decode()
    key = str(uuid.uuid4())
    for _twice in range(2):
        assert anns_phone.post(address, {"text": "还是响。", "once": key}).status_code == 302
    solved.refresh_from_db()
    assert (solved.state, solved.reopened) == (State.OPEN, 1)
    page = anns_phone.get(f"/m/cases/{solved.number}/").content.decode()
    assert "还是响。" in page
    assert "Is it solved?" not in page


def test_a_refusal_keeps_the_words(anns_phone: Client, club: Club, ann_person: Person, at: datetime) -> None:
    case = make_case(club, at=at, subject=ann_person)
    address = f"/m/cases/{case.number}/"
    late = anns_phone.post(f"{address}not-solved/", {"text": "还是响。", "once": str(uuid.uuid4())})
    assert late.status_code == 422
    assert anns_phone.post(f"{address}solved/").status_code == 302
    case.refresh_from_db()
    assert case.state == State.OPEN


def test_somebody_else_s_matter_does_not_exist(anns_phone: Client, club: Club, at: datetime) -> None:
    case = make_case(club, at=at)
    for verb in ("solved", "not-solved"):
        assert anns_phone.post(f"/m/cases/{case.number}/{verb}/", {"text": "x"}).status_code == 404


def test_a_second_tap_ends_no_later_call(anns_phone: Client, solved: Case) -> None:
    address = f"/m/cases/{solved.number}/solved/"
    key = str(uuid.uuid4())
    for once in (key, key, str(uuid.uuid4())):
        assert anns_phone.post(address, {"score": "5", "once": once}).status_code == 302
    assert first_call(solved).outcome == "solved"
    assert FollowUp.objects.get(case=solved, promise="call_back_30").ended_at is None
    assert "Yes, it is solved" not in anns_phone.get(f"/m/cases/{solved.number}/").content.decode()


def test_words_on_a_matter_closed_meanwhile_are_kept(anns_phone: Client, solved: Case, at: datetime) -> None:
    Case.objects.filter(pk=solved.pk).update(state="closed", closed_at=at)
    late = anns_phone.post(
        f"/m/cases/{solved.number}/write/", {"text": "还有一处。", "once": str(uuid.uuid4())}
    )
    assert late.status_code == 422
    assert "还有一处。" in late.content.decode()
