"""Getting in: by password, by a code on the phone; a wrong password locks one door, not the house."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, SignIn
from tests.journeys.site import Site
from tests.journeys.steps import MANAGER, phone_of, sign_in, sign_in_by_phone

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("browser")]

COACH = "zhaolei.lf"
TECHNICIAN = "zhangwei.lf"
MEMBER = "林晓彤"
MOST_TRIES = 5


def test_wrong_passwords_lock_the_name_and_not_the_code(open_page: Open, site: Site, staff: SignIn) -> None:
    phone = phone_of(open_page(state=staff(MANAGER)), MEMBER)
    page = open_page(width=390, script=False)
    page.goto("/accounts/login/")
    for _ in range(MOST_TRIES):
        sign_in(page, COACH, "not the password")
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.locator("[name=login]")).to_have_value(COACH)
    sign_in(page, COACH, site.passwords[COACH])
    expect(page.get_by_role("alert")).to_be_visible()

    sign_in_by_phone(page, phone, site)
    expect(page.get_by_role("heading", level=1)).to_contain_text(MEMBER)
    page.goto("/m/privacy/")
    expect(page.locator("table")).to_contain_text("回电核对场地情况")


def test_password_opens_the_desk_and_sign_out_closes_it(open_page: Open, site: Site) -> None:
    page = open_page()
    page.goto("/cases/")
    page.wait_for_url("**/accounts/login/**")
    sign_in(page, MANAGER, site.passwords[MANAGER])
    page.wait_for_url("**/cases/")
    page.evaluate("sessionStorage.setItem('sa-draft:probe', '[]')")
    page.locator("details.sa-menu summary").click()
    page.locator("[data-signout] button").click()
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate("sessionStorage.length") == 0
    page.goto("/cases/")
    page.wait_for_url("**/accounts/login/**")


@pytest.mark.req("F25")
def test_passkey_is_added_and_signs_in(open_page: Open, site: Site) -> None:
    page = open_page(lang="en")
    authenticator = page.context.new_cdp_session(page)
    authenticator.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    authenticator.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/accounts/login/")
    sign_in(page, TECHNICIAN, site.passwords[TECHNICIAN])
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("What you call this key").fill("front desk key")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Add a key").click()
    page.wait_for_url(re.compile("/accounts/2fa/(recovery-codes|webauthn)/"))
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("front desk key").first).to_be_visible()

    page.goto("/")
    page.locator("details.sa-menu summary").click()
    page.locator("[data-signout] button").click()
    page.wait_for_url("**/accounts/login/**")
    page.get_by_role("button", name="passkey").click()
    page.wait_for_url(f"{site.base_url}/")
    expect(page.locator(".sa-me")).to_be_visible()
