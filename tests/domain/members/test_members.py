"""Knowing people without keeping their numbers readable."""

from __future__ import annotations

from datetime import datetime

import pytest

from clubassist.core.actor import SYSTEM, Actor
from clubassist.core.models import Access
from clubassist.core.refusal import Refused
from clubassist.domain.club.models import Club
from clubassist.domain.members.actions import NewPerson, give_account, register_person, reveal_contact
from clubassist.domain.members.models import Contact, Person
from clubassist.domain.members.queries import find_people, member_by_phone
from clubassist.domain.people.queries import staff_actor
from tests.makers.people import make_account, make_member


@pytest.mark.req("F26")
def test_a_phone_is_kept_sealed_and_found_by_number_and_tail(
    club: Club, bo: Actor, ann_person: Person
) -> None:
    contact = ann_person.contacts.get()
    assert b"13800138000" not in bytes(contact.sealed)
    assert contact.opened() == "+8613800138000"
    assert contact.masked() == "138****8000"
    for words in ("138 0013 8000", "8000", "安然", "M0001"):
        assert list(find_people(words, actor=bo)) == [ann_person], words


def test_find_people_shows_strangers_nothing(club: Club, dee: Actor, ann_person: Person) -> None:
    assert not find_people("8000", actor=dee)
    assert not find_people("", actor=dee)


@pytest.mark.req("F25")
def test_reveal_leaves_a_trace_with_the_reason(
    club: Club, bo: Actor, ann_person: Person, at: datetime
) -> None:
    contact = ann_person.contacts.get()
    assert reveal_contact(contact=contact, reason="回电", actor=bo, at=at) == "+8613800138000"
    look = Access.objects.get()
    assert (look.deed, look.actor, look.subject, look.reason) == ("reveal", bo.key, str(contact.pk), "回电")


@pytest.mark.req("F25")
def test_reveal_refuses_a_coach_and_logs_the_try(club: Club, ann_person: Person, at: datetime) -> None:
    coach = staff_actor(make_account("coach", "coach", club))
    assert reveal_contact(contact=ann_person.contacts.get(), reason="想看", actor=coach, at=at) == ""
    assert Access.objects.get().deed == "denied"


def test_reveal_refuses_without_a_reason(club: Club, bo: Actor, ann_person: Person, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        reveal_contact(contact=ann_person.contacts.get(), reason=" ", actor=bo, at=at)
    assert refused.value.field == "reason"


def test_a_member_sees_their_own_number_without_a_reason(
    club: Club, ann: Actor, ann_person: Person, at: datetime
) -> None:
    assert reveal_contact(contact=ann_person.contacts.get(), reason="", actor=ann, at=at)


def test_a_typed_number_is_no_proof_of_who_somebody_is(club: Club, ann_person: Person, at: datetime) -> None:
    guest = register_person(club=club, new=NewPerson(phone="13800138000"), actor=SYSTEM, at=at)
    assert guest.pk != ann_person.pk
    assert member_by_phone("13800138000") == ann_person


def test_two_members_with_one_phone_are_nobody(club: Club, ann_person: Person) -> None:
    make_member(club, name="安然的爸爸", phone="13800138000", number="M0002")
    assert member_by_phone("13800138000") is None


def test_an_account_is_given_once(club: Club, ann_person: Person, at: datetime) -> None:
    first = give_account(person=ann_person, actor=SYSTEM, at=at)
    assert give_account(person=ann_person, actor=SYSTEM, at=at) == first


def test_an_anonymous_guest_has_neither_key_nor_contact(club: Club, at: datetime) -> None:
    guest = register_person(club=club, new=NewPerson(), actor=SYSTEM, at=at)
    assert not Contact.objects.filter(person=guest).exists()
