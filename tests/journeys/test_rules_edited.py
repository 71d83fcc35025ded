"""The rules are edited by one manager and published by another, and yesterday's case keeps its times."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, SignIn
from tests.journeys.steps import tell

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("browser"), pytest.mark.req("F13")]

CLUB = "xr"
AUTHOR, PUBLISHER = f"wangmin.{CLUB}", "boss"
SOLUTION = 'id = "complaint-solution"'


def due_times(page: Page, number: str) -> list[str]:
    """Return the times at which the clocks of a case are due, as its page has them."""
    page.goto(f"/cases/{number}/")
    clocks = page.locator("section", has=page.locator("#clocks")).locator("[data-due]")
    return [str(each.get_attribute("data-due")) for each in clocks.all()]


def edited(text: str) -> str:
    """Return the rules as a new version in which ordinary complaints are solved within twelve hours."""
    text = text.replace('version = "2026.1"', 'version = "2026.2"', 1)
    before, at, after = text.partition(SOLUTION)
    return before + at + after.replace('target = "24 h"', 'target = "12 h"', 1)


def save(page: Page, text: str) -> None:
    """Give the draft another text from a file, as somebody does who edits it elsewhere."""
    page.locator("#id_file").set_input_files(
        {"name": "rules.toml", "mimeType": "application/toml", "buffer": text.encode()}
    )
    page.get_by_role("button", name="保存并检查").click()


def test_new_rules_are_reviewed_by_another_and_leave_yesterdays_case_alone(
    open_page: Open, staff: SignIn
) -> None:
    member = open_page(width=390, script=False)
    yesterday = tell(member, "更衣室的储物柜门关不上，钥匙也拔不出来。", club=CLUB)
    author = open_page(width=390, script=False, state=staff(AUTHOR))
    due = due_times(author, yesterday.number)
    assert len(due) >= 2

    author.goto("/rules/in-force/")
    author.locator(f"section#{CLUB} label", has_text="两类俱乐部通用的服务规则").click()
    author.locator(f"section#{CLUB} form[action$='/draft/'] button").click()
    written = author.locator("#id_text").input_value()
    assert SOLUTION in written
    expect(author.get_by_role("main")).to_contain_text("请给草稿一个新的版本号。")
    save(author, edited(written).replace('"12 h"', '"-12 h"', 1))
    expect(author.get_by_role("main")).to_contain_text("“-12 h”不大于零")
    save(author, edited(written))
    author.get_by_role("link", name="审阅改动").click()
    expect(author.get_by_role("main")).to_contain_text("要由别人发布")
    expect(author.get_by_role("button", name="发布并启用")).to_have_count(0)

    publisher = open_page(state=staff(PUBLISHER))
    publisher.goto(author.url)
    change = publisher.locator("tr", has_text="投诉解决方案").first
    expect(change.locator("del")).to_have_text("24 h")
    expect(change.locator("ins")).to_have_text("12 h")
    expect(change).to_contain_text("更严")
    publisher.get_by_role("button", name="发布并启用").click()
    expect(publisher.get_by_role("status").first).to_contain_text("common 2026.2 已生效；未结工单仍按原规则")
    expect(publisher.locator(f"section#{CLUB} tr", has_text="通用的服务规则")).to_contain_text("2026.2")

    assert due_times(author, yesterday.number) == due
    today = tell(member, "前台的饮水机不出热水，显示屏上一直闪红灯。", club=CLUB)
    author.goto(f"/cases/{today.number}/")
    clocks = author.locator("section", has=author.locator("#clocks"))
    expect(clocks).to_contain_text("起算 12 小时")

    author.goto(f"/rules/in-force/{CLUB}/replan/")
    moved = author.locator("tr", has_text=yesterday.number)
    expect(moved).to_contain_text("提前")
    expect(author.locator("tr", has_text=today.number)).to_have_count(0)
