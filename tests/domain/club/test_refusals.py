"""What actions on clubs and their rules refuse, each by its code and at its field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.refusal import Refused
from clubassist.domain.club.actions import adopt_pack, adopt_shipped, begin_draft, found_club, store_pack
from clubassist.domain.club.models import Adoption, Club, Draft
from clubassist.domain.club.plan import ClubPlan
from clubassist.pure.policy import Pack, read_pack, shipped_pack
from tests.domain.club.rules import common_text

pytestmark = pytest.mark.req("F13")


def refused(act: Callable[[], Any]) -> tuple[str, str]:
    """Return code and field of what is refused."""
    with pytest.raises(Refused) as error:
        act()
    return error.value.code, error.value.field


def plan(**changes: Any) -> ClubPlan:
    """Return a club that could be founded, with changes."""
    given: dict[str, Any] = {
        "code": "new",
        "name": "新俱乐部",
        "name_en": "New club",
        "phone": "0571-88881000",
        "packs": ["common", "fitness"],
        "venues": [{"name": "总店", "name_en": "Main", "areas": [{"name": "前台", "name_en": "Desk"}]}],
        "hours": [{"days": "1-7", "opens": "06:00", "closes": "22:00"}],
    }
    return ClubPlan.model_validate(given | changes)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"code": "main"}, "code-taken", "code"),
        ({"packs": ["common", "chess"]}, "pack-unknown", "packs"),
        ({"packs": ["fitness"]}, "packs-incomplete", "packs"),
    ],
)
def test_a_club_that_cannot_be(
    club: Club, at: datetime, changes: dict[str, Any], code: str, field: str
) -> None:
    assert refused(lambda: found_club(plan=plan(**changes), actor=SYSTEM, at=at)) == (code, field)
    assert Club.objects.count() == 1


def test_rules_from_yesterday_on(club: Club, cy: Actor, at: datetime) -> None:
    version = store_pack(pack=read_pack(common_text(version="2027.1")), actor=SYSTEM, at=at)
    before = Adoption.objects.count()
    assert refused(
        lambda: adopt_pack(club=club, version=version, effective_from=at - timedelta(days=1), actor=cy, at=at)
    ) == ("date-in-the-past", "effective_from")
    assert refused(lambda: adopt_shipped(club=club, name="chess", effective_from=at, actor=cy, at=at)) == (
        "pack-unknown",
        "version",
    )
    assert Adoption.objects.count() == before


def test_another_content_under_a_version_that_is_there(club: Club, at: datetime) -> None:
    document = shipped_pack("common").document()
    changed = Pack.from_document(document | {"title": {"zh": "别的规则", "en": "Other rules"}})
    assert refused(lambda: store_pack(pack=changed, actor=SYSTEM, at=at)) == ("pack-version-taken", "version")


@pytest.mark.parametrize("text", ['name = "x\0"', "\ud800", "坏\ufffd字"])
def test_a_text_that_nobody_can_write(club: Club, cy: Actor, at: datetime, text: str) -> None:
    assert refused(lambda: begin_draft(club=club, text=text, actor=cy, at=at)) == ("text-unreadable", "text")
    assert not Draft.objects.exists()


def test_a_draft_of_nothing(club: Club, cy: Actor, at: datetime) -> None:
    assert refused(lambda: begin_draft(club=club, actor=cy, at=at)) == ("base-missing", "base")
