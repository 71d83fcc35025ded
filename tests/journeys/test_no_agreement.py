"""Three offers, three times no: the third round is the manager's, and the member learns who else can help."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.complaint import decline, log_angry_call, offer, send, take_steps, unfold, verify
from tests.journeys.conftest import Open, SignIn
from tests.journeys.steps import AGENT, MANAGER

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("browser")]


@pytest.mark.req("B27")
def test_without_agreement_the_member_is_told_the_routes_outside(open_page: Open, staff: SignIn) -> None:
    agent, manager = open_page(state=staff(AGENT)), open_page(state=staff(MANAGER))
    member = open_page(width=390, script=False)
    case = log_angry_call(agent)
    take_steps(agent)
    verify(agent, manager, case)
    for maker, no in ((agent, "道歉不够"), (agent, "还是不行"), (manager, "我不接受")):
        offer(maker, case)
        decline(member, case, no)

    manager.goto(case.path)
    routes = unfold(manager, "offers", "routes")
    expect(routes).to_contain_text("12315")
    send(routes)
    manager.locator("summary[data-key=s]").click()
    end = manager.locator("form[action$='/resolve/']")
    end.locator("[name=resolution]").select_option("not_agreed")
    end.locator("[name=text]").fill("很遗憾没有谈拢，您可以找消费者协会或拨打 12315。")
    reason = end.locator("[name=reason]")
    if reason.count():
        reason.fill("三轮协商未达成一致")
    send(end)

    member.goto(case.link)
    expect(member.locator("main")).to_contain_text("12315")
    expect(manager.locator(".sa-timeline")).to_contain_text("未达成一致")
