"""Adopting versions: which packs a club runs by, and what it can never be brought to run by."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import pytest

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.refusal import Refused
from clubassist.domain.club.actions import adopt_pack, adopt_shipped, adopting, store_pack
from clubassist.domain.club.models import Adoption, Club, PackVersion
from clubassist.domain.club.queries import packs_run, policy_in_force
from clubassist.pure.policy import Pack, read_pack, shipped_pack
from tests.core.ringing import Elsewhere
from tests.domain.club.rules import common_text, solved_within
from tests.makers.clubs import LONG_AGO, make_club
from tests.makers.packs import own_pack, pool_rules

pytestmark = pytest.mark.req("F13")
HOUR = timedelta(hours=1)


def stored(pack: Pack, at: datetime) -> PackVersion:
    return store_pack(pack=pack, actor=SYSTEM, at=at)


def without(*tables: str, version: str) -> Pack:
    """Return the shared pack without these rows."""
    document = shipped_pack("common").document()
    return Pack.from_document(document | {"version": version} | {table: [] for table in tables})


def test_a_club_runs_by_what_it_adopted_last_and_knows_what_comes(
    club: Club, other_club: Club, cy: Actor, at: datetime
) -> None:
    strict, later = (
        stored(read_pack(solved_within("12 h")), at),
        stored(read_pack(common_text(version="2027.1")), at),
    )
    adopt_pack(club=club, version=later, effective_from=at + 9 * HOUR, actor=cy, at=at)
    adopt_pack(club=club, version=strict, effective_from=at, actor=cy, at=at)
    runs = packs_run([club, other_club], at=at)
    assert [run.pack.name for run in runs[club.pk]] == ["basketball", "common", "fitness"]
    common = runs[club.pk][1]
    assert common.now is not None
    assert (common.now.pack_version, common.now.effective_from) == (strict, at)
    assert [one.pack_version for one in common.planned] == [later]
    elsewhere = runs[other_club.pk][1]
    assert elsewhere.now is not None
    assert (elsewhere.now.pack_version.version, elsewhere.planned) == ("2026.1", ())


def test_a_shipped_pack_is_stored_when_it_is_adopted(cy: Actor, club: Club, at: datetime) -> None:
    hall = make_club(code="hall", packs=("common", "basketball"))
    adoption = adopt_shipped(club=hall, name="fitness", effective_from=at, actor=SYSTEM, at=at)
    assert adoption.pack_version.name == "fitness"
    assert "F49" in policy_in_force(hall, at=at).policy.clauses
    with pytest.raises(Refused) as refused:
        adopt_shipped(club=club, name="tennis", effective_from=at, actor=cy, at=at)
    assert refused.value.field == "version"


def test_adopting_is_a_managers(club: Club, bo: Actor, dee: Actor, at: datetime) -> None:
    for stranger in (bo, dee):
        with pytest.raises(Refused) as refused:
            adopt_shipped(club=club, name="fitness", effective_from=at, actor=stranger, at=at)
        assert refused.value.status == 403


def test_nobody_dates_rules_back(club: Club, cy: Actor, at: datetime) -> None:
    own = common_text(
        ('name = "common"', 'name = "own"'),
        ('cites = ["fitness", "basketball"]', 'cites = ["fitness", "basketball", "common"]'),
    )
    version = stored(read_pack(own), at)
    with pytest.raises(Refused) as refused:
        adopt_pack(club=club, version=version, effective_from=LONG_AGO, actor=cy, at=at)
    assert refused.value.field == "effective_from"


@pytest.mark.parametrize("table", ["kinds", "playbooks"])
def test_rules_that_cannot_be_run_are_never_in_force(club: Club, cy: Actor, at: datetime, table: str) -> None:
    version = stored(without(table, version="2026.7"), at)
    with pytest.raises(Refused) as refused:
        adopt_pack(club=club, version=version, effective_from=at, actor=cy, at=at)
    assert (refused.value.code, refused.value.field) == ("packs-disagree", "version")
    assert not Adoption.objects.filter(pack_version=version).exists()


def test_packs_that_disagree_are_not_in_force_together_even_later(
    club: Club, cy: Actor, at: datetime
) -> None:
    kinds = shipped_pack("common").document()["kinds"]
    extra = kinds[0] | {"code": "complaint.pool", "prefix": "YC"}
    kept, clashing = (
        stored(own_pack(version=version, kinds=[extra | {"prefix": prefix}]), at)
        for version, prefix in (("1", "YC"), ("2", "YD"))
    )
    document = shipped_pack("common").document()
    shared = Pack.from_document(document | {"version": "2026.8", "kinds": [*kinds, extra]})
    adopt_pack(club=club, version=stored(shared, at), effective_from=at + 2 * HOUR, actor=cy, at=at)
    adopt_pack(club=club, version=kept, effective_from=at + HOUR, actor=cy, at=at)
    with pytest.raises(Refused, match="packs-disagree"):
        adopt_pack(club=club, version=clashing, effective_from=at + HOUR, actor=cy, at=at)
    with pytest.raises(Refused, match="packs-disagree"):
        adopt_pack(club=club, version=clashing, effective_from=at + 3 * HOUR, actor=cy, at=at)


@pytest.mark.parametrize("table", ["kinds", "vocabularies"])
def test_what_another_pack_refers_to_is_not_taken_from_under_it(
    club: Club, cy: Actor, at: datetime, table: str
) -> None:
    document = shipped_pack("common").document()
    words = document["vocabularies"][0]
    kind = document["kinds"][0] | {"code": "complaint.pool", "prefix": "YC"}
    title = {"zh": "泳池", "en": "Pool"}
    rule = {"id": "pool", "title": title, "of": ["pool-words"], "kind": "complaint.pool", "weight": 1}
    shared = document | {
        "version": "2026.8",
        "kinds": [*document["kinds"], kind],
        "vocabularies": [*document["vocabularies"], {"id": "pool-words", "words": words["words"]}],
    }
    adopt_pack(club=club, version=stored(Pack.from_document(shared), at), effective_from=at, actor=cy, at=at)
    own = own_pack(triage_rules=[rule])
    adopt_pack(club=club, version=stored(own, at), effective_from=at, actor=cy, at=at)
    changed = Pack.from_document(
        shared | {"version": "2026.10", table: [row for row in shared[table] if not _of_the_pool(row)]}
    )
    with pytest.raises(Refused, match="packs-disagree"):
        adopt_pack(club=club, version=stored(changed, at), effective_from=at, actor=cy, at=at)


def _of_the_pool(row: dict[str, object]) -> bool:
    return "pool-words" in row.values() or "complaint.pool" in row.values()


@pytest.mark.usefixtures("committed")
def test_versions_that_fit_alone_but_not_together_are_not_adopted_at_once(
    club: Club, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, check = threading.Barrier(2), adopting._must_fit

    def together(club: Club, *, since: datetime) -> None:
        with suppress(threading.BrokenBarrierError):  # one waits for the other's commit and never gets here
            both.wait(1)
        check(club, since=since)

    monkeypatch.setattr(adopting, "_must_fit", together)
    versions = [stored(pool_rules(name), at) for name in ("own", "theirs")]

    def adopt(version: PackVersion) -> str:
        try:
            adopt_pack(club=club, version=version, effective_from=at, actor=SYSTEM, at=at)
        except Refused as refused:
            return refused.code
        return "adopted"

    twins = [Elsewhere(partial(adopt, version)) for version in versions]
    assert sorted(str(twin.result()) for twin in twins) == ["adopted", "packs-disagree"]
    assert "Z01" in policy_in_force(club, at=at).policy.clauses
