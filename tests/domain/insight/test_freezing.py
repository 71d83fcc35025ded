"""Months that are over are frozen, and restated where something is known better."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from clubassist.core import jobs
from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.models import Entry
from clubassist.core.refusal import Refused
from clubassist.domain.cases.actions import (
    log_follow_up,
    member_objects,
    merge_cases,
    reclassify,
    reply,
    resolve,
    unmerge_cases,
    withdraw_offer,
)
from clubassist.domain.cases.models import Case
from clubassist.domain.club.models import Club
from clubassist.domain.insight.actions import freeze_month, restate_month
from clubassist.domain.insight.freezing import tallies_as_at, versions
from clubassist.domain.insight.jobs import freeze_months
from clubassist.domain.insight.models import FrozenMonth, FrozenTally
from clubassist.domain.insight.queries import MeasureFigure
from clubassist.domain.members.models import Person
from clubassist.domain.people.queries import staff_actor
from clubassist.pure.figures import Release, closes
from clubassist.pure.policy import PackError
from tests.domain.insight.cohorts import MID_MONTH, figure_of, row_of
from tests.makers.cases import make_case, offer_one, work_up_to
from tests.makers.people import make_account

pytestmark = [pytest.mark.req("F63"), pytest.mark.req("F64")]

NOVEMBER = date(2026, 11, 1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DAY_5 = datetime(2026, 12, 5, 16, tzinfo=UTC)
DAY_35 = datetime(2027, 1, 4, 16, tzinfo=UTC)
RESOLUTION = ("F22", "complaint-resolution")


def figure(club: Club, actor: Actor, at: datetime, which: tuple[str, str] = RESOLUTION) -> MeasureFigure:
    """Return November's figure."""
    clause, measure = which
    return figure_of(row_of(clause, club, actor=actor, at=at), measure)


def share(club: Club, actor: Actor, at: datetime, which: tuple[str, str] = RESOLUTION) -> tuple[int, int]:
    """Return November's share as numerator and denominator."""
    found = figure(club, actor, at, which).figure
    return found.numerator, found.denominator


@pytest.fixture
def case(club: Club, ann_person: Person, cy: Actor) -> Case:
    """A complaint of November, solved at once and confirmed on the third day."""
    case = make_case(club, at=MID_MONTH, subject=ann_person)
    resolve(case=case, resolution="solved", text="好了。", reason="当场", actor=cy, at=MID_MONTH + HOUR)
    first = case.follow_ups.order_by("opens_at")[0]
    log_follow_up(follow_up=first, outcome="solved", score=5, text="好。", actor=cy, at=MID_MONTH + 4 * DAY)
    return case


def final(club: Club) -> FrozenMonth:
    """Freeze November for good."""
    frozen = freeze_month(club=club, month=NOVEMBER, release=Release.FINAL, actor=SYSTEM, at=DAY_35)
    assert frozen is not None
    return frozen


def test_the_data_dates_are_the_ends_of_day_5_and_day_35(club: Club) -> None:
    assert [closes(NOVEMBER, day, club.zone) for day in (5, 35)] == [DAY_5, DAY_35]


def test_a_month_is_not_frozen_before_its_day(club: Club) -> None:
    for release, day in ((Release.PROVISIONAL, DAY_5), (Release.FINAL, DAY_35)):
        with pytest.raises(Refused, match="month-not-over"):
            freeze_month(
                club=club, month=NOVEMBER, release=release, actor=SYSTEM, at=day - timedelta.resolution
            )
    with pytest.raises(Refused):
        freeze_month(club=club, month=NOVEMBER, release=Release.RUNNING, actor=SYSTEM, at=DAY_35)
    assert not FrozenMonth.objects.exists()


def test_what_happens_after_the_data_date_is_not_in_it(
    case: Case, club: Club, ann_person: Person, bo: Actor, cy: Actor
) -> None:
    late = make_case(club, at=MID_MONTH, subject=ann_person)
    reply(case=late, text="抱歉。", actor=bo, at=DAY_35 + HOUR)
    freeze_month(club=club, month=NOVEMBER, release=Release.FINAL, actor=SYSTEM, at=DAY_35 + 2 * DAY)
    waits = figure(club, cy, DAY_35 + 3 * DAY, ("F21", "response-time")).waits
    assert waits is not None
    assert (waits.n, waits.open, waits.total) == (2, 1, HOUR + (DAY_35 - MID_MONTH))


@pytest.mark.req("A05")
def test_the_provisional_figure_stands_until_the_final_one(
    case: Case, club: Club, ann_person: Person, cy: Actor
) -> None:
    other = make_case(club, at=MID_MONTH + 10 * DAY, subject=ann_person)
    freeze_month(club=club, month=NOVEMBER, release=Release.PROVISIONAL, actor=SYSTEM, at=DAY_5)
    assert share(club, cy, DAY_5) == (1, 2)
    resolve(case=other, resolution="solved", text="好了。", reason="当场", actor=cy, at=DAY_5 + HOUR)
    call = other.follow_ups.order_by("opens_at")[0]
    log_follow_up(follow_up=call, outcome="solved", score=5, text="好。", actor=cy, at=DAY_5 + 5 * DAY)
    assert share(club, cy, DAY_5 + 6 * DAY) == (1, 2)
    assert restate_month(club=club, month=NOVEMBER, reason="reopened", actor=SYSTEM, at=DAY_5 + DAY) is None
    final(club)
    assert share(club, cy, DAY_35) == (2, 2)
    versions = row_of("F22", club, actor=cy, at=DAY_35).versions
    assert [(each.version, each.release) for each in versions] == [(1, "provisional"), (2, "final")]


@pytest.mark.req("F52")
def test_a_reopening_restates_the_month_and_both_figures_are_visible(
    case: Case, club: Club, ann_person: Person, ann: Actor, cy: Actor
) -> None:
    late = make_case(club, at=datetime(2026, 11, 30, 10, tzinfo=UTC), subject=ann_person)
    resolve(case=late, resolution="solved", text="好了。", reason="当场", actor=cy, at=DAY_35 - 3 * DAY)
    final(club)
    assert share(club, cy, DAY_35, ("F52", "complaint-reopening")) == (0, 2)
    member_objects(case=late, text="没好。", actor=ann, at=DAY_35 + DAY)
    jobs.drain(at=DAY_35 + DAY)
    shown = figure(club, cy, DAY_35 + 2 * DAY, ("F52", "complaint-reopening"))
    assert (shown.figure.numerator, shown.figure.denominator) == (1, 2)
    assert shown.before is not None
    assert (shown.before.figure.numerator, shown.before.figure.denominator) == (0, 2)
    version = row_of("F52", club, actor=cy, at=DAY_35 + 2 * DAY).versions[-1]
    assert (version.reason, version.at, version.frozen_at) == ("reopened", DAY_35, DAY_35 + DAY)
    fact = Entry.objects.filter(fact="MonthFrozen").latest("pk")
    assert (fact.actor, fact.data["reason"], fact.data["version"]) == ("system", "reopened", 2)


@pytest.mark.req("F20")
def test_a_merge_restates_the_months_of_both_receipts(
    case: Case, club: Club, ann_person: Person, cy: Actor
) -> None:
    october = make_case(club, at=MID_MONTH - 20 * DAY, subject=ann_person)
    december = make_case(club, at=MID_MONTH + 25 * DAY, subject=ann_person)
    november = make_case(club, at=MID_MONTH, subject=ann_person)
    for month in (date(2026, 10, 1), NOVEMBER, date(2026, 12, 1)):
        freeze_month(club=club, month=month, release=Release.FINAL, actor=SYSTEM, at=DAY_35 + 90 * DAY)
    later = DAY_35 + 100 * DAY
    merge_cases(case=november, into=december, actor=cy, at=later)
    jobs.drain(at=later)
    assert restated() == {NOVEMBER, date(2026, 12, 1)}, "the case that goes on is November's now"
    merge = merge_cases(case=october, into=december, actor=cy, at=later)
    jobs.drain(at=later)
    assert restated() == {date(2026, 10, 1), NOVEMBER, date(2026, 12, 1)}
    unmerge_cases(merge=merge, actor=cy, at=later)
    jobs.drain(at=later)
    assert FrozenMonth.objects.filter(reason="unmerged").exists()


def restated() -> set[date]:
    """Return the months that were restated."""
    return set(FrozenMonth.objects.exclude(reason="month_over").values_list("month", flat=True))


def test_nothing_is_restated_when_the_rows_are_what_they_were(case: Case, club: Club) -> None:
    final(club)
    assert restate_month(club=club, month=NOVEMBER, reason="merged", actor=SYSTEM, at=DAY_35 + DAY) is None
    assert freeze_month(club=club, month=NOVEMBER, release=Release.FINAL, actor=SYSTEM, at=DAY_35) is None
    assert FrozenMonth.objects.count() == 1


@pytest.mark.parametrize("statement", ["update {} set id = id", "delete from {}", "truncate {} cascade"])
def test_what_is_frozen_stays_as_it_is(case: Case, club: Club, statement: str) -> None:
    final(club)
    for table in ("insight_frozenmonth", "insight_frozentally"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table))


def test_a_frozen_month_costs_one_statement_and_no_look_at_the_cases(
    case: Case, club: Club, cy: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    final(club)
    row_of("F22", club, actor=cy, at=DAY_35)
    with django_assert_num_queries(2):  # which rules are in force, and what was frozen
        assert share(club, cy, DAY_35) == (1, 1)


def test_the_round_freezes_what_is_due_and_then_rests(case: Case, club: Club, other_club: Club) -> None:
    assert freeze_months(DAY_5) == "5 frozen"
    for _ in range(6):
        freeze_months(DAY_5)
    assert freeze_months(DAY_5) == "0 frozen"
    releases = dict(FrozenMonth.objects.filter(club=club).values_list("month", "release"))
    assert releases[NOVEMBER] == "provisional"
    assert releases[date(2026, 10, 1)] == "final"
    assert min(releases) == date(2026, 1, 1), "no rules were in force before"
    assert freeze_months(DAY_35) == "2 frozen"


def test_a_club_that_fails_fails_once_a_round_and_keeps_no_other_waiting(
    club: Club, other_club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_here(*, club: Club, month: date, release: Release, actor: Actor, at: datetime) -> None:
        if club == other_club:
            freeze_month(club=club, month=month, release=release, actor=actor, at=at)
        else:
            raise PackError([])

    monkeypatch.setattr("clubassist.domain.insight.jobs.freeze_month", broken_here)
    with pytest.raises(ExceptionGroup, match="5 frozen, 1 failed"):
        freeze_months(DAY_5)
    assert FrozenMonth.objects.filter(club=other_club).count() == 5


def test_frozen_months_are_for_those_who_may_read_figures_there(
    case: Case, club: Club, other_club: Club, cy: Actor, dee: Actor
) -> None:
    final(club)
    coach = staff_actor(make_account("coach", "coach", club))
    for rows in (FrozenMonth.objects, FrozenTally.objects):
        assert rows.visible_to(cy).exists()
        assert not rows.visible_to(dee).exists()
        assert not rows.visible_to(coach).exists()


@pytest.mark.req("F25")
def test_sensitive_cases_of_a_frozen_month_count_as_in_a_live_one(
    case: Case, club: Club, bo: Actor, cy: Actor
) -> None:
    Case.objects.filter(pk=case.pk).update(confidentiality="sensitive")
    final(club)
    assert share(club, cy, DAY_35) == (1, 1)
    assert share(club, bo, DAY_35) == (0, 0)
    manager = staff_actor(make_account("boss", "management", club))
    assert figure(club, manager, DAY_35).withheld


def test_tallies_are_the_same_whenever_they_are_counted(
    case: Case, club: Club, ann: Actor, cy: Actor
) -> None:
    open_one = make_case(club, at=MID_MONTH)
    counted = tallies_as_at(club, NOVEMBER, DAY_5)
    make_case(club, at=DAY_5 + HOUR)
    reply(case=open_one, text="在查。", actor=cy, at=DAY_5 + 2 * HOUR)
    resolve(case=open_one, resolution="solved", text="好了。", reason="当场", actor=cy, at=DAY_5 + 3 * HOUR)
    assert open_one.clocks.filter(started_at__gt=DAY_5).exists()
    assert tallies_as_at(club, NOVEMBER, DAY_5) == counted


def test_a_provisional_month_is_restated_as_a_final_one(
    case: Case, club: Club, ann_person: Person, ann: Actor, cy: Actor
) -> None:
    late = make_case(club, at=MID_MONTH, subject=ann_person)
    resolve(case=late, resolution="solved", text="好了。", reason="当场", actor=cy, at=DAY_5 - 3 * DAY)
    freeze_month(club=club, month=NOVEMBER, release=Release.PROVISIONAL, actor=SYSTEM, at=DAY_5)
    member_objects(case=late, text="没好。", actor=ann, at=DAY_5 + DAY)
    jobs.drain(at=DAY_5 + DAY)
    shown = figure(club, cy, DAY_5 + 2 * DAY, ("F52", "complaint-reopening"))
    assert (shown.figure.numerator, shown.figure.denominator) == (1, 2)
    assert shown.before is not None
    assert (shown.before.figure.numerator, shown.before.figure.denominator) == (0, 2)
    final(club)
    versions = FrozenMonth.objects.order_by("version").values_list("release", "reason")
    assert list(versions) == [
        ("provisional", "month_over"),
        ("provisional", "reopened"),
        ("final", "month_over"),
    ]


def test_another_kind_restates_the_month(case: Case, club: Club, cy: Actor) -> None:
    other = make_case(club, at=MID_MONTH)
    final(club)
    assert share(club, cy, DAY_35) == (1, 2)
    reclassify(case=other, kind="inquiry", urgency="normal", reason="只是问", actor=cy, at=DAY_35 + DAY)
    jobs.drain(at=DAY_35 + DAY)
    assert share(club, cy, DAY_35 + DAY) == (1, 1)
    assert row_of("F22", club, actor=cy, at=DAY_35 + DAY).versions[-1].reason == "reclassified"


@pytest.mark.req("A05")
def test_a_withdrawn_offer_is_no_first_solution(
    case: Case, club: Club, ann_person: Person, cy: Actor
) -> None:
    other = make_case(club, at=MID_MONTH, subject=ann_person)
    work_up_to(other, "propose", actor=cy, at=MID_MONTH + HOUR)
    offer = offer_one(other, actor=cy, at=MID_MONTH + HOUR)
    final(club)
    handling = ("F63", "complaint-handling")
    assert share(club, cy, DAY_35, handling) == (2, 2)
    withdraw_offer(offer=offer, reason="弄错了", actor=cy, at=DAY_35 + DAY)
    jobs.drain(at=DAY_35 + DAY)
    assert share(club, cy, DAY_35 + DAY, handling) == (1, 2)
    assert row_of("F63", club, actor=cy, at=DAY_35 + DAY).versions[-1].reason == "withdrawn"


def test_of_older_versions_only_the_last_is_read(case: Case, club: Club, cy: Actor) -> None:
    for release, at in ((Release.PROVISIONAL, DAY_5), (Release.FINAL, DAY_35)):
        freeze_month(club=club, month=NOVEMBER, release=release, actor=SYSTEM, at=at)
    Case.objects.filter(pk=case.pk).update(kind="inquiry")
    restate_month(club=club, month=NOVEMBER, reason="reclassified", actor=SYSTEM, at=DAY_35)
    found = versions([club], NOVEMBER, formulas=["handling"])
    assert [each.version for each in found] == [2, 3]
    assert {tally.sort.formula for each in found for tally in each.tallies} == {"handling"}
