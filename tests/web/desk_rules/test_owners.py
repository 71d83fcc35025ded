"""F68: who answers for what, on one page."""

from __future__ import annotations

import pytest

from clubassist.core.actor import SYSTEM
from clubassist.domain.club.actions import adopt_pack, store_pack
from clubassist.domain.club.models import Club
from clubassist.domain.people.models import Account
from clubassist.pure.policy import Pack, shipped_pack
from tests.web.desk_rules.conftest import NOW, Read

pytestmark = pytest.mark.req("F68")


def test_every_clause_with_its_department(club: Club, bo_account: Account, read: Read) -> None:
    html = read(bo_account, "/rules/owners/")
    assert "None: all 185 clauses and" in html
    row = next(each for each in html.split("<tr>") if 'href="/rules/F49/"' in each)
    assert "Customer service" in row
    assert "Owner of the case, Service manager, Management" in row
    assert "客户服务部" in read(bo_account, "/rules/owners/", lang="zh")


def test_clauses_and_figures_without_one_come_first(club: Club, bo_account: Account, read: Read) -> None:
    document = shipped_pack("fitness").document()
    document["version"] = "2026.2"
    for clause in document["clauses"]:
        if clause["id"] in ("F14", "F40"):
            clause["owner"] = None
    version = store_pack(pack=Pack.from_document(document), actor=SYSTEM, at=NOW)
    adopt_pack(club=club, version=version, effective_from=NOW, actor=SYSTEM, at=NOW)
    html = read(bo_account, "/rules/owners/")
    gaps = html.split('id="unowned"')[1].split("</section>")[0]
    assert "F40" in gaps
    assert "F14" in gaps
    assert "F49" not in gaps.replace("F49 ·", "")
