"""A browser, a running demo, and pages opened the way a person has set up their screen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from tests.journeys.screens import MEMBER
from tests.journeys.site import Site, running
from tests.journeys.steps import MANAGER, phone_of, sign_in, sign_in_by_phone

FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HEIGHTS: Final = {1440: 900, 390: 844, 320: 640}
LANGUAGES: Final = {"zh": "zh-hans", "en": "en"}
SPOKEN: Final = {"zh": "zh-CN", "en": "en-GB"}
PATIENCE_MS: Final = 15_000
"""How long a page may take to show what is expected, on a machine that does other things too."""

Open = Callable[..., Page]
SignIn = Callable[[str], StorageState]
Window = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path. Without one these tests are left out, but not where CI says that all must run."""
    found = shutil.which("chromium")
    if found is None:
        say = "chromium is missing: no browser test ran"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(say)
    return found


@pytest.fixture(scope="session")
def site(
    chromium: str, database_server: str, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The demo, started once; journeys change it and leave each other's cases alone."""
    with running(database_server, tmp_path_factory.mktemp("site")) as site:
        yield site


# Not for the session: while Playwright's loop runs in this thread, Django refuses to touch the database here.
@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for all journeys."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_context(browser: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a private window: width, language, dark, large text (care), with or without JavaScript, signed in or not.

    A script error, or anything the content security policy had to block, fails the test.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_one(
        *,
        width: int = 1440,
        lang: str = "zh",
        dark: bool = False,
        care: bool = False,
        script: bool = True,
        state: StorageState | None = None,
    ) -> BrowserContext:
        context = browser.new_context(
            base_url=site.base_url,
            viewport={"width": width, "height": HEIGHTS[width]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            storage_state=state,
            reduced_motion="reduce",
            locale=SPOKEN[lang],
            timezone_id="Asia/Shanghai",
        )
        chosen = {"lang": LANGUAGES[lang], "mode": "care" if care else "standard"}
        context.add_cookies(
            [{"name": name, "value": value, "url": site.base_url} for name, value in chosen.items()]
        )
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on(
            "console", lambda line: errors.append(line.text) if "Security Policy" in line.text else None
        )
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def open_page(open_context: Callable[..., BrowserContext]) -> Open:
    """Opens a page in a private window of its own."""
    return lambda **window: open_context(**window).new_page()


@pytest.fixture(scope="package")
def staff(browser: Browser, site: Site) -> SignIn:
    """Signs a colleague in at the real page, once each, and returns what the browser then holds."""
    known: dict[str, StorageState] = {}

    def signed_in(username: str) -> StorageState:
        if username not in known:
            context = browser.new_context(base_url=site.base_url, java_script_enabled=False)
            page = context.new_page()
            page.goto("/accounts/login/")
            sign_in(page, username, site.passwords[username])
            page.wait_for_url(f"{site.base_url}/")
            known[username] = context.storage_state()
            context.close()
        return known[username]

    return signed_in


@pytest.fixture(scope="package")
def member(browser: Browser, site: Site, staff: SignIn) -> StorageState:
    """What the browser of a member holds who has signed in by phone."""
    desk = browser.new_context(
        base_url=site.base_url, storage_state=staff(MANAGER), java_script_enabled=False
    )
    phone = phone_of(desk.new_page(), "司徒浩然")
    desk.close()
    context = browser.new_context(base_url=site.base_url, java_script_enabled=False)
    sign_in_by_phone(context.new_page(), phone, site)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def window(open_page: Open, staff: SignIn, request: pytest.FixtureRequest) -> Window:
    """Opens an empty page of somebody ("" for anybody, MEMBER, or a colleague's user name) in a language and look."""

    def open_one(who: str = "", *, lang: str = "zh", look: str = "plain") -> Page:
        state = None
        if who:
            state = request.getfixturevalue("member") if who == MEMBER else staff(who)
        return open_page(lang=lang, dark=look == "dark", care=look == "care", state=state)

    return open_one
