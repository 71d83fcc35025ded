"""An angry call becomes a kept promise: logged, verified, agreed by one tap, carried out, reported, followed up.

And one that is broken: it rises to the management, is late in the figure, and the member reads an apology.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.complaint import Logged, log_angry_call, offer, send, take_steps, unfold, verify
from tests.journeys.conftest import Open
from tests.journeys.site import Site, running
from tests.journeys.steps import AGENT, MANAGER, sign_in, tell

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("browser")]
PATIENCE: Final = 40
AHEAD: Final = Path(__file__).resolve().parent / "ahead"


@pytest.fixture(scope="session")
def site(
    chromium: str, database_server: str, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A demo of its own, whose time moves."""
    folder = tmp_path_factory.mktemp("ahead")
    clock = folder / "ahead"
    clock.write_text("0")
    path = os.pathsep.join(filter(None, (str(AHEAD), os.environ.get("PYTHONPATH"))))
    with running(database_server, folder, name="ahead", PYTHONPATH=path, JOURNEY_AHEAD=str(clock)) as site:
        yield site


def let_pass(site: Site, time: timedelta) -> None:
    """Let time pass for the product."""
    clock = site.printed.parent / "ahead"
    clock.write_text(str(int(clock.read_text()) + int(time.total_seconds())))


def desk_of(open_page: Open, site: Site, name: str, *, width: int = 1440) -> Page:
    """Sign a colleague in and return their page."""
    page = open_page(width=width)
    page.goto("/accounts/login/")
    sign_in(page, name, site.passwords[name])
    page.wait_for_url(f"{site.base_url}/")
    return page


def solved(agent: Page, case: Logged) -> None:
    """Carry out what was agreed and tell the member."""
    agent.goto(case.path)
    take_steps(agent)
    agent.locator("summary[data-key=s]").click()
    form = agent.locator("form[action$='/resolve/']")
    form.locator("[name=text]").fill("前台已当面道歉，一周会籍今天到账。")
    send(form)


def reported(agent: Page, superior: Page, case: Logged) -> None:
    """Write the closing report with its cause; the superior reads it."""
    report = unfold(agent, "report", "report")
    assert case.number in report.locator("[name=text]").input_value()
    report.locator("[name=cause]").select_option("people")
    send(report)
    superior.goto("/reports/")
    superior.locator("tr", has_text=case.number).locator("a").first.click()
    send(superior.locator("form[action^='/reports/']"))


def called(agent: Page, case: Logged, words: str) -> None:
    """Find the member in the list of calls to make, and keep what they say: it is solved."""
    agent.goto("/follow-ups/")
    agent.locator("tr", has_text=case.number).locator("a").first.click()
    form = unfold(agent, "calls", "follow-ups")
    form.locator("[name=outcome][value=solved]").check()
    form.locator("[name=score]").select_option("5")
    form.locator("[name=text]").fill(words)
    send(form)


@pytest.mark.req("F48")
@pytest.mark.req("F52")
@pytest.mark.req("B19")
@pytest.mark.req("B25")
@pytest.mark.req("B28")
def test_an_angry_call_becomes_a_kept_promise(open_page: Open, site: Site) -> None:
    agent = desk_of(open_page, site, AGENT)
    head = desk_of(open_page, site, MANAGER, width=390)
    case = log_angry_call(agent)
    take_steps(agent)
    verify(agent, head, case)
    offer(agent, case)

    member = open_page(width=320, script=False)
    member.goto(case.link)
    member.locator("button[name=option]").click()
    expect(member.locator("main")).to_contain_text("您已同意")

    let_pass(site, timedelta(minutes=40))
    solved(agent, case)
    reported(agent, head, case)
    agent.goto(case.path)
    take_steps(agent)

    agent.goto("/follow-ups/")
    expect(agent.locator("tr", has_text=case.number)).to_have_count(0)
    let_pass(site, timedelta(days=3, hours=1))
    called(agent, case, "前台现在很热情。")
    agent.locator("summary[data-key=e]").click()
    send(agent.locator("form[action$='/close/']"))
    let_pass(site, timedelta(days=27))
    called(agent, case, "没有再发生。")

    clocks = agent.locator("section", has=agent.locator("#clocks"))
    expect(clocks.locator(".sa-clock-breach")).to_have_count(0)
    expect(clocks).to_contain_text("第 30 天回访")
    expect(agent.locator("#report")).to_contain_text("人员")


def told_of(page: Page, number: str, words: str) -> None:
    """Wait until the colleague's notices say this of the case; the worker looks every few seconds."""
    notice = page.locator("#notices li", has_text=number).filter(has_text=words)
    for _look in range(PATIENCE):
        page.goto("/")
        if notice.count():
            return
        page.wait_for_timeout(500)
    expect(notice).to_have_count(1)


@pytest.mark.req("F03")
@pytest.mark.req("F49")
@pytest.mark.req("B05")
def test_a_breach_rises_to_the_management_and_the_member_reads_an_apology(
    open_page: Open, site: Site
) -> None:
    member = open_page(width=390, script=False)
    told = tell(member, "更衣室的灯坏了三天，洗完澡摸黑换衣服。")
    let_pass(site, timedelta(hours=25))
    manager = desk_of(open_page, site, MANAGER)
    told_of(manager, told.number, "时限已到")
    let_pass(site, timedelta(hours=12))
    boss = desk_of(open_page, site, "boss")
    told_of(boss, told.number, "超时已达时限的一半")

    manager = desk_of(open_page, site, MANAGER, width=390)
    manager.goto("/cases/")
    manager.locator(f"a.sa-item[href='/cases/{told.number}/']").click()
    clocks = manager.locator("section", has=manager.locator("#clocks"))
    expect(clocks.locator(".sa-clock-breach").first).to_be_attached()
    form = manager.locator("form[action$='/reply/']")
    form.locator("[name=text]").fill("让您久等了，很抱歉。灯今晚换好，换好给您打电话。")
    send(form)
    manager.goto("/rules/F03/?outcome=late")
    expect(manager.locator("main table tr", has_text=told.number)).to_have_count(1)

    member.goto(f"/t/{told.code}/")
    expect(member.locator("main")).to_contain_text("让您久等了，很抱歉")
