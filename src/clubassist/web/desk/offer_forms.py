"""The forms of finding out what is true and of offering something. See `forms`."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from clubassist.domain.cases.actions import Choice
from clubassist.domain.cases.actions.holding import FEN_OF_A_YUAN
from clubassist.domain.cases.models import Case, Offer
from clubassist.domain.cases.models.finding import CONCLUSIONS, EVIDENCE
from clubassist.domain.club.queries import policy_of
from clubassist.web.desk.forms import DeskForm, SeenForm
from clubassist.web.desk.page import said
from clubassist.web.desk.rows import CHANNELS
from clubassist.web.desk.step_forms import CaseForm
from clubassist.web.shared.uploads import UploadsForm

OPTIONS: Final = 3
"""How many options the page has room for."""
USUAL_CLAUSE: Final = "B24"
EVIDENCE_WORDS: Final = {
    "photo": _("Photo"),
    "record": _("Record"),
    "account": _("Account of somebody"),
    "visit": _("Visit to the place"),
    "other": _("Something else"),
}
CONCLUSION_WORDS: Final = {
    "true": _("True"),
    "partly": _("Partly true"),
    "not": _("Not true"),
    "undetermined": _("Cannot be determined"),
}
NO: Final = "no"
HEARD_BY: Final = ("phone", "desk", "mail", "wechat")


class EvidenceForm(UploadsForm, DeskForm):
    """Keep a piece of evidence."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(code, EVIDENCE_WORDS[code]) for code in EVIDENCE])
    words = forms.CharField(
        label=_("What does it show?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what it shows.")},
    )


class FindingForm(CaseForm, SeenForm):
    """Write the finding."""

    conclusion = forms.ChoiceField(
        label=_("Is what we were told true?"),
        choices=[(code, CONCLUSION_WORDS[code]) for code in CONCLUSIONS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you found.")},
    )
    summary = forms.CharField(
        label=_("What was found out"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say what was found out.")},
    )
    department = forms.ChoiceField(
        label=_("Department in question"),
        help_text=_("Its head reads this and signs."),
        error_messages={"required": _("Choose a department.")},
    )


class OfferForm(SeenForm):
    """Draw up an offer: one option, or up to three to choose from. Costs are typed in yuan."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy = policy_of(tuple(case.pack_versions))
        remedies = [(code, said(row.title)) for code, row in policy.remedies.items()]
        departments = [(str(code), said(title)) for code, title in policy.departments.items()]
        for number in range(1, OPTIONS + 1):
            fields: dict[str, forms.Field] = {
                "words": forms.CharField(
                    label=_("What do we offer?"),
                    help_text=_("The member reads these words."),
                    max_length=300,
                    required=number == 1,
                    widget=forms.Textarea(attrs={"rows": 2}),
                    error_messages={"required": _("Write what the member is offered.")},
                ),
                "remedy": forms.ChoiceField(label=_("Kind of remedy"), choices=remedies, required=False),
                "cost": forms.DecimalField(
                    label=_("Cost in yuan"),
                    min_value=0,
                    max_digits=12,
                    decimal_places=2,
                    required=False,
                    help_text=_("It is set aside at once; empty for nothing."),
                    error_messages={"invalid": _("Give an amount in yuan, for example 150.")},
                ),
                "clause": forms.CharField(
                    label=_("Clause it rests on"), max_length=10, required=False, initial=USUAL_CLAUSE
                ),
                "department": forms.ChoiceField(
                    label=_("Who carries it out?"),
                    choices=[("", _("As the remedy says")), *departments],
                    required=False,
                ),
            }
            self.fields.update({f"option{number}_{name}": field for name, field in fields.items()})

    @property
    def options(self) -> list[list[forms.BoundField]]:
        """The fields of each option, for the page."""
        names = ("words", "remedy", "cost", "clause", "department")
        return [[self[f"option{number}_{name}"] for name in names] for number in range(1, OPTIONS + 1)]

    def clean(self) -> dict[str, Any]:
        """Gather the options into `choices`, so that their places are those of the fields."""
        given: dict[str, Any] = super().clean() or {}
        choices: list[Choice] = []
        for number in range(1, OPTIONS + 1):
            words, cost = given.get(f"option{number}_words", ""), given.get(f"option{number}_cost")
            if not words:
                if cost and number > 1:
                    self.add_error(f"option{number}_words", _("Write what the member is offered."))
                continue
            if len(choices) < number - 1:
                self.add_error(f"option{number}_words", _("Fill in the option before this one first."))
                break
            choices.append(
                Choice(
                    words=words,
                    remedy=given.get(f"option{number}_remedy", ""),
                    clause=(given.get(f"option{number}_clause") or USUAL_CLAUSE).strip().upper(),
                    cost=int((cost or 0) * FEN_OF_A_YUAN),
                    department=given.get(f"option{number}_department", ""),
                )
            )
        return {"seen": given.get("seen"), "choices": choices}


class ReasonForm(DeskForm):
    """Withdraw an offer."""

    reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        max_length=300,
        error_messages={"required": _("Say why it is withdrawn.")},
    )


class AnswerForm(DeskForm):
    """Write down what the member said to an offer."""

    channel = forms.ChoiceField(
        label=_("How did it reach us?"), choices=[(code, CHANNELS[code][1]) for code in HEARD_BY]
    )
    text = forms.CharField(
        label=_("What the member said"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [
            (str(option.pk), _now("Agrees: {words}").format(words=option.words))
            for option in offer.options.order_by("position")
        ]
        self.fields["answer"] = forms.ChoiceField(
            label=_("The member’s answer"),
            choices=[*options, (NO, _("Does not agree"))],
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose what the member said.")},
        )
