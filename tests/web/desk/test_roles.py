"""Who may do what, as a page (F25)."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from clubassist.domain.club.models import Club
from clubassist.domain.people.roles import PERMISSIONS
from clubassist.web.desk.page import ROLES
from clubassist.web.desk.role_page import MAY
from tests.makers.people import make_account
from tests.web.desk.conftest import Browser


@pytest.mark.req("F25")
@pytest.mark.parametrize("lang", ["en", "zh-hans"])
def test_the_page_names_every_role_at_every_permission(cys_desk: Client, lang: str) -> None:
    page = cys_desk.get("/access/roles/", {"lang": lang[:2]}).content.decode()
    rows = dict(re.findall(r"<code[^>]*>([\w.]+)</code></th><td[^>]*>([^<]*)</td>", page))
    assert set(MAY) == set(rows) == set().union(*PERMISSIONS.values())
    with translation.override(lang):
        everybody = translation.gettext("All roles")
        for code, who in rows.items():
            held = [str(ROLES[role]) for role, may in PERMISSIONS.items() if code in may]
            assert who == (everybody if len(held) == len(ROLES) else translation.gettext(", ").join(held))
            assert str(MAY[code]) in page


def test_the_access_log_leads_there(cys_desk: Client) -> None:
    assert 'href="/access/roles/"' in cys_desk.get("/access-log/").content.decode()


def test_who_reads_people_but_no_log_finds_it_beside_the_rules(browser: Browser, club: Club) -> None:
    link = 'href="/access/roles/"'
    assert link in browser(make_account("eve", "management", club)).get("/rules/read/").content.decode()
    assert link not in browser(make_account("tia", "training", club)).get("/rules/read/").content.decode()


def test_account_pages_keep_a_colleagues_theme(cys_desk: Client) -> None:
    cys_desk.cookies["theme"] = "dark"
    assert 'data-bs-theme="dark"' in cys_desk.get("/accounts/password/change/").content.decode()
    assert 'data-bs-theme="light"' in Client().get("/accounts/login/").content.decode()
