"""The forms about the rules: adopting a version, beginning and writing a draft, publishing it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from clubassist.domain.club.actions.drafting import LARGEST_KILOBYTES
from clubassist.web.desk.forms import DeskForm, moment_field


class SinceForm(DeskForm):
    """From when on rules are in force."""

    effective_from = moment_field(
        label=_("In force from"), required=False, help_text=_("Leave it empty for: from now on.")
    )


class AdoptForm(SinceForm):
    """Choose a version."""

    version = forms.ChoiceField(
        label=_("Version"), error_messages={"required": _("Choose a version from the list.")}
    )
    field_order = ("version", "effective_from")

    def __init__(self, *args: Any, versions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = versions  # type: ignore[attr-defined]  # a ChoiceField's own setter


class TomlField(forms.FileField):
    """A file whose text is small enough for a draft; its cleaned value is that text."""

    def __init__(self, **kwargs: Any) -> None:
        self.widget = forms.FileInput(attrs={"accept": ".toml"})
        super().__init__(required=False, validators=[FileExtensionValidator(["toml"])], **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the text of the file, or an empty one without a file."""
        file: UploadedFile[bytes] | None = super().clean(data, initial)
        if not file:
            return ""
        if file.size is None or file.size > LARGEST_KILOBYTES * 1000:
            mend = _("The file has more than %(most)s kB. Split the rules into several packs.")
            raise forms.ValidationError(mend, params={"most": LARGEST_KILOBYTES})
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            mend = _("The file is no text in UTF-8. Save it as UTF-8 and try again.")
            raise forms.ValidationError(mend) from error


class BeginForm(DeskForm):
    """Begin a draft with a version in force, or with a file."""

    base = forms.ChoiceField(label=_("Begin with"), required=False, widget=forms.RadioSelect)
    file = TomlField(label=_("Or with a .toml file"))

    def __init__(self, *args: Any, bases: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base"].choices = bases  # type: ignore[attr-defined]  # a ChoiceField's own setter
        self.fields["base"].initial = bases[0][0] if bases else None


class DraftForm(DeskForm):
    """The text of a draft; a file takes the place of what stands in the field."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("The rules as TOML"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "autocapitalize": "off"}),
    )
    file = TomlField(label=_("Or a .toml file in its place"))


class PublishForm(SinceForm):
    """Publish the text that was reviewed."""

    seen = forms.CharField(widget=forms.HiddenInput)


class ReplanForm(DeskForm):
    """Agree to a preview."""

    seen = forms.CharField(widget=forms.HiddenInput)
