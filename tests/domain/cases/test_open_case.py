"""Opening a case: the four facts, the clocks, one commit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clubassist.core import tokens
from clubassist.core.actor import Actor
from clubassist.core.models import Entry, EntrySubject
from clubassist.core.refusal import Refused
from clubassist.domain.cases.actions import open_case
from clubassist.domain.cases.models import Case, Clock, Task
from clubassist.domain.channels.models import Message
from clubassist.domain.club.models import Club
from clubassist.domain.members.actions import NewPerson
from tests.makers.cases import make_case, make_report, open_one
from tests.makers.people import GUEST


def clocks(case: Case) -> dict[str, timedelta]:
    return {clock.promise: clock.due_at - clock.started_at for clock in case.clocks.all()}


@pytest.mark.req("F49")
def test_open_case_starts_the_complaint_clocks_from_receipt(club: Club, at: datetime) -> None:
    case = make_case(club, at=at)
    assert clocks(case) == {
        "first_response": timedelta(hours=24),
        "solution": timedelta(hours=24),
        "recorded": timedelta(minutes=10),
        "judged": timedelta(minutes=15),
        "verified": timedelta(hours=24),
    }
    assert case.next_due_at == at + timedelta(hours=24)
    assert {clock.strictness for clock in case.clocks.all()} == {"breach", "target"}


def test_open_case_gives_an_urgent_complaint_four_hours(club: Club, at: datetime) -> None:
    case = make_case(club, at=at, urgency="urgent")
    assert clocks(case)["first_response"] == timedelta(hours=4)


@pytest.mark.req("F15")
def test_open_case_gives_an_enquiry_twenty_four_hours_by_the_calendar(club: Club) -> None:
    saturday_evening = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)  # 18:00 in Shanghai
    case = make_case(club, at=saturday_evening, kind="inquiry")
    assert clocks(case) == {"first_response": timedelta(hours=24)}


def test_open_case_runs_no_clock_for_praise(club: Club, at: datetime) -> None:
    case = make_case(club, at=at, kind="praise_or_other", narrative="谢谢前台小李！")
    assert not case.clocks.exists()


@pytest.mark.req("B18")
def test_open_case_keeps_the_four_facts_and_names_those_missing(club: Club, bo: Actor, at: datetime) -> None:
    complete = open_one(club, at=at, actor=bo)
    assert complete.missing == ()
    assert complete.case.occurred_words == "今天上午九点半"
    opened = open_one(club, at=at, actor=bo, place="", people="")
    assert opened.missing == ("place", "people")
    assert Case.objects.filter(pk=opened.case.pk).exists(), "a report with gaps is saved, never lost"


def test_open_case_writes_everything_once(club: Club, bo: Actor, at: datetime) -> None:
    case = make_case(club, at=at, actor=bo, channel="phone")
    message = Message.objects.get(conversation=case.conversation)
    assert (message.direction, message.body) == ("in", case.narrative)
    assert Task.objects.filter(case=case, stage__code="accept").exists()
    entry = Entry.objects.get(fact="CaseOpened")
    assert entry.actor == bo.key
    assert EntrySubject.objects.filter(entry=entry, kind="case", subject=str(case.pk)).exists()
    assert {clock["clock_id"] for clock in entry.data["clocks"]} == set(
        case.clocks.running().values_list("pk", flat=True)
    )
    assert case.owner_id == bo.account


def test_a_report_sent_by_a_token_waits_for_somebody_to_take_it(club: Club, bo: Actor, at: datetime) -> None:
    assert make_case(club, at=at, actor=bo, channel="api").owner is None


def test_open_case_hands_out_a_code_that_opens_it(club: Club, at: datetime) -> None:
    opened = open_one(club, at=at)
    token = tokens.redeem("track", opened.track_code, at=at)
    assert token is not None
    assert (token.subject_kind, token.subject_id) == ("case", str(opened.case.pk))


def test_open_case_numbers_by_kind(club: Club, at: datetime) -> None:
    complaint, enquiry = make_case(club, at=at), make_case(club, at=at, kind="inquiry")
    assert complaint.number.startswith("GD-")
    assert enquiry.number.startswith("ZX-")


def test_open_case_keeps_the_guest_and_the_case(club: Club, at: datetime) -> None:
    new = NewPerson(name="过路人", phone="13900139000")
    opened = open_case(report=make_report(), new_person=new, club=club, actor=GUEST, at=at)
    assert opened.case.reporter is not None
    assert opened.case.reporter.contacts.get().masked() == "139****9000"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "complaint.unheard"}, "kind"),
        ({"narrative": "   "}, "narrative"),
        ({"narrative": "长" * 10_001}, "narrative"),
        ({"channel": "pigeon"}, "channel"),
        ({"urgency": "frantic"}, "urgency"),
        ({"place": "远" * 121}, "place"),
        ({"people": "人" * 201}, "people"),
        ({"remedy_sought": "退" * 301}, "remedy_sought"),
        ({"occurred_at": datetime(2026, 11, 21, 4, 0, 1, tzinfo=UTC)}, "occurred_at"),
        ({"occurred_at": datetime(2010, 1, 1, tzinfo=UTC)}, "occurred_at"),
    ],
)
def test_open_case_refuses_what_cannot_stand(
    club: Club, at: datetime, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        open_one(club, at=at, **changes)
    assert refused.value.field == field
    assert str(refused.value.mend)
    assert not Case.objects.exists()


def test_open_case_refuses_staff_of_another_club(club: Club, dee: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        open_case(report=make_report(), club=club, actor=dee, at=at)
    assert refused.value.status == 403


def test_open_case_refuses_a_phone_that_cannot_be_one(club: Club, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        open_case(report=make_report(), new_person=NewPerson(phone="12"), club=club, actor=GUEST, at=at)
    assert (refused.value.code, refused.value.field) == ("phone-invalid", "phone")
    assert not Clock.objects.exists()
