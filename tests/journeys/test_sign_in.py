"""Getting in: by password, by a code on the phone; a wrong password locks one door, not the house."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, SignIn
from tests.journeys.site import Site
from tests.journeys.steps import MANAGER, phone_of, sign_in, sign_in_by_phone

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("browser")]

COACH = "zhaolei.lf"
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
