"""The form for logging a call: what somebody told us, on the phone or at the desk (B18)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clubassist.domain.club.models import Area
from clubassist.web.desk.forms import EMOTION_WORDS, DeskForm, long_text, moment_field
from clubassist.web.desk.page import chinese


class _AreaField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django cannot subscript it at run time
    """Areas by their name in the reader's language."""

    def label_from_instance(self, area: Area) -> str:
        return area.name if chinese() else area.name_en


class IntakeForm(DeskForm):
    """Log what somebody told us, on the phone or at the desk. Only kind and story are needed (B18)."""

    who = forms.CharField(label=_("Last four digits, name or member number"), max_length=60, required=False)
    person = forms.UUIDField(required=False)
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    standing = forms.ChoiceField(
        label=_("They are"),
        choices=[("guest", _("Guest")), ("prospect", _("Prospect"))],
        initial="guest",
        required=False,
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the kinds on the form.")},
    )
    urgent = forms.BooleanField(label=_("Urgent: it cannot wait until tomorrow"), required=False)
    area = _AreaField(
        Area.objects.none(), label=_("Where"), required=False, empty_label=None, widget=forms.RadioSelect
    )
    place = forms.CharField(label=_("Where exactly"), max_length=120, required=False)
    narrative = long_text(
        _("What happened"), _("Say in a few words what happened."), rows=5, more={"data-suggest": "suggest"}
    )
    people = forms.CharField(label=_("Who was involved"), max_length=200, required=False)
    occurred_words = forms.CharField(
        label=_("When it happened"),
        max_length=80,
        required=False,
        help_text=_("In their words, for example: this morning"),
    )
    occurred_at = moment_field(label=_("Exact time"), required=False)
    remedy_sought = forms.CharField(label=_("What would put it right"), max_length=300, required=False)
    emotion = forms.ChoiceField(
        label=_("How they feel"), choices=[("", "—"), *EMOTION_WORDS.items()], required=False
    )
    complained_of = forms.CharField(
        label=_("Person complained of"),
        max_length=120,
        required=False,
        help_text=_("Name or how they know them, for example: the tall coach on Tuesday"),
    )
    event = forms.CharField(
        label=_("Which match, camp or event"),
        max_length=120,
        required=False,
        help_text=_("Name, place or time, for example: Saturday’s 3-on-3, court 2"),
    )
    channel = forms.ChoiceField(
        label=_("How they reached us"),
        choices=[("phone", _("By phone")), ("desk", _("At the desk"))],
        initial="phone",
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=_("Language for our messages"), choices=[("zh-hans", "中文"), ("en", "English")], required=False
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a ChoiceField's own setter
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]  # a ModelChoiceField's own setter
