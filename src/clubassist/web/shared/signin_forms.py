"""The sign-in forms where allauth's own do not fit: names for staff, Chinese phone numbers for members."""

from __future__ import annotations

from typing import Any, Final

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from clubassist.core import vault

SEALED: Final = "sealed:"


class PhoneField(forms.CharField):
    """A phone number however people write it; cleaned to its normal form (+8613800138000)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Mobile number"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the normal form. Raises ValidationError that says how to write it."""
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return vault.normal_phone(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class PasswordForm(account_forms.LoginForm):
    """Name and password; names are never taken for phone numbers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
        self.fields["login"] = forms.CharField(label=_("User name"), max_length=60, widget=name)
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""
        self.order_fields(["login", "password"])

    def user_credentials(self) -> dict[str, str]:
        """Return what the password is checked against."""
        return {"username": self.cleaned_data["login"], "password": self.cleaned_data["password"]}


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """The password there is, and twice the one to come."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "oldpassword": _("Present password"),
            "password1": _("New password"),
            "password2": _("New password once more"),
        }
        for name, label in words.items():
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.widget.attrs.pop("placeholder", None)


class PhoneForm(account_forms.RequestLoginCodeForm):
    """A member's phone. Requests are counted per number and address, so that a stranger does not block the owner."""

    def clean_phone(self) -> str:
        """Return the number and find its account, or None for a number we do not know. Raises when asked too often."""
        phone: str = self.cleaned_data["phone"]
        adapter = get_adapter()
        key = f"{adapter.get_client_ip(context.request)}:{phone}"
        if not ratelimit.consume(context.request, action="request_login_code", key=key):
            raise adapter.validation_error("rate_limited")
        self._user = adapter.get_user_by_phone(phone)
        return phone


class SixDigits(forms.Form):
    """A form with a code of six digits that the phone offers to fill in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})
        self.fields["code"].widget, self.fields["code"].label = code, _("Code")


class CodeForm(SixDigits, account_forms.ConfirmLoginCodeForm):
    """The digits from the text message."""


class FactorForm(SixDigits, mfa_forms.AuthenticateForm):
    """The digits from the authenticator app, or a recovery code, at the sign-in."""


class FactorAgain(SixDigits, mfa_forms.ReauthenticateForm):
    """The same before the sign-in is changed."""


class AddKey(webauthn_forms.AddWebAuthnForm):
    """A passkey or security key and what its owner calls it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What you call this key")
        self.fields["passwordless"].label = _("Sign in with this key alone")
        self.fields["passwordless"].help_text = _("The key then asks for your fingerprint, face or PIN.")


class ActivateTOTP(SixDigits, totp_forms.ActivateTOTPForm):
    """Sets up an authenticator app; until the first code is right the secret waits sealed in the session."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        adapter = get_mfa_adapter()
        if self.secret.startswith(SEALED):
            self.secret = adapter.decrypt(self.secret.removeprefix(SEALED))
        else:
            context.request.session[SECRET_SESSION_KEY] = SEALED + adapter.encrypt(self.secret)
