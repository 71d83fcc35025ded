"""What journeys through a complaint do alike: log the angry call, verify, offer, hear the member's answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

ANGRY = "前台那个高个子态度太差，问了三遍都不理人，气死我了！"
OFFER = "前台当面向您道歉，送您一周会籍。"


@dataclass(frozen=True, slots=True)
class Logged:
    """A case logged by phone: its number, and the member's own link."""

    number: str
    link: str

    @property
    def path(self) -> str:
        """Return the address of its page on the desk."""
        return f"/cases/{self.number}/"


def log_angry_call(page: Page) -> Logged:
    """Log the call with the kind that the words suggest, taken by one tap."""
    page.goto("/cases/new/")
    page.locator("[name=narrative]").fill(ANGRY)
    suggested = page.locator("#suggestion .sa-callout")
    expect(suggested).to_contain_text("服务投诉")
    expect(suggested).to_contain_text("态度")
    suggested.locator("[data-fill]").click()
    expect(page.locator("[name=kind][value='complaint.service']")).to_be_checked()
    expect(page.locator("[name=emotion]")).to_have_value("angry")
    for name, words in (
        ("place", "前台"),
        ("people", "会员本人和前台值班"),
        ("occurred_words", "今天中午"),
        ("remedy_sought", "道歉"),
    ):
        page.locator(f"form [name={name}]").fill(words)
    page.locator("main form .sa-acts .sa-btn-primary").click()
    page.wait_for_url(re.compile(r"/cases/GD-\d+/$"))
    link = page.locator(".sa-callout-ok a").get_attribute("href")
    return Logged(page.url.rstrip("/").rsplit("/", 1)[1], str(link))


def take_steps(page: Page) -> None:
    """Tick what may be ticked in the present stage."""
    ticks = page.locator(".sa-playbook .sa-tick button")
    while left := ticks.count():
        ticks.first.click()
        expect(ticks).to_have_count(left - 1)


def unfold(page: Page, panel: str, deed: str) -> Locator:
    """Return the form of a panel that does `deed`, a part of its address, with the folds around it open."""
    form = page.locator(f"form[action*='/{deed}/']")
    for fold in page.locator(f"#{panel}, #{panel} details").filter(has=form).all():
        if fold.get_attribute("open") is None:
            fold.locator("> summary").click()
    return page.locator(f"#{panel}").locator(form)


def send(form: Locator) -> None:
    """Press the button that ends a form and wait for the page that says that it was done."""
    page = form.page
    form.locator("button").last.click()
    expect(page.locator(".sa-toasts")).not_to_be_empty()


def verify(agent: Page, head: Page, case: Logged) -> None:
    """Find out that it is true; customer service signs on the case, the head of the department in their list."""
    evidence = unfold(agent, "finding", "evidence")
    evidence.locator("[name=kind]").select_option(index=1)
    evidence.locator("[name=words]").fill("值班录像：会员问了三次，无人起身。")
    send(evidence)
    finding = unfold(agent, "finding", "finding")
    conclusion = finding.locator("[name=conclusion]")
    if conclusion.count() > 1:
        finding.locator("[name=conclusion][value=true]").check()
    else:
        conclusion.select_option("true")
    finding.locator("[name=summary]").fill("属实，值班同事没有接待。")
    finding.locator("[name=department]").select_option("service")
    send(finding)
    send(agent.locator("form[action$='/sign-service/']"))
    head.goto("/tasks/")
    head.locator("tr", has_text=case.number).get_by_role("link", name=re.compile("签")).first.click()
    head.locator("form[action$='/sign-department/'] button").click()
    expect(head.locator(".sa-toasts")).not_to_be_empty()


def offer(page: Page, case: Logged, words: str = OFFER) -> None:
    """Draw up an offer that costs nothing and tell the member."""
    page.goto(case.path)
    form = unfold(page, "offers", "offer")
    form.locator("[name=option1_words]").fill(words)
    form.locator("[name=option1_remedy]").select_option("apology")
    send(form)
    send(page.locator("#offers form[action$='/send/']"))


def decline(member: Page, case: Logged, words: str) -> None:
    """Say no on the member's page, in their own words."""
    member.goto(case.link)
    form = member.locator("form[action$='/decline/']")
    member.locator("details", has=form).locator("summary").click()
    form.locator("[name=text]").fill(words)
    form.locator("button").click()
    expect(member.locator("main")).to_contain_text(words)
