"""One form for each action of the desk. A form keeps what was typed and shows a refusal at the field it names."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from clubassist.core.actor import Actor
from clubassist.core.refusal import Refused
from clubassist.domain.cases.actions.ending import RESOLUTIONS
from clubassist.domain.cases.actions.reclassifying import OWES_LESS, RISING, kinds_for, urgencies_for
from clubassist.domain.cases.models import Case
from clubassist.domain.channels.models import StaffNotice
from clubassist.domain.club.queries import policy_of
from clubassist.domain.people.models import Account
from clubassist.pure.policy import Subclass, UnknownKind
from clubassist.web.desk.page import said
from clubassist.web.shared.uploads import UploadsForm

T = TypeVar("T")
SOMETHING = _("Write something before you send.")
MOMENT = "%Y-%m-%dT%H:%M"
RESOLUTION_WORDS = {
    "solved": _("Solved"),
    "answered": _("Answered"),
    "not_agreed": _("No agreement"),
    "no_fault_found": _("Nothing found wrong"),
    "withdrawn": _("Withdrawn by the member"),
}


CALL_WORDS = {
    "reached": _("Reached the member"),
    "not_reached": _("Not reached"),
    "left_message": _("Left a message"),
}


URGENCY_WORDS = {"normal": _("Normal"), "urgent": _("Urgent"), "emergency": _("Emergency")}
EMOTION_WORDS = {"calm": _("Calm"), "upset": _("Upset"), "angry": _("Angry")}
REASON_WORDS = {
    "shift_end": _("End of the shift"),
    "better_placed": _("Somebody else is better placed"),
    "workload": _("Too much work"),
    "absence": _("Absence"),
    "other": _("Another reason"),
}
LINK_WORDS = {
    "related": _("related to this one"),
    "parent": _("the parent of this one"),
    "caused_by": _("the cause of this one"),
}


class DeskForm(forms.Form):
    """A form with the HTTP status that its page should answer with: 200, 422, or what the action refused with."""

    status = 200

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def attempt(self, act: Callable[[], T], *, let_pass: Container[int] = (404,)) -> T | None:
        """Return what the action returned; None when the form or the action refused, with the error at its field.

        Lets refusals of some statuses pass, above all Missing: a thing out of sight is a page that does not exist.
        """
        if not self.is_valid():
            self.status = 422
            return None
        try:
            return act()
        except Refused as refusal:
            if refusal.status in let_pass:
                raise
            self.add_error(refusal.field if refusal.field in self.fields else None, refusal.mend)
            self.status = refusal.status
            return None


def moment_field(**changes: Any) -> forms.DateTimeField:
    """Return a field for a moment, typed in the zone that the page shows its times in."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(widget=widget, **changes)


def long_text(
    label: Any,
    needed: Any,
    *,
    rows: int = 3,
    max_length: int | None = None,
    more: dict[str, str] | None = None,
) -> forms.CharField:
    """Return a text of several lines; `needed` is what an empty one is told, `more` are attributes of its element."""
    return forms.CharField(
        label=label,
        max_length=max_length,
        widget=forms.Textarea(attrs={"rows": rows, **(more or {})}),
        error_messages={"required": needed},
    )


def subclasses_of(case: Case) -> tuple[Subclass, ...]:
    """Return what a case of this kind may be about more exactly; nothing for a kind that its rules lack."""
    try:
        return policy_of(tuple(case.pack_versions)).kind(case.kind).subclasses
    except UnknownKind:
        return ()


class SeenForm(DeskForm):
    """A form that says which version of the case its writer looked at, so that nobody is overrun in silence."""

    seen = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class ReplyForm(SeenForm):
    """Answer the member in writing."""

    text = long_text(_("Reply to the member"), SOMETHING)


class CallForm(SeenForm):
    """Keep a call; the action asks for the words where somebody spoke."""

    outcome = forms.ChoiceField(
        label=_("The call"),
        choices=list(CALL_WORDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you reached the member.")},
    )
    text = forms.CharField(
        label=_("What was said on the phone"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class NoteForm(UploadsForm, DeskForm):
    """Leave an internal note."""

    text = long_text(_("Internal note, the member does not see it"), SOMETHING)


class AssignForm(SeenForm):
    """Give the case to a colleague."""

    owner = forms.ModelChoiceField(
        Account.objects.none(),
        label=_("Owner"),
        empty_label=_("Choose a colleague"),
        error_messages={"required": _("Choose a colleague who works at this club.")},
    )

    reason = forms.ChoiceField(
        label=_("Why it is handed on"), required=False, choices=[("", "—"), *REASON_WORDS.items()]
    )
    note = forms.CharField(label=_("A word to the next owner"), max_length=300, required=False)

    def __init__(self, *args: Any, club_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Account.objects.assignable_in(club_id).order_by("name", "pk")
        self.fields["owner"].queryset = colleagues  # type: ignore[attr-defined]  # a ModelChoiceField's own setter


class PauseForm(SeenForm):
    """Let a clock stand still; `reasons` are those that its deadline allows."""

    reason = forms.ChoiceField(label=_("Why it stands still"))
    evidence = forms.CharField(
        label=_("What shows it"),
        max_length=300,
        help_text=_("For example: asked by phone for the receipt, 14:20"),
        error_messages={
            "required": _("Say what shows it, for example: asked by phone for the receipt, 14:20.")
        },
    )

    def __init__(self, *args: Any, reasons: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]  # a ChoiceField's own setter


class AskComplexForm(SeenForm):
    """Ask for the longer limit of a complex case."""

    reason = forms.CharField(
        label=_("What makes it complex"),
        max_length=300,
        error_messages={
            "required": _("Say what makes it complex, for example: the maker must examine the machine.")
        },
    )


class DecideComplexForm(SeenForm):
    """Approve such a request or refuse it; the action asks for the words where it is refused."""

    approve = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Approve")), ("no", _("Refuse"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you approve it.")},
    )
    remark = forms.CharField(label=_("Why not"), max_length=300, required=False)


class _NumberField(forms.CharField):
    """A case's number as somebody types it."""

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).upper()


class MergeForm(SeenForm):
    """Name the case that goes on with this matter."""

    into = _NumberField(
        label=_("Number of the case that goes on"),
        max_length=20,
        error_messages={"required": _("Give the number of the other case.")},
    )


class LinkForm(SeenForm):
    """Name a case that belongs to this one, and how."""

    other = _NumberField(
        label=_("Number of the other case"),
        max_length=20,
        error_messages={"required": _("Give the number of the other case.")},
    )
    kind = forms.ChoiceField(label=_("It is"), choices=list(LINK_WORDS.items()))


class ContactForm(SeenForm):
    """Promise when the member hears from us next."""

    contact_at = moment_field(
        label=_("Next contact with the member"),
        error_messages={"required": _("Choose a time within the next 60 days.")},
    )


class FactsForm(SeenForm):
    """Fill in what intake lacked, or put right what is there; what happened only where nobody has said it yet."""

    narrative = forms.CharField(
        label=_("What happened"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    occurred_words = forms.CharField(label=_("When it happened"), max_length=80, required=False)
    place = forms.CharField(label=_("Where"), max_length=120, required=False)
    people = forms.CharField(label=_("Who was involved"), max_length=200, required=False)
    remedy_sought = forms.CharField(label=_("What would put it right"), max_length=300, required=False)
    emotion = forms.ChoiceField(
        label=_("How they feel"), choices=[("", "—"), *EMOTION_WORDS.items()], required=False
    )
    subclass = forms.ChoiceField(label=_("What exactly it is about"), required=False)
    complained_of = forms.CharField(label=_("Person complained of"), max_length=120, required=False)
    event = forms.CharField(label=_("Which match, camp or event"), max_length=120, required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if case.narrative:
            del self.fields["narrative"]
        known = [(row.code, said(row.title)) for row in subclasses_of(case)]
        if known:
            self.fields["subclass"].choices = [("", "—"), *known]  # type: ignore[attr-defined]  # its own setter
        else:
            del self.fields["subclass"]


class ClassForm(SeenForm):
    """Judge the case anew, as one of the kinds that the reader may give it."""

    kind = forms.ChoiceField(label=_("Kind"), error_messages={"invalid_choice": OWES_LESS})
    urgency = forms.ChoiceField(label=_("Urgency"))
    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        error_messages={"required": _("Say why, for example: a machine, not the floor.")},
    )

    def __init__(self, *args: Any, case: Case, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = kinds_for(case, actor)
        urgencies = dict.fromkeys(one for kind in kinds for one in urgencies_for(kind, case))
        for name, now, choices in (
            ("kind", case.kind, [(kind.code, said(kind.title)) for kind in kinds]),
            ("urgency", case.urgency, [(one, URGENCY_WORDS[one]) for one in RISING if one in urgencies]),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's own setter
            self.fields[name].initial = now


class ResolveForm(SeenForm):
    """Tell the member the result."""

    resolution = forms.ChoiceField(
        label=_("Result"), choices=[(code, RESOLUTION_WORDS[code]) for code in RESOLUTIONS]
    )
    text = long_text(
        _("What was done, for the member to read"),
        _("Write what was done, for the member to read."),
        max_length=10_000,
    )
    reason = forms.CharField(
        label=_("Why the open steps are left out"),
        max_length=300,
        required=False,
        help_text=_("Only while steps of the playbook are open."),
    )


class SearchForm(DeskForm):
    """Look for people, or for a case by its number."""

    q = forms.CharField(label=_("Search"), max_length=60, required=False)


class RevealForm(DeskForm):
    """Say why the full number is needed."""

    reason = forms.CharField(
        label=_("Why do you need it?"),
        max_length=200,
        error_messages={"required": _("Say why you need the number, for example: call back.")},
    )


class ReadForm(DeskForm):
    """Mark the notices on the page as read; later ones stay."""

    until = forms.ModelChoiceField(StaffNotice.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, mine: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].queryset = mine  # type: ignore[attr-defined]  # a ModelChoiceField's own setter
