"""The named screens, and how a person gets to each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page

from tests.journeys.site import Site
from tests.journeys.steps import CLUB, MANAGER, tell

MEMBER: Final = "member"
WIDTHS: Final = (1440, 390, 320)


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen: its address, who opens it ("" for anybody), and what is done there before one looks."""

    name: str
    path: str
    who: str = ""
    then: Callable[[Page], object] | None = None

    def open(self, page: Page, site: Site) -> None:
        """Bring the page to this screen."""
        page.goto(site.member_links[0] if self.path == "member_link" else self.path)
        if self.then is not None:
            self.then(page)


def _first(selector: str) -> Callable[[Page], object]:
    return lambda page: page.goto(str(page.locator(selector).first.get_attribute("href")))


def _send(selector: str) -> Callable[[Page], object]:
    return lambda page: page.locator(selector).click()


def _begin(page: Page) -> None:
    page.locator("form[action$='/draft/'] button").click()


def _edit(page: Page) -> None:
    _begin(page)
    text = page.locator("#id_text").input_value().replace("2026.1", "0").replace('"24 h"', '"48 h"')
    file = page.locator("#id_file")
    file.set_input_files({"name": "a.toml", "mimeType": "application/toml", "buffer": text.encode()})
    page.locator("form.sa-text .sa-btn-primary").click()
    page.locator(".sa-callout-ok a").click()


def _report(page: Page) -> object:
    return tell(page, "饮水机旁边的地面总是湿的，路过要绕开走。")


def _suggested(page: Page) -> None:
    page.locator("[name=narrative]").fill("前台那个高个子态度太差，再不处理我就打12315！")
    page.locator("#suggestion .sa-callout").wait_for()


def _danger(page: Page) -> None:
    page.locator("[name=narrative]").fill("有人倒在二号场，叫不醒了！")
    page.locator("#suggestion .sa-btn-emergency").wait_for()


DESK: Final = (
    Screen("today", "/", MANAGER),
    Screen("queue", "/cases/", MANAGER),
    Screen("case", "/cases/", MANAGER, _first("a.sa-item")),
    Screen("call", "/cases/new/", MANAGER),
    Screen("call-refused", "/cases/new/", MANAGER, _send("main form .sa-acts .sa-btn-primary")),
    Screen("call-suggested", "/cases/new/", MANAGER, _suggested),
    Screen("call-danger", "/cases/new/", MANAGER, _danger),
    Screen("tasks", "/tasks/", MANAGER),
    Screen("follow-ups", "/follow-ups/", MANAGER),
    Screen("approvals", "/offers/approve/", MANAGER),
    Screen("not-started", "/offers/not-started/", MANAGER),
    Screen("reports", "/reports/", MANAGER),
    Screen("rules", "/rules/", MANAGER),
    Screen("clause", "/rules/F49/", MANAGER),
    Screen("limits", "/rules/F13/", MANAGER),
    Screen("goals", "/rules/goals/", MANAGER),
    Screen("in-force", "/rules/in-force/", MANAGER),
    Screen("draft", "/rules/in-force/", MANAGER, _begin),
    Screen("review", "/rules/in-force/", MANAGER, _edit),
    Screen("confirming", "/rules/read/", MANAGER),
    Screen("version", "/rules/read/", MANAGER, _first("main a[href^='/rules/read/']")),
    Screen("replan", f"/rules/in-force/{CLUB}/replan/", MANAGER),
    Screen("owners", "/rules/owners/", MANAGER),
    Screen("search", "/search/?q=地板", MANAGER),
    Screen("search-empty", "/search/?q=查无此词", MANAGER),
    Screen("members", "/members/?q=林", MANAGER),
    Screen("file", "/members/?q=林", MANAGER, _first("main a[href^='/members/']")),
    Screen("access", "/access-log/", MANAGER),
    Screen("roles", "/access/roles/", MANAGER),
    Screen("emergency", "/emergency/", MANAGER),
)
DOORS: Final = (
    Screen("login", "/accounts/login/"),
    Screen("login-refused", "/accounts/login/", then=_send("main form.sa-form button")),
    Screen("login-code", "/accounts/login/code/"),
)
PORTAL: Final = (
    Screen("clubs", "/m/"),
    Screen("home", f"/m/?club={CLUB}"),
    Screen("report", f"/m/report/?club={CLUB}"),
    Screen("report-refused", f"/m/report/?club={CLUB}", then=_send("form.sa-form button")),
    Screen("reported", f"/m/report/?club={CLUB}", then=_report),
    Screen("track", f"/m/track/?club={CLUB}"),
    Screen("matter", "member_link"),
    Screen("promise", f"/m/promise/?club={CLUB}"),
    Screen("privacy", f"/m/privacy/?club={CLUB}"),
    Screen("link-gone", f"/t/0000/?club={CLUB}"),
)
OWN: Final = (
    Screen("own-home", "/m/", MEMBER),
    Screen("own-matters", "/m/cases/", MEMBER),
    Screen("own-privacy", "/m/privacy/", MEMBER),
    Screen("me", "/m/me/", MEMBER),
)


@dataclass(frozen=True, slots=True)
class Face:
    """Screens that one person walks through, and the two ways they can look."""

    screens: tuple[Screen, ...]
    who: str = ""
    looks: tuple[str, str] = ("plain", "care")


FACES: Final = {
    "desk": Face(DESK, MANAGER, ("plain", "dark")),
    "doors": Face(DOORS),
    "portal": Face(PORTAL),
    "own": Face(OWN, MEMBER),
}
