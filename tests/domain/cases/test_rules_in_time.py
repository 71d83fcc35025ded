"""F13: limits are versioned by date; a case keeps the limits it was opened under, and says why."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.refusal import Refused
from clubassist.domain.cases.clocks import working_of
from clubassist.domain.cases.models import Case
from clubassist.domain.cases.queries import clocks_of
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Club, OpeningWindow, PackVersion
from clubassist.pure.policy import Pack, shipped_pack
from clubassist.pure.worktime import in_words
from tests.makers.cases import make_case
from tests.makers.clubs import by_opening_hours


def stricter_common(version: str = "2026.2", target: str = "12 h") -> Pack:
    document = shipped_pack("common").document()
    document["version"] = version
    for row in document["deadlines"]:
        if row["id"] == "complaint-first-response":
            row["target"] = target
    return Pack.from_document(document)


@pytest.mark.req("F13")
def test_a_new_version_moves_tomorrows_limits_and_not_yesterdays(club: Club, cy: Actor, at: datetime) -> None:
    yesterday = make_case(club, at=at)
    version = store_pack(pack=stricter_common(), actor=cy, at=at)
    adopt_pack(club=club, version=version, effective_from=at + timedelta(hours=1), actor=cy, at=at)
    today = make_case(club, at=at + timedelta(hours=2))
    before = yesterday.clocks.get(promise="first_response")
    after = today.clocks.get(promise="first_response")
    assert before.due_at - before.started_at == timedelta(hours=24)
    assert after.due_at - after.started_at == timedelta(hours=12)
    assert version.pk in today.pack_versions
    assert version.pk not in yesterday.pack_versions


@pytest.mark.req("F13")
def test_every_clock_says_which_clause_it_serves_and_how_it_was_computed(club: Club, at: datetime) -> None:
    clock = make_case(club, at=at).clocks.get(promise="first_response")
    assert {"F49", "F13"} <= set(clock.clauses)
    assert "24" in in_words(working_of(clock), "zh")
    assert "24 h" in in_words(working_of(clock), "en")


@pytest.mark.req("F13")
def test_hours_changed_later_change_nothing_that_a_clock_says(club: Club, at: datetime) -> None:
    by_opening_hours(club, target="6 h", at=at)
    case = make_case(club, at=at, kind="inquiry")
    later = at + timedelta(hours=30)
    (before,) = clocks_of(case, at=later)
    working = working_of(before.clock)
    OpeningWindow.objects.filter(club=club).update(opens=11 * 60, closes=12 * 60)
    (after,) = clocks_of(Case.objects.get(pk=case.pk), at=later)
    assert (working_of(after.clock), after.used) == (working, before.used)


def test_a_version_never_changes(club: Club, cy: Actor, at: datetime) -> None:
    store_pack(pack=stricter_common(), actor=cy, at=at)
    with pytest.raises(Refused) as refused:
        store_pack(pack=stricter_common(target="6 h"), actor=cy, at=at)
    assert refused.value.field == "version"


def test_adopting_refuses_the_past_and_strangers(club: Club, cy: Actor, dee: Actor, at: datetime) -> None:
    version = store_pack(pack=stricter_common(), actor=SYSTEM, at=at)
    with pytest.raises(Refused) as past:
        adopt_pack(club=club, version=version, effective_from=at - timedelta(days=1), actor=cy, at=at)
    assert past.value.field == "effective_from"
    with pytest.raises(Refused) as stranger:
        adopt_pack(club=club, version=version, effective_from=at, actor=dee, at=at)
    assert stranger.value.status == 403
    assert PackVersion.objects.filter(version="2026.2").exists()
