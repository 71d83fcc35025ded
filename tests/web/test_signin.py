"""Signing in: passwords and second factors for staff, codes by phone for members, and limits that lock nobody out."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from clubassist.core.clock import now
from clubassist.core.models import Entry
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account
from clubassist.domain.people.roles import NEEDS_SECOND_FACTOR, PERMISSIONS, ROLES
from clubassist.web.shared.doors import GUARDED
from tests.makers.people import PASSWORD, actor_of_member, make_account

LOGIN, CODE, CONFIRM = "/accounts/login/", "/accounts/login/code/", "/accounts/login/code/confirm/"
TOTP, FACTOR = "/accounts/2fa/totp/activate/", "/accounts/2fa/authenticate/"
PASSWORD_PAGE = "/accounts/password/"
HOME = "192.0.2.1"
ELSEWHERE = "198.51.100.7"


@pytest.fixture
def browser() -> Client:
    """A browser that reads English."""
    return english()


def english() -> Client:
    client = Client()
    client.cookies["lang"] = "en"
    return client


def sign_in(client: Client, username: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"login": username, "password": password}, **extra)


def codes(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the codes that went out by text message."""
    return [
        record.getMessage().rsplit(" ", 1)[1] for record in caplog.records if record.name == "clubassist.sms"
    ]


def bare(response: Any) -> str:
    """Return a page without what differs from one rendering to the next."""
    return re.sub(r'value="[^"]*"', "", response.content.decode())


def totp_now(secret: str) -> str:
    *_, step, _later = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, step))


def set_up_totp(client: Client) -> str:
    """Set up an authenticator app for who is signed in; return its secret."""
    found = re.search(r"<b>([A-Z2-7]{32})</b>", client.get(TOTP).content.decode())
    assert found
    response = client.post(TOTP, {"code": totp_now(found[1])})
    assert response["Location"] == "/accounts/2fa/recovery-codes/", response.content
    return found[1]


def test_password_leads_staff_to_the_desk(browser: Client, bo_account: Account) -> None:
    response = sign_in(browser, "BO")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert browser.get("/").status_code == 200


def test_password_wrong_for_a_known_and_an_unknown_name_is_one_answer(
    browser: Client, bo_account: Account
) -> None:
    known, unknown = sign_in(browser, "bo", "wrong password"), sign_in(browser, "nobody", "wrong password")
    assert "not correct" in known.content.decode()
    assert bare(known) == bare(unknown)


def test_password_of_a_closed_account_opens_nothing(browser: Client, bo_account: Account) -> None:
    Account.objects.filter(pk=bo_account.pk).update(is_active=False)
    assert sign_in(browser, "bo")["Location"] == LOGIN
    assert "This account is closed." in browser.get(LOGIN).content.decode()
    assert browser.get("/").status_code == 302


def test_password_is_changed_by_its_owner_and_ends_other_sessions(
    browser: Client, bo_account: Account
) -> None:
    elsewhere = english()
    for client in (browser, elsewhere):
        sign_in(client, "bo")
    new = "a ferry full of lamps"
    form = {"oldpassword": "guess", "password1": new, "password2": new}
    assert browser.post(PASSWORD_PAGE, form).status_code == 200
    weak = browser.post(PASSWORD_PAGE, form | {"oldpassword": PASSWORD, "password1": "1", "password2": "1"})
    assert "at least 10 characters" in weak.content.decode()
    assert browser.post(PASSWORD_PAGE, form | {"oldpassword": PASSWORD})["Location"] == "/accounts/2fa/"
    assert browser.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert Entry.objects.filter(fact="PasswordSet", actor=f"staff:{bo_account.pk}").count() == 1
    assert sign_in(english(), "bo", new)["Location"] == "/"


def test_sign_in_by_code_says_so_where_no_text_messages_leave(browser: Client, settings: Settings) -> None:
    settings.SMS = "none"
    answer = browser.get(CODE)
    assert answer.status_code == 503  # sms-missing
    assert "Use the number and the code of your matter." in answer.content.decode()


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_password_never_leads_to_another_site(there: str, browser: Client, bo_account: Account) -> None:
    response = browser.post(LOGIN, {"login": "bo", "password": PASSWORD, "next": there})
    assert response["Location"] == "/"


def test_wrong_passwords_from_elsewhere_do_not_lock_the_owner_out(bo_account: Account) -> None:
    attacker, owner = english(), english()
    for _ in range(5):
        sign_in(attacker, "bo", "guess", REMOTE_ADDR=ELSEWHERE)
    refused = sign_in(attacker, "bo", REMOTE_ADDR=ELSEWHERE)
    assert "Too many failed login attempts" in refused.content.decode(), "not even with the right password"
    assert sign_in(owner, "bo", REMOTE_ADDR=HOME)["Location"] == "/"


def test_wrong_passwords_leave_the_code_open(
    browser: Client, ann_person: Person, bo_account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(6):
        sign_in(browser, "bo", "guess")
    browser.post(CODE, {"phone": "13800138000"})
    assert browser.post(CONFIRM, {"code": codes(caplog)[0]})["Location"] == "/m/"


def test_second_factor_is_asked_for_and_its_secret_is_sealed(browser: Client, cy_account: Account) -> None:
    sign_in(browser, "cy")
    secret = set_up_totp(browser)
    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)
    assert stored.wrap().validate_code("000000") is False
    recovery = browser.get("/accounts/2fa/recovery-codes/")
    assert recovery.status_code == 200

    later = english()
    assert sign_in(later, "cy")["Location"] == FACTOR
    assert later.get("/").status_code == 302
    assert "Incorrect code" in later.post(FACTOR, {"code": "000000"}).content.decode()
    code = totp_now(secret)
    assert later.post(FACTOR, {"code": code})["Location"] == "/"
    assert later.get("/").status_code == 200

    again = english()
    sign_in(again, "cy")
    assert "Incorrect code" in again.post(FACTOR, {"code": code}).content.decode(), "a code is good once"
    spare = re.search(r'<li class="sa-num">(\d{8})</li>', recovery.content.decode())
    assert spare
    assert again.post(FACTOR, {"code": spare[1]})["Location"] == "/"


def test_second_factor_waits_sealed_until_its_first_code(browser: Client, cy_account: Account) -> None:
    sign_in(browser, "cy")
    found = re.search(r"[A-Z2-7]{32}", browser.get(TOTP).content.decode())
    assert found
    kept = [row.get_decoded() for row in Session.objects.all()]
    assert kept
    assert found[0] not in str(kept)
    wrong = browser.post(TOTP, {"code": "000000"})
    assert "Incorrect code" in wrong.content.decode()
    assert found[0] in wrong.content.decode(), "the picture that was scanned stays good"


@pytest.mark.parametrize("role", ROLES)
def test_roles_with_more_rights_set_up_a_second_factor_first(
    role: str, browser: Client, club: Club, settings: Settings
) -> None:
    settings.DEMO = False
    make_account("somebody", role, club)
    sign_in(browser, "somebody")
    response = browser.get("/")
    if role in NEEDS_SECOND_FACTOR:
        assert GUARDED & PERMISSIONS[role]
        assert (response.status_code, response["Location"]) == (302, TOTP)
        assert browser.get("/accounts/2fa/").status_code == 200
        set_up_totp(browser)
    assert browser.get("/").status_code == 200


def test_code_by_phone_signs_a_member_in(
    browser: Client, ann_person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    response = browser.post(f"{CODE}?next=/m/me/", {"phone": "１３８ 0013-8000", "next": "/m/me/"})
    assert (response.status_code, response["Location"]) == (302, f"{CONFIRM}?next=%2Fm%2Fme%2F")
    (code,) = codes(caplog)
    assert re.fullmatch(r"[0-9]{6}", code)
    assert "13800138000" not in caplog.text
    assert "Incorrect code" in browser.post(CONFIRM, {"code": "12345x"}).content.decode()
    assert browser.post(CONFIRM, {"code": code, "next": "/m/me/"})["Location"] == "/m/me/"
    assert "安然" in browser.get("/m/me/").content.decode()
    assert browser.get("/").status_code == 404, "members have no desk"
    assert Account.objects.get(person=ann_person).is_staff is False


def test_account_is_made_by_the_right_code_alone(
    browser: Client, ann_person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    browser.post(CODE, {"phone": "13800138000"})
    browser.post(CONFIRM, {"code": "x"})
    assert not Account.objects.exists()
    assert browser.post(CONFIRM, {"code": codes(caplog)[0]})["Location"] == "/m/"
    assert Account.objects.get().person == ann_person
    assert browser.get("/m/me/").status_code == 200


def test_account_made_meanwhile_in_another_browser_is_the_same(
    ann_person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    phone, tablet = english(), english()
    for client in (phone, tablet):
        client.post(CODE, {"phone": "13800138000"})
    for client, code in zip((phone, tablet), codes(caplog), strict=True):
        assert client.post(CONFIRM, {"code": code})["Location"] == "/m/"
    assert Account.objects.count() == 1


def test_right_code_for_a_phone_that_lost_its_member_signs_nobody_in(
    browser: Client, ann_person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    browser.post(CODE, {"phone": "13800138000"})
    ann_person.contacts.update(verified_at=None)
    assert browser.post(CONFIRM, {"code": codes(caplog)[0]})["Location"] == CODE
    assert not Account.objects.exists()


def test_code_is_good_five_times_and_five_minutes(
    browser: Client, ann_person: Person, caplog: pytest.LogCaptureFixture, time_machine: Any
) -> None:
    browser.post(CODE, {"phone": "13800138000"})
    for _ in range(4):
        assert browser.post(CONFIRM, {"code": "x"}).status_code == 200
    assert browser.post(CONFIRM, {"code": "x"})["Location"] == CODE
    assert browser.post(CONFIRM, {"code": codes(caplog)[0]})["Location"] == CODE
    browser.post(CODE, {"phone": "13800138000"})
    time_machine.move_to(now() + timedelta(seconds=301))
    browser.post(CONFIRM, {"code": codes(caplog)[1]})
    assert browser.get("/m/me/").status_code == 302


def test_unknown_phone_looks_the_same_and_costs_no_message(
    ann_person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    known, unknown = english(), english()
    asked = [
        known.post(CODE, {"phone": "13800138000"}, follow=True),
        unknown.post(CODE, {"phone": "13800138999"}, follow=True),
    ]
    assert asked[0].redirect_chain == asked[1].redirect_chain
    assert bare(asked[0]) == bare(asked[1])
    assert len(codes(caplog)) == 1
    wrong = [client.post(CONFIRM, {"code": "x"}) for client in (known, unknown)]
    assert bare(wrong[0]) == bare(wrong[1])
    assert unknown.post(CONFIRM, {"code": ""}).status_code == 200
    assert unknown.get("/m/me/").status_code == 302


@pytest.mark.parametrize("signed_in_before", [True, False])
def test_unknown_phone_costs_as_many_statements(ann_person: Person, signed_in_before: bool) -> None:
    if signed_in_before:
        actor_of_member(ann_person)
    costs: list[int] = []
    for phone in ("13800138000", "13800138999"):
        with CaptureQueriesContext(connection) as asked:
            english().post(CODE, {"phone": phone}, REMOTE_ADDR=f"192.0.2.{len(costs) + 9}")
        costs.append(len(asked))
    assert costs[0] == costs[1], "time tells nothing either (E5)"


def test_code_requests_from_elsewhere_do_not_block_the_owner(
    ann_person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    def ask(address: str) -> str:
        return english().post(CODE, {"phone": "13800138000"}, REMOTE_ADDR=address).content.decode()

    assert [bool(ask(ELSEWHERE)) for _ in range(4)] == [False] * 3 + [True]
    assert not ask(HOME)
    assert len(codes(caplog)) == 4


def test_codes_a_day_are_limited_except_for_the_owners_browser(
    ann_person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    owner = english()
    owner.post(CODE, {"phone": "13800138000"}, REMOTE_ADDR=HOME)
    owner.post(CONFIRM, {"code": codes(caplog)[0]}, REMOTE_ADDR=HOME)
    owner.post("/accounts/logout/")
    for number in range(30):
        english().post(CODE, {"phone": "13800138000"}, REMOTE_ADDR=f"198.51.100.{number}")
    assert len(codes(caplog)) == 20
    owner.post(CODE, {"phone": "13800138000"}, REMOTE_ADDR=HOME)
    assert owner.post(CONFIRM, {"code": codes(caplog)[-1]}, REMOTE_ADDR=HOME)["Location"] == "/m/"


@pytest.mark.parametrize(
    "address", ["signup/", "email/", "password/reset/", "password/change/", "phone/change/"]
)
def test_addresses_of_allauth_that_we_do_not_use_are_not_there(
    address: str, browser: Client, db: None
) -> None:
    assert browser.get(f"/accounts/{address}").status_code == 404


def test_sign_out_needs_a_post(browser: Client, bo_account: Account) -> None:
    sign_in(browser, "bo")
    assert browser.get("/accounts/logout/").status_code == 405
    assert browser.post("/accounts/logout/")["Location"] == LOGIN
    assert browser.get("/").status_code == 302


@pytest.mark.parametrize("bad", ["\x00", "\ud800", "x" * 5000, "' or 1=1 --"])
def test_sign_in_survives_strange_text(bad: str, browser: Client, db: None) -> None:
    for address, field in ((LOGIN, "login"), (LOGIN, "password"), (CODE, "phone")):
        sent = {"login": "bo", "password": "guess", field: bad}
        body = "&".join(f"{name}={_quoted(value)}" for name, value in sent.items())
        response = browser.post(address, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code == 200, (address, field)


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode(errors="surrogatepass"))


def test_passkey_login_hands_out_a_challenge(browser: Client, db: None) -> None:
    response = browser.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert response.json()["request_options"]["publicKey"]["challenge"]
    assert browser.post("/accounts/2fa/webauthn/login/", {"credential": "{}"})["Location"] == LOGIN


def test_sign_in_is_changed_only_where_it_was_proved(browser: Client, cy_account: Account) -> None:
    browser.force_login(cy_account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get(TOTP)["Location"].startswith("/accounts/reauthenticate/")


def test_sign_in_is_changed_only_after_fresh_proof(
    browser: Client, cy_account: Account, time_machine: Any
) -> None:
    sign_in(browser, "cy")
    time_machine.move_to(now() + timedelta(seconds=301))
    asked = browser.get(TOTP)
    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
    assert "Incorrect password" in browser.post(asked["Location"], {"password": "guess"}).content.decode()
    assert browser.post(asked["Location"], {"password": PASSWORD, "next": TOTP})["Location"] == TOTP
    assert browser.get(TOTP).status_code == 200


def test_keys_can_be_added_only_by_who_proved_themselves(browser: Client, cy_account: Account) -> None:
    assert browser.get("/accounts/2fa/webauthn/add/").status_code == 302
    sign_in(browser, "cy")
    page = browser.get("/accounts/2fa/webauthn/add/").content.decode()
    assert "js_data" in page
    assert browser.get("/accounts/2fa/webauthn/").status_code == 200
