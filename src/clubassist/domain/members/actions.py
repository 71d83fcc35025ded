"""Getting to know people and reaching them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from clubassist.core import access, vault
from clubassist.core.action import action
from clubassist.core.actor import Actor
from clubassist.core.journal import record
from clubassist.core.refusal import Refused
from clubassist.domain.club.models import Club
from clubassist.domain.members import rules
from clubassist.domain.members.facts import AccountGiven, PersonRegistered
from clubassist.domain.members.models import Contact, Person
from clubassist.domain.members.models.contact import PLACE
from clubassist.domain.people.models import Account


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is known of somebody new; everything may be empty, an anonymous guest is a person too."""

    standing: str = "guest"
    name: str = ""
    phone: str = ""
    mail: str = ""
    member_number: str = ""
    language: str = "zh-hans"
    verified: bool = False


@action
def register_person(*, club: Club, new: NewPerson, actor: Actor, at: datetime) -> Person:
    """Keep a new person and seal their contacts with a key of their own. Records PersonRegistered.

    Raises Refused at the field when the phone number cannot be one.
    """
    person, made, fact = person_to_register(club=club, new=new, at=at)
    record(fact, actor=actor, at=at, scope=club.pk, made=made)
    return person


def person_to_register(
    *, club: Club, new: NewPerson, at: datetime
) -> tuple[Person, list[Model], PersonRegistered]:
    """Return a new person, all their rows unsaved and the fact: for an action that writes them with its own.

    Raises Refused as `register_person`.
    """
    phone = _checked_phone(new.phone)
    person = Person(
        club=club,
        standing=new.standing,
        name=new.name.strip(),
        member_number=new.member_number,
        language=new.language,
        known_since=at,
    )
    reached = [(kind, value) for kind, value in (("phone", phone), ("mail", new.mail.strip())) if value]
    keys = [vault.new_key(person.pk, at=at)] if reached else []
    verified_at = at if new.verified else None
    contacts = [_contact(person, kind, value, verified_at) for kind, value in reached]
    fact = PersonRegistered(person_id=person.pk, standing=person.standing)
    return person, [person, *keys, *contacts], fact


def _checked_phone(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return vault.normal_phone(text)
    except ValueError as error:
        raise Refused(
            "phone-invalid",
            field="phone",
            mend=_("Type a mobile or landline number with its area code, for example 138 0013 8000."),
        ) from error


def _contact(person: Person, kind: str, value: str, verified_at: datetime | None) -> Contact:
    row = uuid.uuid4()
    whole, tail = (
        vault.phone_indexes(value)
        if kind == "phone"
        else (vault.blind_index(value.lower(), field=kind), None)
    )
    sealed = vault.seal(value, owner=person.pk, place=PLACE, row=str(row))
    return Contact(
        id=row, person=person, kind=kind, sealed=sealed, whole=whole, tail=tail, verified_at=verified_at
    )


@action
def reveal_contact(*, contact: Contact, reason: str, actor: Actor, at: datetime) -> str:
    """Return the full contact and leave a trace of who looked, when and why (F25).

    Raises Refused without the right (the try is logged too) or without a reason.
    """
    person = contact.person
    subject = ("contact", str(contact.pk))
    if not rules.may_reveal(actor, person):
        access.looked("denied", subject, actor=actor, at=at, scope=person.club_id)
        return ""
    if not reason.strip() and actor.person != person.pk:
        raise Refused(
            "reason-missing", field="reason", mend=_("Say why you need the number, for example: call back.")
        )
    access.looked("reveal", subject, actor=actor, at=at, scope=person.club_id, reason=reason.strip())
    return contact.opened()


@action
def give_account(*, person: Person, actor: Actor, at: datetime) -> Account:
    """Let a member sign in by a code to their phone; the same person again gives the account that is there.

    Records AccountGiven the first time.
    """
    locked = (
        Person.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account")
        .get(pk=person.pk)
    )
    if locked.account is not None:
        return locked.account
    username = f"m-{locked.pk.hex}"
    account = Account.objects.create_user(username, name=locked.name, language=locked.language, created_at=at)
    locked.account = account
    locked.save(update_fields=["account"])
    record(AccountGiven(person_id=locked.pk, account_id=account.pk), actor=actor, at=at, scope=locked.club_id)
    return account
