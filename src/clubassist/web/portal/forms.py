"""The forms of the member pages. Field names are those of the actions, so that a refusal finds its field."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from clubassist.core.actor import Actor
from clubassist.core.refusal import Refused
from clubassist.domain.club.models import Area, Club
from clubassist.pure.policy import Policy
from clubassist.web.portal.promises import member_kinds
from clubassist.web.portal.words import named, said
from clubassist.web.shared.uploads import UploadsForm


class PlainForm(forms.Form):
    """A form that the server checks: the browser must not stop anybody with its own bubbles."""

    use_required_attribute = False

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal of the action at its field, or above the form."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal.mend))


class ReportForm(UploadsForm, PlainForm):
    """What somebody wants to tell the club. Who is signed in is not asked who they are."""

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what it is about."),
            "invalid_choice": _("Choose one from the list."),
        },
    )
    narrative = forms.CharField(
        label=_("What happened?"),
        help_text=_("In your own words. You can also dictate it with your keyboard."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say in a few words what happened.")},
    )
    occurred_at = forms.DateTimeField(
        label=_("When was it?"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={"invalid": _("Give a date and a time, for example 2026-11-21 09:30.")},
    )
    area = forms.TypedChoiceField(
        label=_("Where was it?"),
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )
    place = forms.CharField(
        label=_("Where exactly?"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": _("for example: by the east basket")}),
    )
    people = forms.CharField(label=_("Who was involved?"), required=False, max_length=200)
    remedy_sought = forms.CharField(
        label=_("What would put it right?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    event = forms.CharField(
        label=_("Which match, camp or event was it?"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": _("for example: Saturday’s 3-on-3")}),
    )
    name = forms.CharField(
        label=_("What may we call you?"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Your phone number"),
        required=False,
        max_length=40,
        help_text=_("Only to reach you about this matter."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    anonymous = forms.BooleanField(
        label=_("Report without my name; I follow it with the tracking code"), required=False
    )

    def __init__(self, *args: Any, club: Club, policy: Policy, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, area = (
            cast("forms.ChoiceField", self.fields["kind"]),
            cast("forms.TypedChoiceField", self.fields["area"]),
        )
        kind.choices = [
            (row.code, said(row.member_choice)) for row in member_kinds(policy) if row.member_choice
        ]
        rows = Area.objects.visible_to(actor).filter(venue__club=club).select_related("venue")
        areas = {str(row.pk): row for row in rows.order_by("venue", "position")}
        labels = [(key, f"{named(row.venue)} · {named(row)}") for key, row in areas.items()]
        area.choices, area.coerce = [("", _("Choose a place")), *labels], areas.__getitem__
        if actor.person is not None:
            del self.fields["name"], self.fields["phone"]

    def clean(self) -> dict[str, Any]:
        """Refuse a name or number beside the wish to stay anonymous: dropping either would be wrong."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("anonymous") and (given.get("name") or given.get("phone")):
            self.add_error(
                "anonymous", _("To stay anonymous, empty your name and number; or take this tick away.")
            )
        return given


class TrackForm(PlainForm):
    """The two things that open a matter without signing in."""

    number = forms.CharField(
        label=_("Number"),
        max_length=30,
        widget=forms.TextInput(attrs={"placeholder": "GD-1187", "autocapitalize": "characters"}),
        error_messages={"required": _("Enter the number of your matter.")},
    )
    code = forms.CharField(
        label=_("Tracking code"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": _("Enter the tracking code.")},
    )

    def clean_number(self) -> str:
        """Return the number as it is stored, however it was typed: gd 1187, GD－1187."""
        found = re.fullmatch(r"([A-Z]{1,3})\W*([0-9]{1,12})", _plain(self.cleaned_data["number"]).upper())
        return f"{found[1]}-{found[2]}" if found else ""

    def clean_code(self) -> str:
        """Return the code as it stands in links: small letters and digits without groups."""
        return re.sub(r"[^0-9a-z]", "", _plain(self.cleaned_data["code"]).lower())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


class ConfirmForm(PlainForm):
    """Say that it is solved, with a score or without."""

    score = forms.TypedChoiceField(
        label=_("How satisfied are you?"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        choices=[
            ("5", _("Very satisfied")),
            ("4", _("Satisfied")),
            ("3", _("So-so")),
            ("2", _("Dissatisfied")),
            ("1", _("Very dissatisfied")),
        ],
    )


class ObjectForm(PlainForm):
    """Say that it is not solved."""

    text = forms.CharField(
        label=_("What is not solved yet?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say in a few words what is not solved.")},
    )


class OptionForm(PlainForm):
    """Which option of an offer was tapped."""

    option = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class DeclineForm(PlainForm):
    """Say no to an offer."""

    offer = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What does not suit you?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say in a few words what does not suit you.")},
    )


class WriteForm(UploadsForm, PlainForm):
    """Something to add to a matter."""

    text = forms.CharField(
        label=_("Add something"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write something before you send.")},
    )
