"""The member reads what we offer and answers on the page, without JavaScript: yes is one tap (B25)."""

from __future__ import annotations

import re
import uuid
from datetime import datetime

import pytest
from django.test import Client

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import withdraw_offer
from clubassist.domain.cases.models import Case, Offer, OfferState
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from tests.makers.cases import draft_one, make_case, offer_one, open_one, work_up_to

pytestmark = pytest.mark.req("B25")


@pytest.fixture
def case(club: Club, ann_person: Person, bo: Actor, at: datetime) -> Case:
    """Ann's complaint, verified."""
    return work_up_to(make_case(club, at=at, subject=ann_person), "propose", actor=bo, at=at)


def test_nothing_is_shown_before_it_is_sent(anns_phone: Client, case: Case, bo: Actor, at: datetime) -> None:
    draft_one(case, actor=bo, at=at, words="还没想好。")
    page = anns_phone.get(f"/m/cases/{case.number}/").content.decode()
    assert "还没想好。" not in page
    assert "What we offer you" not in page


def test_yes_is_one_tap_and_the_second_is_kind(
    anns_phone: Client, case: Case, bo: Actor, at: datetime
) -> None:
    offer = offer_one(case, actor=bo, at=at)
    address = f"/m/cases/{case.number}/"
    page = anns_phone.get(address).content.decode()
    assert "今天修好地板。" in page
    assert "<script" not in page
    tap = {"option": str(offer.options.get().pk)}
    said = [anns_phone.post(f"{address}accept/", tap, follow=True).content.decode() for _twice in range(2)]
    assert "We start with it now" in said[0]
    assert "This offer has been answered already; nothing was changed." in said[1]
    assert "You agreed" in said[1]
    offer.refresh_from_db()
    assert offer.state == OfferState.ACCEPTED


@pytest.mark.parametrize(("answer", "kept"), [("accept", "accepted"), ("decline", "declined")])
def test_an_answer_that_was_sent_twice_is_thanked_for_twice(
    anns_phone: Client, case: Case, bo: Actor, at: datetime, answer: str, kept: str
) -> None:
    offer = offer_one(case, actor=bo, at=at)
    address = f"/m/cases/{case.number}/"
    page = anns_phone.get(address).content.decode()
    form = re.search(rf'action="{address}{answer}/".*?</form>', page, re.S)
    assert form is not None
    key = re.search(r'name="once" value="([^"]+)"', form[0])
    assert key is not None
    sent = {"once": key[1], "option": str(offer.options.get().pk), "offer": offer.pk, "text": "不够。"}
    for _twice in range(2):
        response = anns_phone.post(f"{address}{answer}/", sent, follow=True)
        assert "Thank you" in response.content.decode()
    offer.refresh_from_db()
    assert offer.answer == kept


def test_yes_and_no_by_the_link(guest: Client, club: Club, bo: Actor, at: datetime) -> None:
    opened = open_one(club, at=at)
    first = offer_one(work_up_to(opened.case, "propose", actor=bo, at=at), actor=bo, at=at)
    address = f"/t/{opened.track_code}/"
    assert "What we offer you" in guest.get(address).content.decode()
    answered = guest.post(f"{address}decline/", {"offer": first.pk, "text": "不够。"})
    assert answered.status_code == 302
    second = offer_one(opened.case, actor=bo, at=at, words="再送一次体验课。")
    assert guest.post(f"{address}accept/", {"option": second.options.get().pk}).status_code == 302
    assert list(Offer.objects.order_by("pk").values_list("answer", flat=True)) == ["declined", "accepted"]


def test_no_needs_words_and_keeps_them(anns_phone: Client, case: Case, bo: Actor, at: datetime) -> None:
    offer = offer_one(case, actor=bo, at=at)
    address = f"/m/cases/{case.number}/decline/"
    silent = anns_phone.post(address, {"offer": offer.pk, "text": " "})
    assert silent.status_code == 422
    assert "Say in a few words what does not suit you." in silent.content.decode()
    long = anns_phone.post(address, {"offer": offer.pk, "text": "长" * 2001})
    assert long.status_code == 422
    assert "长" * 2001 in long.content.decode()
    page = anns_phone.post(address, {"offer": offer.pk, "text": "不够。"}, follow=True).content.decode()
    assert "We look for another way" in page
    assert "You did not agree" in page
    again = anns_phone.post(address, {"offer": offer.pk, "text": "不够。"}, follow=True).content.decode()
    assert "This offer has been answered already; nothing was changed." in again


def test_what_was_withdrawn_can_not_be_taken(anns_phone: Client, case: Case, bo: Actor, at: datetime) -> None:
    offer = offer_one(case, actor=bo, at=at)
    withdraw_offer(offer=offer, reason="内部算错", actor=bo, at=at)
    address = f"/m/cases/{case.number}/"
    page = anns_phone.post(
        f"{address}accept/", {"option": offer.options.get().pk}, follow=True
    ).content.decode()
    assert "we have taken it back" in page
    assert "We withdrew this" in page
    assert "内部算错" not in page


def test_another_s_offer_and_nonsense_change_nothing(
    anns_phone: Client, club: Club, case: Case, bo: Actor, at: datetime
) -> None:
    mine = offer_one(case, actor=bo, at=at)
    other = offer_one(work_up_to(make_case(club, at=at), "propose", actor=bo, at=at), actor=bo, at=at)
    address = f"/m/cases/{case.number}/"
    for option in (str(other.options.get().pk), "x", "", str(10**30)):
        page = anns_phone.post(f"{address}accept/", {"option": option}, follow=True).content.decode()
        assert "Choose one of what we offer." in page
    assert anns_phone.post(f"{address}decline/", {"offer": other.pk, "text": "不"}).status_code == 404
    assert anns_phone.post(f"/m/cases/{other.case.number}/accept/", {"option": "1"}).status_code == 404
    for offer in (mine, other):
        offer.refresh_from_db()
        assert offer.state == OfferState.SENT


def test_words_to_an_offer_taken_back_meanwhile_are_kept_and_can_be_sent(
    anns_phone: Client, case: Case, bo: Actor, at: datetime
) -> None:
    offer = offer_one(case, actor=bo, at=at)
    withdraw_offer(offer=offer, reason="算错了", actor=bo, at=at)
    late = anns_phone.post(f"/m/cases/{case.number}/decline/", {"offer": offer.pk, "text": "我要退款。"})
    page = late.content.decode()
    assert late.status_code == 422
    assert "we have taken it back" in page
    assert page.count("我要退款。") == 2, "it is shown, and stands in the form to write to us"


@pytest.mark.req("B27")
def test_a_second_no_in_other_words_is_told_in_plain_words(
    anns_phone: Client, case: Case, bo: Actor, at: datetime
) -> None:
    offer = offer_one(case, actor=bo, at=at)
    sent = {"offer": str(offer.pk), "once": str(uuid.uuid4())}
    address = f"/m/cases/{case.number}/decline/"
    assert anns_phone.post(address, sent | {"text": "不够"}).status_code == 302
    again = anns_phone.post(address, sent | {"text": "还是不够"}).content.decode()
    assert "You sent this form before." in again
    assert "还是不够" in again
    assert sent["once"] not in again
