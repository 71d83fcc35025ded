"""How people sign in: allauth with our accounts; codes by phone for members, a second factor for staff."""

from __future__ import annotations

import logging
import secrets
from typing import Any, Final, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.views import ConfirmLoginCodeView, password_change, request_login_code
from allauth.core import context, ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clubassist.core import vault
from clubassist.core.actor import SYSTEM
from clubassist.core.clock import now
from clubassist.core.refusal import Missing, Refused
from clubassist.domain.members.actions import give_account
from clubassist.domain.members.queries import member_by_phone
from clubassist.domain.people.actions import set_password
from clubassist.domain.people.models import Account
from clubassist.web.shared.sealed import sealed_for, unsealed
from clubassist.web.shared.signin_forms import PhoneField
from clubassist.web.shared.visitor import SignedRequest

logger = logging.getLogger("clubassist.sms")

KNOWN_BROWSER: Final = "known"
FRESH_SECONDS: Final = 300
YEAR: Final = 365 * 24 * 3600
PLACE: Final = "mfa.authenticator.data"
NOT_YET: Final = 0
"""The number that stands for the account of a member who has none until the first code came back right."""


class Adapter(DefaultAccountAdapter):
    """Ties allauth to accounts and to the phones of members."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: members are registered by the club, staff are hired."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Send staff to the desk and members to their home."""
        return "/" if cast("Account", request.user).is_staff else "/m/"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Send staff to the sign-in and members to the public home."""
        return "/m/" if getattr(request.user, "is_staff", None) is False else settings.LOGIN_URL

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Say at the sign-in that the account is closed; only its owner gets this far."""
        messages.error(request, _("This account is closed. Please ask your manager."))
        return redirect(settings.LOGIN_URL)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count wrong passwords per name and address, so that a stranger elsewhere does not lock the owner out."""
        return f"{self.get_client_ip(request)}:{str(credentials.get('username', '')).lower()}"

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """Remember that this browser has signed in to this account; the daily limit of codes spares it."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        response.set_signed_cookie(
            KNOWN_BROWSER,
            str(user.pk),
            salt=KNOWN_BROWSER,
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.PRODUCTION,
        )
        return response

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Keep the new password that somebody chose for themselves."""
        actor = cast("SignedRequest", context.request).actor
        set_password(account=cast("Account", user), password=password, actor=actor, at=now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to the page of one's own sign-in."""
        return reverse("mfa_index")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for proof again before a sign-in is changed, unless the last proof is under five minutes old."""
        proofs = get_authentication_records(context.request, cast("Account", context.request.user))
        return not proofs or now().timestamp() - proofs[-1]["at"] > FRESH_SECONDS

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        """Return a field that takes phone numbers however people write them."""
        return PhoneField(**kwargs)

    def generate_phone_verification_code(self, *, user: AbstractBaseUser, phone: str) -> str:
        """Return six digits, easy to read out and to type."""
        return f"{secrets.randbelow(1_000_000):06d}"

    def get_user_by_phone(self, phone: str) -> Account | None:
        """Return the account of the one member whose verified phone this is, or NOT_YET before the first sign-in."""
        person = member_by_phone(phone)
        if person is None:
            return None
        account = person.account or Account(pk=NOT_YET)
        return account if account.is_active else None

    def get_phone(self, user: AbstractBaseUser) -> tuple[str, bool] | None:
        """Return None: nobody signs in by phone and password, so allauth never needs the number itself."""
        return None

    def set_phone(self, user: AbstractBaseUser, phone: str, verified: bool) -> None:
        """Refuse: a member's phone is changed at the desk, never here."""
        raise NotImplementedError("A member's phone is changed by the club.")

    def set_phone_verified(self, user: AbstractBaseUser, phone: str) -> None:
        """Change nothing: a code that came back proves what the desk had verified already."""

    def send_verification_code_sms(
        self, user: AbstractBaseUser, phone: str, code: str, **kwargs: Any
    ) -> None:
        """Hand the code to the text-message provider; the stand-in prints it to the terminal.

        A number gets 20 codes a day at most from browsers that never signed in to its account, which bounds both
        guessing and pestering; the owner's own browser is not counted.
        """
        known = context.request.get_signed_cookie(KNOWN_BROWSER, "", salt=KNOWN_BROWSER) == str(user.pk)
        if known or ratelimit.consume(context.request, action="sms", key=phone):
            logger.info("code for %s: %s", vault.mask_phone(phone), code)

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Send nothing to a number we do not know, and count it all the same: neither page nor time tells (E5)."""
        ratelimit.consume(context.request, action="sms", key=phone)


def request_code(request: SignedRequest) -> HttpResponse:
    """Ask for a phone number and send a code to it. Raises Refused (503) where no text messages leave."""
    if settings.SMS == "none":
        raise Refused(
            "sms-missing",
            mend=_("Sign-in by text message is not set up here. Use the number and the code of your matter."),
            status=503,
        )
    return cast("HttpResponse", request_login_code(request))


def change_password(request: SignedRequest) -> HttpResponse:
    """Let a colleague choose another password. Raises Missing for who signs in without one."""
    if not cast("Account", request.user).has_usable_password():
        raise Missing
    return cast("HttpResponse", password_change(request))


class ConfirmCode(ConfirmLoginCodeView):
    """Takes the digits from the text message; the first right ones make the member's account."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign the member in."""
        state = self._process.state
        if state.get("user_id") == str(NOT_YET):
            person = member_by_phone(state["phone"])
            if person is None:
                self._process.abort()
                return redirect("account_request_login_code")
            account = give_account(person=person, actor=SYSTEM, at=now())
            state["user_id"] = str(account.pk)
        return super().form_valid(form)


class SecondFactor(DefaultMFAAdapter):
    """Keeps the secrets of second factors sealed, each under the key of its account."""

    def encrypt(self, text: str) -> str:
        """Return `text` sealed for the account that is signed in; its key is made at the first use."""
        return sealed_for(cast("int", context.request.user.pk), text, place=PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret. The sealed value names its owner, the row is not known to allauth here."""
        return unsealed(encrypted_text, place=PLACE)
