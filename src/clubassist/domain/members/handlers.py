"""What follows from facts: whoever is registered can be found by name."""

from __future__ import annotations

from clubassist.core.journal import on
from clubassist.core.models import Entry
from clubassist.domain.members.facts import PersonRegistered
from clubassist.domain.members.models import Person
from clubassist.pure.text import name_lexemes, tsvector


@on(PersonRegistered)
def keep_words(fact: PersonRegistered, entry: Entry) -> None:
    """Keep the words by which a search finds the person."""
    person = Person.objects.only("name").get(pk=fact.person_id)
    Person.objects.filter(pk=person.pk).update(words=tsvector(name_lexemes(person.name)))
