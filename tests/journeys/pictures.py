"""Takes the pictures of README and tutorial from a fresh demo, best started in the afternoon.

`./run demo --fresh`, and beside it `.venv/bin/python -m tests.journeys.pictures var/demo.json`.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

from tests.journeys.conftest import FLAGS, HEIGHTS, LANGUAGES, SPOKEN
from tests.journeys.site import Site, described
from tests.journeys.steps import AGENT, CLUB, row_of, sign_in

IMAGES: Final = Path(__file__).resolve().parents[2] / "docs" / "images"
QUALITY: Final = 68
STORY: Final = "淋浴间最里面的花洒只出冷水，洗到一半只好出来。"
ANSWER: Final = "您好，让您受凉了，很抱歉。师傅下午更换混水阀，换好马上告诉您。"


def take(page: Page, name: str, lang: str, *, height: int | None = None) -> None:
    """Keep what the page shows, down to `height`, as `docs/images/<name>-<lang>.jpg`."""
    size = page.viewport_size or {"width": 0, "height": 0}
    clip: FloatRect = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"]}
    page.screenshot(path=IMAGES / f"{name}-{lang}.jpg", type="jpeg", quality=QUALITY, clip=clip)


def new_page(browser: Browser, site: Site, *, lang: str, width: int) -> Page:
    """Open a page in a private window."""
    context = browser.new_context(
        base_url=site.base_url,
        viewport={"width": width, "height": HEIGHTS[width]},
        locale=SPOKEN[lang],
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "lang", "value": LANGUAGES[lang], "url": site.base_url}])
    return context.new_page()


def report(page: Page, lang: str) -> str:
    """Report something by phone, photographing the form and the receipt; return the number of the case."""
    page.goto(f"/m/report/?club={CLUB}")
    page.locator("[name=kind][value='complaint.venue']").check()
    page.locator("[name=narrative]").fill(STORY)
    take(page, "report", lang)
    page.locator("form.sa-form button").click()
    take(page, "reported", lang)
    return page.locator("dd .sa-num").inner_text()


def answer(page: Page, number: str, lang: str, site: Site) -> None:
    """Answer the case on the desk, photographing the queue, a longer case, the call form and the clause."""
    page.goto("/")
    sign_in(page, AGENT, site.passwords[AGENT])
    page.wait_for_url(f"{site.base_url}/")
    page.goto("/cases/")
    take(page, "queue", lang)
    row_of(page, number).click()
    page.locator("#reply_text").fill(ANSWER)
    page.locator("#write-reply button").last.click()
    page.locator(".sa-bubble", has_text=ANSWER).wait_for()
    page.goto("/cases/")
    page.locator("a.sa-item").first.click()
    page.wait_for_load_state()
    take(page, "case", lang)
    page.goto("/cases/new/")
    take(page, "call", lang, height=620)
    page.goto("/rules/F49/")
    take(page, "clause", lang)


def main() -> None:
    """Take all pictures, in both languages."""
    site = described(Path(sys.argv[1]), printed=Path(sys.argv[1]))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        for lang in LANGUAGES:
            phone = new_page(browser, site, lang=lang, width=390)
            number = report(phone, lang)
            answer(new_page(browser, site, lang=lang, width=1440), number, lang, site)
            phone.locator("main a.sa-btn-primary").click()
            phone.wait_for_load_state()
            take(phone, "matter", lang)
        browser.close()


if __name__ == "__main__":
    main()
