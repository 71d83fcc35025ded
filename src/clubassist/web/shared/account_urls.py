"""The sign-in addresses that exist: allauth's views behind our doors, and no others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.http import HttpResponseBase
from django.urls import path

from clubassist.web.shared.doors import public, staff
from clubassist.web.shared.signin import ConfirmCode, change_password, request_code

BOTH = ("GET", "POST")
View = Callable[..., HttpResponseBase]


def _public(view: Any) -> View:
    return public(methods=BOTH)(view)


def _staff(view: Any, *, methods: tuple[str, ...] = BOTH) -> View:
    return staff(methods=methods, before_second_factor=True)(view)


urlpatterns = [
    path("login/", _public(account.login), name="account_login"),
    path("login/code/", _public(request_code), name="account_request_login_code"),
    path("login/code/confirm/", _public(ConfirmCode.as_view()), name="account_confirm_login_code"),
    path("logout/", public(methods=("POST",))(account.logout), name="account_logout"),
    path("reauthenticate/", _staff(account.reauthenticate), name="account_reauthenticate"),
    path("password/", _staff(change_password), name="account_change_password"),
    path("2fa/", _staff(mfa.index, methods=("GET",)), name="mfa_index"),
    path("2fa/authenticate/", _public(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", _staff(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", _staff(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", _staff(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "2fa/recovery-codes/",
        _staff(recovery.view_recovery_codes, methods=("GET",)),
        name="mfa_view_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/generate/",
        _staff(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("2fa/webauthn/", _staff(webauthn.list_webauthn, methods=("GET",)), name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", _staff(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", _public(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path(
        "2fa/webauthn/reauthenticate/",
        _staff(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("2fa/webauthn/keys/<int:pk>/remove/", _staff(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
]
