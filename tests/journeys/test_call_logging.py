"""Logging a phone call by keyboard, and completing what the caller could not say."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, SignIn
from tests.journeys.steps import AGENT

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("browser")]

MOST_KEYS = 12
"""Beyond text (goal 1 of the design)."""


class Keys:
    """A keyboard that counts what is pressed besides text."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, key: str) -> None:
        """Press one key."""
        self.page.keyboard.press(key)
        self.pressed += 1

    def walk_to(self, name: str) -> None:
        """Press Tab until the focus is in the field `name`."""
        while self.page.evaluate("document.activeElement.name") != name:
            assert self.pressed < 4 * MOST_KEYS, f"Tab never reaches {name}"
            self.press("Tab")


@pytest.mark.req("B18")
def test_a_call_is_logged_by_keyboard_and_completed(open_page: Open, staff: SignIn) -> None:
    page = open_page(state=staff(AGENT))
    page.goto("/cases/")
    keys = Keys(page)
    keys.press("n")
    page.wait_for_url(re.compile("/cases/new/"))
    keys.press("2")
    expect(page.locator("[name=kind][value='complaint.venue']")).to_be_checked()
    keys.walk_to("narrative")
    page.keyboard.type("会员来电：淋浴间第二个花洒只出冷水。")
    keys.walk_to("area")
    keys.press("3")
    keys.press("Control+Enter")
    page.wait_for_url(re.compile(r"/cases/GD-\d+/$"))
    assert keys.pressed <= MOST_KEYS

    expect(page.locator(".sa-code")).to_have_text(re.compile(r"^[0-9a-z]{4}(-[0-9a-z]{2,4}){6}$"))
    missing = page.locator(".sa-callout-warn")
    expect(missing).to_contain_text("还缺")
    missing.locator("a").click()
    page.locator("[name=occurred_words]").fill("今天早上")
    page.locator("[name=people]").fill("本人")
    page.locator("[name=people]").press("Enter")
    expect(page.locator(".sa-toasts")).not_to_be_empty()
    expect(page.locator(".sa-callout-warn")).to_have_count(0)
    expect(page.locator("#facts")).to_contain_text("今天早上")
    expect(page.locator(".sa-code")).to_have_count(0)
