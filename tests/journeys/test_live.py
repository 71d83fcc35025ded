"""What one colleague does is on the other's open page within seconds, and nobody loses a word over it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, SignIn
from tests.journeys.steps import AGENT, MANAGER, tell

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("browser"), pytest.mark.req("F51")]

ANSWER = "您好，已经请师傅带备用遥控器过去，十分钟内到。"
HALF = "我正在写的半句话"


def test_another_session_shows_what_changed_and_leaves_the_half_written_alone(
    open_page: Open, staff: SignIn
) -> None:
    member = open_page(width=390, script=False)
    told = tell(member, "电视遥控器找不到了，想调一下声音。")
    watching, working = open_page(state=staff(MANAGER)), open_page(state=staff(AGENT))
    for page in (watching, working):
        page.goto(f"/cases/{told.number}/")
    expect(watching.locator("#sa-live")).to_have_attribute("data-state", "on")
    watching.locator("#reply_text").fill(HALF)

    working.locator("#reply_text").fill(ANSWER)
    working.locator("#write-reply button").last.click()

    expect(watching.locator(".sa-bubble", has_text=ANSWER)).to_be_visible()
    expect(watching.locator("#sa-changed")).to_be_visible()
    expect(watching.locator("#reply_text")).to_have_value(HALF)
    expect(watching.locator("#reply_text")).to_be_focused()

    watching.goto("/cases/?view=club")
    again = tell(member, "空调遥控器也找不到了。")
    expect(watching.locator("a.sa-item", has_text=re.compile("空调遥控器也找不到了"))).to_be_visible()
    assert again.number


def test_a_row_in_use_stays_until_it_is_left(open_page: Open, staff: SignIn) -> None:
    page = open_page(state=staff(MANAGER))
    page.goto("/cases/?view=club")
    page.keyboard.press("j")
    expect(page.locator("a.sa-item").first).to_be_focused()
    told = tell(open_page(width=390, script=False), "水杯架松了，一碰就掉。")
    with page.expect_response(lambda response: "/live/" in response.url and response.status == 200):
        pass
    expect(page.locator("a.sa-item").first).to_be_focused()
    page.locator("h1").click()
    expect(page.locator("a.sa-item", has_text="水杯架松了")).to_be_visible()
    assert told.number


def test_a_server_that_is_gone_is_said_and_a_return_heals(open_page: Open, staff: SignIn) -> None:
    page = open_page(state=staff(MANAGER))
    page.goto("/cases/")
    page.route("**/live/**", lambda route: route.abort())
    expect(page.locator("#sa-live")).to_have_attribute("data-state", "off")
    expect(page.locator("#sa-live")).to_contain_text("连接已断开，正在重连")
    page.unroute("**/live/**")
    expect(page.locator("#sa-live")).to_have_attribute("data-state", "on")
