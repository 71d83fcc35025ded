"""What on a case waits for its reader: the next deeds, in order, and the panels that stand open for them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

MOST_DEEDS: Final = 3
PANEL_OF: Final = {
    "evidence": "finding",
    "finding": "finding",
    "offer": "offers",
    "answer": "offers",
    "withdraw": "offers",
    "report": "report",
    "follow_up": "calls",
    "merge": "matter",
    "link": "matter",
    "facts": "facts",
    "class": "facts",
    "assign": "who",
    "contact": "who",
}
"""The panel in which each form stands: one that was refused is open."""


class Deed(NamedTuple):
    """Something that the reader should do next, and where on the page it is done."""

    words: str
    panel: str


def waiting(page: dict[str, Any], *, owned: bool) -> dict[str, Any]:
    """Return the reader's next deeds on a case and which panels are open, from what else its page shows."""
    deeds = list(_deeds(page, owned=owned))
    panels = {deed.panel for deed in deeds}
    failed = page["failed"].partition("-")[0]
    if failed in PANEL_OF:
        panels.add(PANEL_OF[failed])
    return {"deeds": deeds[:MOST_DEEDS], "panels": panels}


def _deeds(page: dict[str, Any], *, owned: bool) -> list[Deed]:
    may, case = page["may"], page["case"]
    offers = [deed for offer in page.get("offers", ()) for deed in offer.may]
    signs = any(line.may_sign for line in page["finding"]["signatures"]) if page.get("finding") else False
    found_out = page.get("finding") and page["finding"]["own"]
    verifies = page.get("may_write_finding") and not found_out and page["verifying"]
    unread = any(report["row"] for report in page["reports"])
    found = (
        (case.awaits_reply and may["reply"], _("Answer the member"), "reply_text"),
        (not owned and may["assign"], _("Take the case or give it to somebody"), "who"),
        (page["may_decide"], _("Decide about the longer limit"), "clocks"),
        (bool(page["alike"]), _("Look whether it is the same matter"), "matter"),
        (page["missing"] and may["note"], _("Fill in what is missing"), "facts"),
        (signs, _("Sign the finding"), "finding"),
        (verifies, _("Find out what is true"), "finding"),
        ("approve" in offers, _("Approve the offer"), "offers"),
        ("send" in offers, _("Tell the member of the offer"), "offers"),
        ("answer" in offers, _("Write down the member’s answer"), "offers"),
        (page.get("unstarted"), _("Ask a department to carry it out"), "offers"),
        (page.get("may_offer"), _("Draw up an offer"), "offers"),
        (page["report_due"], _("Write the closing report"), "report"),
        (unread, _("Read the closing report"), "report"),
        (page["call_due"] and page["may_call"], _("Make the follow-up call"), "calls"),
    )
    return [Deed(words, panel) for holds, words, panel in found if holds]
