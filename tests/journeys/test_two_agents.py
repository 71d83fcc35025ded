"""Two colleagues answer the same member at the same time: one wins, the other is told and loses no word."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, SignIn
from tests.journeys.steps import AGENT, MANAGER, tell

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("browser")]

FIRST = "您好，已经请同事去看了，下午给您回话。"
SECOND = "您好，我们今天就把体重秤校准，校准好了告诉您。"


def test_second_answer_is_stopped_and_kept(open_page: Open, staff: SignIn) -> None:
    told = tell(open_page(width=390, script=False), "体重秤每次站上去数字都不一样，差了有三公斤。")
    one, other = open_page(state=staff(AGENT)), open_page(state=staff(MANAGER))
    for page, words in ((one, FIRST), (other, SECOND)):
        page.goto(f"/cases/{told.number}/")
        page.locator("#reply_text").fill(words)

    one.locator("#write-reply button").last.click()
    expect(one.locator(".sa-bubble", has_text=FIRST)).to_be_visible()

    with other.expect_response(lambda response: response.request.method == "POST") as refused:
        other.locator("#write-reply button").last.click()
    assert refused.value.status == 409
    expect(other.get_by_role("alert").first).to_contain_text("刚才有同事更新了这件工单")
    expect(other.locator("#reply_text")).to_have_value(SECOND)
    expect(other.locator(".sa-bubble", has_text=FIRST)).to_be_visible()
    expect(other.locator(".sa-bubble", has_text=SECOND)).to_have_count(0)

    other.locator("#write-reply button").last.click()
    expect(other.locator(".sa-bubble", has_text=SECOND)).to_be_visible()
