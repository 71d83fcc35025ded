"""Nobody's full number stands where nobody asked for it: not in lists, titles, or what the browser keeps."""

from __future__ import annotations

import re
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, SignIn, Window
from tests.journeys.screens import DESK
from tests.journeys.site import Site
from tests.journeys.steps import AGENT, MANAGER, phone_of

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("browser")]

NUMBER: Final = re.compile(r"(?<![\w-])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\w-])")
KEPT: Final = "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])"


def in_view(page: Page) -> str:
    """Return everything the page holds: its title, its HTML, and what the browser keeps for it."""
    return "\n".join((page.title(), page.content(), page.evaluate(KEPT)))


@pytest.mark.req("F25")
def test_desk_shows_no_full_number(window: Window, site: Site) -> None:
    page = window(MANAGER)
    found = {}
    for screen in DESK:
        screen.open(page, site)
        found[screen.name] = NUMBER.findall(in_view(page))
    assert not any(found.values()), found


@pytest.mark.req("F25")
def test_revealed_number_stays_on_its_page(open_page: Open, staff: SignIn) -> None:
    page = open_page(state=staff(AGENT))
    shown = phone_of(page, "何雨桐")
    assert NUMBER.search(shown)
    assert NUMBER.findall(page.title() + page.evaluate(KEPT)) == []
    page.locator("main a.sa-btn").click()
    page.wait_for_url("**/members/**")
    assert NUMBER.findall(in_view(page)) == []


@pytest.mark.req("F25")
def test_number_typed_into_a_call_is_not_kept_as_a_draft(open_page: Open, staff: SignIn) -> None:
    page = open_page(state=staff(AGENT))
    page.goto("/cases/new/")
    page.locator("[name=narrative]").fill("来电咨询：亲子卡能带两个孩子吗？")
    page.locator("details:not(.sa-menu) summary").first.click()
    page.locator("[name=phone]").fill("13900002468")
    page.reload()
    expect(page.locator("[name=narrative]")).to_have_value("来电咨询：亲子卡能带两个孩子吗？")
    expect(page.locator("[name=phone]")).to_have_value("")
    assert NUMBER.findall(page.evaluate(KEPT)) == []
