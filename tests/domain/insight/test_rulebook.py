"""Which rules a reader's clubs run by, since when; and the limits they set."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from clubassist.core.actor import SYSTEM
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Club
from clubassist.domain.club.queries import fit
from clubassist.domain.insight.editions import rulebooks
from clubassist.domain.insight.limits import limits
from clubassist.pure.policy import Pack, shipped_pack
from tests.domain.insight.cohorts import book_of
from tests.makers.clubs import LONG_AGO, make_club
from tests.makers.packs import pool_rules


def stricter_common() -> Pack:
    document = shipped_pack("common").document()
    document["version"] = "2026.2"
    for row in document["deadlines"]:
        if row["id"] == "complaint-first-response":
            row["target"] = "12 h"
    return Pack.from_document(document)


@pytest.mark.req("F13")
def test_a_version_is_in_force_from_its_day_and_not_before(
    club: Club, other_club: Club, at: datetime
) -> None:
    version = store_pack(pack=stricter_common(), actor=SYSTEM, at=at)
    start = at + timedelta(days=1)
    adopt_pack(club=club, version=version, effective_from=start, actor=SYSTEM, at=at)
    clubs = [club, other_club]
    before = {each.name: each for each in book_of(*clubs, at=start - timedelta(seconds=1)).editions}
    after = {each.name: each for each in book_of(*clubs, at=start).editions}
    assert (before["common"].version, before["common"].since, before["common"].elsewhere) == (
        "2026.1",
        LONG_AGO,
        0,
    )
    assert (after["common"].version, after["common"].since, after["common"].elsewhere) == ("2026.2", start, 1)
    assert after["fitness"].version == "2026.1"
    assert after["common"].clubs == {club.pk, other_club.pk}


def test_clubs_whose_own_rules_disagree_have_books_of_their_own(
    club: Club, other_club: Club, at: datetime
) -> None:
    third = make_club(code="third")
    for each, name in ((club, "own"), (other_club, "theirs")):
        version = store_pack(pack=pool_rules(name), actor=SYSTEM, at=at)
        adopt_pack(club=each, version=version, effective_from=at, actor=SYSTEM, at=at)
    books = rulebooks([club, other_club, third], at=at)
    assert [book.clubs for book in books] == [(club, third), (other_club,)]
    assert [book.edition_of["Z01"].name for book in books] == ["own", "theirs"]
    assert [book.edition_of["Z01"].clubs for book in books] == [{club.pk}, {other_club.pk}]
    assert [book.edition_of["F49"].clubs for book in books] == [{club.pk, third.pk}, {other_club.pk}]


def test_clubs_that_agree_are_compared_once(
    club: Club, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[tuple[int, ...]] = []

    def counted(versions: tuple[int, ...]) -> bool:
        tried.append(versions)
        return fit(versions)

    version = store_pack(pack=stricter_common(), actor=SYSTEM, at=at)
    clubs = [club, *(make_club(code=f"club-{number}") for number in range(5))]
    for number, each in enumerate(clubs[1:4]):
        start = at + number * timedelta(hours=1)
        adopt_pack(club=each, version=version, effective_from=start, actor=SYSTEM, at=at)
    monkeypatch.setattr("clubassist.domain.insight.editions.fit", counted)
    (book,) = rulebooks(clubs, at=at + timedelta(days=1))
    assert book.clubs == tuple(clubs)
    assert {edition.version for edition in book.editions if edition.name == "common"} == {"2026.2"}
    assert len(tried) == 1


def test_each_clause_knows_its_pack(club: Club, at: datetime) -> None:
    book = book_of(club, at=at)
    assert (book.edition_of["F49"].name, book.edition_of["B01"].name) == ("fitness", "basketball")
    assert book.edition_of.keys() == book.policy.clauses.keys()


def test_a_warm_rulebook_is_one_statement(
    club: Club, other_club: Club, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    book_of(club, at=at)
    with django_assert_num_queries(1):
        book_of(club, other_club, at=at)


def test_no_clubs_have_no_rules(db: None, at: datetime) -> None:
    assert book_of(at=at).policy.clauses == {}


@pytest.mark.req("F13")
def test_the_matrix_gives_every_sort_of_case_its_limits_once(club: Club, at: datetime) -> None:
    policy = book_of(club, at=at).policy
    rows = limits(policy, {deadline.id for deadline in policy.deadlines})
    sorts = [(k, u, c) for row in rows for k in row.kinds for u in row.urgencies for c in row.complexities]
    assert len(sorts) == len(set(sorts)) == 11 * 3 * 2
    for row in rows:
        for kind in row.kinds:
            for urgency in row.urgencies:
                for complexity in row.complexities:
                    found = policy.deadlines_for(kind, urgency, complexity)
                    assert tuple(deadline.id for deadline in found) == row.deadlines
    assert len(rows) == 10


def test_the_matrix_of_one_deadline_has_only_its_cases_but_all_their_limits(club: Club, at: datetime) -> None:
    policy = book_of(club, at=at).policy
    (enquiry,) = limits(policy, {"inquiry-first-response"})
    assert (enquiry.kinds, len(enquiry.urgencies), len(enquiry.complexities)) == (("inquiry",), 3, 2)
    complaints = limits(policy, {"complaint-solution-complex"})
    ours = ("complaint-recorded", "complaint-judged", "complaint-verified")
    assert [row.deadlines for row in complaints] == [
        ("complaint-first-response", "complaint-solution-complex", *ours),
        ("complaint-first-response-urgent", "complaint-solution-complex", *ours),
    ]
    assert limits(policy, set()) == []
