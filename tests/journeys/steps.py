"""What several journeys do alike: tell the club something as a member, find a case as a colleague."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.journeys.site import Site

AGENT = "lina.lf"
MANAGER = "wangmin.lf"
CLUB = "lf"


@dataclass(frozen=True, slots=True)
class Told:
    """What the member keeps after telling: the number and the code."""

    number: str
    code: str


def tell(page: Page, story: str, *, kind: str = "complaint.venue", club: str = CLUB, **more: str) -> Told:
    """Report `story` on the member page, with more fields by name; return what the page then shows."""
    page.goto(f"/m/report/?club={club}")
    page.locator(f"[name=kind][value='{kind}']").check()
    page.locator("[name=narrative]").fill(story)
    for name, text in more.items():
        field = page.locator(f"[name={name}]")
        if not field.is_visible():
            page.locator("details", has=field).locator("summary").click()
        field.fill(text)
    page.locator("form.sa-form button").click()
    code = page.locator(".sa-code")
    expect(code).to_be_visible()
    return Told(page.locator("dd .sa-num").inner_text(), code.inner_text())


def sign_in(page: Page, username: str, password: str) -> None:
    """Fill in the sign-in form and send it."""
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")


def sign_in_by_phone(page: Page, phone: str, site: Site) -> None:
    """Sign a member in with the code that the stand-in of the text-message provider printed."""
    before = len(site.texted_codes())
    page.goto("/accounts/login/code/?next=/m/")
    page.locator("[name=phone]").fill(phone)
    page.locator("[name=phone]").press("Enter")
    code = page.locator("[name=code]")
    expect(code).to_be_visible()
    codes = site.texted_codes()
    assert len(codes) == before + 1
    code.fill(codes[-1])
    code.press("Enter")
    page.wait_for_url(re.compile(r"/m/$"))


def phone_of(page: Page, member: str) -> str:
    """Reveal a member's number on the desk, as a colleague must: with a reason, leaving a trace."""
    page.goto(f"/members/?q={member}")
    page.locator("main a[href^='/members/']").first.click()
    page.locator("main details summary").first.click()
    page.locator("[name=reason]").first.fill("回电核对场地情况")
    page.locator("[name=reason]").first.press("Enter")
    shown = page.locator("a[href^='tel:1'], a[href^='tel:+']")
    expect(shown).to_be_visible()
    return shown.inner_text()


def row_of(page: Page, number: str) -> Locator:
    """Return the queue's row of a case."""
    return page.locator(f"a.sa-item[href='/cases/{number}/']")
