"""Landing after the sign-in, the theme, the language."""

from __future__ import annotations

from django.test import Client

from clubassist.core.actor import Actor
from clubassist.domain.people.models import Account
from tests.web.desk.conftest import Browser


def test_welcome_sends_everybody_home(bos_desk: Client, browser: Browser, ann: Actor) -> None:
    assert bos_desk.get("/welcome/")["Location"] == "/"
    assert browser(Account.objects.get(pk=ann.account)).get("/welcome/")["Location"] == "/m/"
    assert "login" in Client().get("/welcome/")["Location"]


def test_theme_is_remembered_and_leads_back(bos_desk: Client) -> None:
    response = bos_desk.post("/theme/", {"theme": "dark", "next": "/cases/?view=mine"})
    assert response["Location"] == "/cases/?view=mine"
    assert 'data-bs-theme="dark"' in bos_desk.get("/").content.decode()


def test_theme_takes_no_other_word_and_leads_nowhere_else(bos_desk: Client) -> None:
    response = bos_desk.post("/theme/", {"theme": '"><script>', "next": "//evil.example/"})
    assert response["Location"] == "/"
    assert "theme" not in response.cookies
    assert 'data-bs-theme="auto"' in bos_desk.get("/").content.decode()


def test_page_offers_itself_in_the_other_language(bos_desk: Client) -> None:
    text = bos_desk.get("/cases/", {"view": "mine"}).content.decode()
    assert 'href="?view=mine&amp;lang=en"' in text
    assert 'lang="en"' in bos_desk.get("/cases/?view=mine&lang=en").content.decode()
