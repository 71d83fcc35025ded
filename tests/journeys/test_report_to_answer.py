"""The walk the product is for: a member tells something on a small phone, a colleague answers in time."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open
from tests.journeys.site import Site
from tests.journeys.steps import AGENT, Told, row_of, sign_in, tell

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("browser")]

STORY = "团课教室第三面镜子右下角裂了一道，靠墙热身的时候差点划到手。"
ANSWER = "您好，谢谢提醒。镜子已经贴上防爆膜并围起来，明天上午换新的。"
DAY_MINUTES = 24 * 60


def minutes_left(page: Page, number: str) -> int:
    """Return the time left that the queue shows for a case."""
    words = row_of(page, number).locator("[role=timer]").inner_text()
    hours, minutes = words.split(":")
    return int(hours) * 60 + int(minutes)


def follow(page: Page, told: Told) -> None:
    """Find the matter again with number and code, typed the careless way people type."""
    page.goto("/m/track/")
    page.locator("[name=number]").fill(told.number.lower().replace("-", " "))
    page.locator("[name=code]").fill(told.code.upper())
    page.locator("[name=code]").press("Enter")
    page.wait_for_url(re.compile(r"/t/\w+/$"))


@pytest.mark.req("F49")
def test_a_report_is_answered_in_time_and_everybody_can_see_why(open_page: Open, site: Site) -> None:
    member = open_page(width=320, script=False)
    told = tell(member, STORY, place="第三面镜子", people="本人")
    follow(member, told)
    promise = member.locator("section", has=member.locator("#promise"))
    expect(promise).to_contain_text("我们会在 24 小时内由专人答复您。")
    promise.locator("summary").click()
    expect(promise).to_contain_text(re.compile(r"到期：从 .+ 起算 24 小时（24 小时连续计时）"))
    link = member.url

    agent = open_page()
    agent.goto("/")
    sign_in(agent, AGENT, site.passwords[AGENT])
    expect(agent.get_by_role("navigation").first).to_be_visible()
    agent.wait_for_load_state("load")  # before that the page has no keys yet
    agent.keyboard.press("g")
    agent.keyboard.press("c")
    agent.wait_for_url("**/cases/")
    assert DAY_MINUTES - 3 <= minutes_left(agent, told.number) <= DAY_MINUTES
    due = agent.locator("a.sa-item [data-due]").evaluate_all(
        "all => all.map(one => Date.parse(one.dataset.due))"
    )
    assert due == sorted(due)
    row_of(agent, told.number).click()
    clocks = agent.locator("section", has=agent.locator("#clocks"))
    expect(clocks).to_contain_text("到期：从 ")
    expect(clocks).to_contain_text("起算 24 小时（24 小时连续计时）")
    agent.keyboard.press("r")
    agent.keyboard.type(ANSWER)
    agent.keyboard.press("Control+Enter")
    expect(agent.locator(".sa-bubble", has_text=ANSWER)).to_be_visible()
    expect(clocks).to_contain_text("已兑现 今天")

    member.goto(link)
    expect(member.locator(".sa-event-out", has_text=ANSWER)).to_be_visible()

    clocks.locator("details:has(a[href^='/rules/F49/']) > summary").first.click()
    clocks.locator("a[href^='/rules/F49/']").first.click()
    agent.locator("#figures .sa-tabs a[href*='outcome=met']").first.click()
    behind = agent.locator("tr", has=agent.locator(f"a[href='/cases/{told.number}/']"))
    expect(behind).to_be_visible()
    expect(behind.locator(".sa-tag-breach, .sa-tag-warn")).to_have_count(0)

    behind.locator("a").first.click()
    trail = agent.locator(".sa-timeline")
    for happened in ("已收到", "自动发送", "李娜"):
        expect(trail).to_contain_text(happened)
    in_english(member, agent, told, link)


def in_english(member: Page, agent: Page, told: Told, link: str) -> None:
    """Read the same matter once more in English, from both sides."""
    member.goto(f"{link}?lang=en")
    expect(member.locator("html")).to_have_attribute("lang", "en")
    expect(member.get_by_role("heading", name="What was said")).to_be_visible()
    agent.goto(f"/cases/{told.number}/?lang=en")
    expect(agent.locator("section", has=agent.locator("#clocks"))).to_contain_text(
        "24 h around the clock from"
    )
    expect(agent.get_by_role("button", name="Send to the member")).to_be_visible()
