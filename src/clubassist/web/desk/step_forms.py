"""The forms of what follows the playbook: skipping, sending, reporting, calling back. See `forms`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clubassist.domain.cases.actions.following_up import OUTCOMES
from clubassist.domain.cases.models import Case, Task
from clubassist.domain.club.queries import policy_of
from clubassist.domain.people.models import Account
from clubassist.web.desk.forms import DeskForm, SeenForm
from clubassist.web.desk.page import said

OUTCOME_WORDS = {
    "solved": _("Reached: it is solved"),
    "not_solved": _("Reached: it is not solved"),
    "not_reached": _("Not reached"),
    "left_message": _("Left a message"),
    "no_objection": _("No objection after two tries"),
}


class SkipForm(DeskForm):
    """Leave a step out, with a reason."""

    reason = forms.CharField(
        label=_("Why is it left out?"),
        max_length=300,
        error_messages={"required": _("Say why these steps are left out.")},
    )


class CaseForm(DeskForm):
    """A form whose choices come from the rules that the case runs by."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy = policy_of(tuple(case.pack_versions))
        for name, rows in (("department", policy.departments), ("cause", policy.causes)):
            if name in self.fields:
                choices = [
                    ("", _("Please choose")),
                    *((str(code), said(title)) for code, title in rows.items()),
                ]
                self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's own setter


class AskForm(CaseForm):
    """Ask a department for something."""

    department = forms.ChoiceField(
        label=_("Department"), error_messages={"required": _("Choose a department.")}
    )
    words = forms.CharField(
        label=_("What should they do?"),
        max_length=300,
        help_text=_("The department reads this and the case's number, nothing else: leave out names."),
        error_messages={"required": _("Say what the department should do.")},
    )


class SendForm(AskForm):
    """Send a step of the playbook to a department."""

    words = forms.CharField(label=_("What should they know?"), max_length=300, required=False)


class ReportForm(CaseForm, SeenForm):
    """Write the closing report."""

    cause = forms.ChoiceField(label=_("Root cause"), error_messages={"required": _("Choose the root cause.")})
    text = forms.CharField(
        label=_("Closing report"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Drafted from what the case holds; put it right and add what is missing."),
        error_messages={"required": _("Write the report.")},
    )
    prevention = forms.CharField(
        label=_("What shall prevent a repeat"),
        max_length=300,
        required=False,
        help_text=_("The department reads these words alone; leave out who was concerned."),
    )
    department = forms.ChoiceField(label=_("Who sees to it"), required=False)


class ReadReportForm(DeskForm):
    """Give the receipt for the words that were on the page."""

    written_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)


class FollowUpForm(DeskForm):
    """Keep a follow-up call; the action asks for words and score where somebody spoke.

    That nobody objected is offered to the eye once that may be said (`unheard`).
    """

    outcome = forms.ChoiceField(
        label=_("The call"),
        choices=[(code, OUTCOME_WORDS[code]) for code in OUTCOMES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what came of the call.")},
    )
    score = forms.TypedChoiceField(
        label=_("Score, 5 is best"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "—"), *((str(n), str(n)) for n in range(5, 0, -1))],
    )
    text = forms.CharField(
        label=_("What the member said, or what message you left"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, unheard: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not unheard:
            offered = [(code, OUTCOME_WORDS[code]) for code in OUTCOMES if code != "no_objection"]
            self.fields["outcome"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField's own setter


class HandForm(DeskForm):
    """Give a task to a colleague."""

    assignee = forms.ModelChoiceField(
        Account.objects.none(),
        label=_("Colleague"),
        empty_label=_("Choose a colleague"),
        error_messages={"required": _("Choose a colleague who works at this club.")},
    )

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        takers = Account.objects.takers_at(task.case.club_id, task.sent_to)
        colleagues = takers.order_by("name", "pk")
        self.fields["assignee"].queryset = colleagues  # type: ignore[attr-defined]  # a ModelChoiceField's own setter
