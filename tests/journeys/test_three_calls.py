"""A call that reaches nobody, one to the mailbox, one that is answered: only the last is an answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, SignIn
from tests.journeys.steps import AGENT, tell

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("browser")]


def call(page: Page, outcome: str, words: str = "") -> None:
    """Keep a call by keyboard."""
    page.locator("main h1").click()
    page.keyboard.press("p")
    form = page.locator("#write-call")
    form.locator(f"[name=outcome][value={outcome}]").check()
    form.locator("textarea").fill(words)
    form.locator("button").click()
    expect(page.locator(".sa-toasts")).not_to_be_empty()


@pytest.mark.req("F49")
def test_only_the_call_that_reaches_the_member_is_an_answer(open_page: Open, staff: SignIn) -> None:
    member = open_page(width=390, script=False)
    told = tell(member, "更衣室的吹风机有焦味，不敢用了。")
    agent = open_page(state=staff(AGENT))
    agent.goto(f"/cases/{told.number}/")
    clocks = agent.locator("section", has=agent.locator("#clocks"))
    timeline = agent.locator(".sa-timeline")

    call(agent, "not_reached")
    expect(timeline).to_contain_text("没有接通")
    expect(clocks).not_to_contain_text("已兑现")
    call(agent, "left_message", "请会员方便时回电。")
    expect(timeline).to_contain_text("请会员方便时回电。")
    expect(clocks).not_to_contain_text("已兑现")
    call(agent, "reached", "已告知吹风机停用，下午换新。")
    expect(clocks).to_contain_text("已兑现")

    member.goto("/m/track/")
    member.locator("[name=number]").fill(told.number)
    member.locator("[name=code]").fill(told.code)
    member.locator("[name=code]").press("Enter")
    page = member.locator("main")
    expect(page).to_contain_text("已告知吹风机停用，下午换新。")
    expect(page).not_to_contain_text("请会员方便时回电。")
    expect(page).not_to_contain_text("没有接通")
