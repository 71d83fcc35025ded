"""Finding cases by what was said on them, and never one that the reader may not see."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clubassist.core import jobs
from clubassist.core.actor import Actor
from clubassist.domain.cases import searching
from clubassist.domain.cases.actions import add_note, member_writes, merge_cases, reclassify, reply, resolve
from clubassist.domain.cases.models import Case, CaseWords
from clubassist.domain.cases.searching import search_cases
from clubassist.domain.cases.words import keep_words
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.queries import staff_actor
from clubassist.pure.text import Sought
from tests.makers.cases import make_case, work_up_to
from tests.makers.clubs import make_sensitive
from tests.makers.people import make_account

HOUR = timedelta(hours=1)


def found(words: str, *, actor: Actor, state: str = "") -> list[str]:
    hits, _more = search_cases(Sought.of(words), actor=actor, state=state)
    return [hit.case.number for hit in hits]


@pytest.fixture
def case(club: Club, ann_person: Person, at: datetime) -> Case:
    """Ann's case about a lifted floor, whose words are kept."""
    made = make_case(club, at=at, subject=ann_person, narrative="二號場的地板翹起來了。")
    jobs.drain(at=at)
    return made


def test_a_case_is_found_by_what_was_told_and_said(case: Case, bo: Actor, ann: Actor, at: datetime) -> None:
    reply(case=case, text="师傅下午三点来换木条。", actor=bo, at=at + HOUR)
    add_note(case=case, text="仓库里还有两根备用。", actor=bo, at=at + HOUR)
    member_writes(case=case, text="好的，我那时也在球馆。", actor=ann, at=at + 2 * HOUR)
    jobs.drain(at=at + 2 * HOUR)
    for words in ("地板翘起", "木条", "备用", "球馆", "地板 木条 球馆", case.number, "安然", "anran", "ar"):
        assert found(words, actor=bo) == [case.number], words
    assert not found("地板 漏水", actor=bo)
    assert not found("", actor=bo)


def test_a_hit_shows_the_words_where_they_stand_and_when(case: Case, bo: Actor, at: datetime) -> None:
    reply(case=case, text="师傅下午三点来换木条。", actor=bo, at=at + HOUR)
    jobs.drain(at=at + HOUR)
    (hit,), _more = search_cases(Sought.of("木条"), actor=bo)
    assert hit.excerpt == [("师傅下午三点来换", False), ("木条", True), ("。", False)]
    assert hit.at == at + HOUR
    (named,), _more = search_cases(Sought.of("安然"), actor=bo)
    assert named.excerpt is None


@pytest.mark.req("F25")
def test_strangers_find_nothing_and_those_involved_their_own(
    case: Case, club: Club, dee: Actor, bo: Actor, at: datetime
) -> None:
    assert not found("地板", actor=dee)
    coach = make_account("coach", "coach", club)
    assert not found("地板", actor=staff_actor(coach))
    Case.objects.filter(pk=case.pk).update(owner=coach)
    assert found("地板", actor=staff_actor(coach)) == [case.number]


@pytest.mark.req("F26")
def test_what_is_told_in_confidence_is_no_word(
    club: Club, cy: Actor, ann_person: Person, at: datetime
) -> None:
    make_sensitive(club, "complaint.service")
    case = make_case(club, at=at, kind="complaint.service", subject=ann_person, narrative="他说我有心脏病。")
    jobs.drain(at=at)
    assert not found("心脏病", actor=cy)
    assert found("安然", actor=cy) == [case.number]
    assert found(case.number, actor=cy) == [case.number]


def test_words_follow_the_kind(case: Case, bo: Actor, at: datetime) -> None:
    reclassify(
        case=case, kind="emergency.injury", urgency="emergency", reason="有人受伤", actor=bo, at=at + HOUR
    )
    jobs.drain(at=at + HOUR)
    assert not found("地板", actor=bo)
    assert found("安然", actor=bo) == [case.number]


@pytest.mark.req("F26")
def test_no_case_of_a_matter_about_health_has_words(
    case: Case, club: Club, ann_person: Person, bo: Actor, at: datetime
) -> None:
    twin = make_case(club, at=at, subject=ann_person, narrative="木条也断了。")
    merge_cases(case=twin, into=case, actor=bo, at=at + HOUR)
    jobs.drain(at=at + HOUR)
    assert found("木条", actor=bo) == [twin.number]
    reclassify(
        case=case,
        kind="emergency.injury",
        urgency="emergency",
        reason="有人受伤",
        actor=bo,
        at=at + 2 * HOUR,
    )
    jobs.drain(at=at + 2 * HOUR)
    assert not found("木条", actor=bo)
    assert not found("地板", actor=bo)
    (named, _other), _more = search_cases(Sought.of("安然"), actor=bo)
    assert named.excerpt is None


@pytest.mark.req("F25")
def test_whoever_may_not_look_members_up_finds_nothing_by_name(case: Case, club: Club, at: datetime) -> None:
    coach = make_account("coach", "coach", club)
    Case.objects.filter(pk=case.pk).update(owner=coach)
    for name in ("安然", "anran", "ar", "安"):
        assert not found(name, actor=staff_actor(coach)), name
    assert found("地板", actor=staff_actor(coach)) == [case.number]


def test_the_words_of_the_result_are_found(case: Case, bo: Actor, at: datetime) -> None:
    work_up_to(case, actor=bo, at=at + HOUR)
    resolve(case=case, resolution="solved", text="整块地胶都换新了。", actor=bo, at=at + HOUR)
    jobs.drain(at=at + HOUR)
    assert found("地胶", actor=bo) == [case.number]


def test_the_newest_come_first_page_by_page_by_either_way(
    club: Club, bo: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [
        make_case(club, at=at + n * HOUR, narrative=f"储物柜打不开，第{n}次。").number for n in range(5)
    ]
    jobs.drain(at=at + 5 * HOUR)
    monkeypatch.setattr(searching, "PAGE", 2)
    for probed in (3000, 3):
        monkeypatch.setattr(searching, "PROBED", probed)
        seen: list[str] = []
        before = None
        while True:
            hits, before = search_cases(Sought.of("储物柜"), actor=bo, before=before)
            seen += [hit.case.number for hit in hits]
            if before is None:
                break
        assert seen == numbers[::-1]
    assert not found("储物柜", actor=bo, state="closed")
    assert len(found("储物柜", actor=bo, state="open")) == 2


def test_four_statements_find_whatever_there_is(club: Club, bo: Actor, at: datetime) -> None:
    for number in range(3):
        make_case(club, at=at, narrative=f"储物柜打不开，第{number}次。")
    jobs.drain(at=at)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert len(found("储物柜", actor=bo)) == 3
    assert len(captured) == 3


def test_keeping_the_words_again_changes_nothing(case: Case, at: datetime) -> None:
    before = CaseWords.objects.get(case=case).words
    keep_words(case.pk)
    assert CaseWords.objects.get(case=case).words == before
