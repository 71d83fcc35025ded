"""Facts: written in the transaction that made them true, delivered afterwards to whoever subscribed.

`record()` is the last line of every action. It writes one `Entry` (audit, timeline and outbox at once) and, when
somebody listens, defers one dispatch job in the same transaction. A subscriber sits in an upper room
(`@on(ReadingOutOfRange)`); its work and its `Delivery` row commit together, so nothing is done twice.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final, TypeVar, cast

from django.db import connection, transaction
from django.db.models import Model
from pydantic import TypeAdapter

from clubassist.core import jobs, rows
from clubassist.core.actor import Actor, Everywhere
from clubassist.core.models import Entry


class Fact:
    """What became true, as a frozen dataclass in the past tense.

    Fields hold ids, times, codes and amounts, never text that a person wrote. `about` names the fields that point
    to what the fact concerns: `{"case_id": "case"}`. An `urgent` one is delivered by the runner that is kept free of
    everything else.
    """

    about: ClassVar[dict[str, str]] = {}
    urgent: ClassVar[bool] = False

    def subjects(self) -> Iterator[tuple[str, str]]:
        """Yield (kind, id) of everything this fact concerns."""
        for field, kind in self.about.items():
            value = getattr(self, field)
            if value is not None:
                yield kind, str(value)


F = TypeVar("F", bound=Fact)
Handler = Callable[[Any, Entry], None]

_STATEMENT: Final = """
fact as (
    select nextval('core_entry_id_seq') as id, each ->> 'fact' as name, each -> 'data' as data,
        each -> 'subjects' as subjects, each ->> 'queue' as queue, each ->> 'turn' as turn
    from jsonb_array_elements(%s::jsonb) each
), entry as (
    insert into core_entry (id, fact, at, actor, scope, data) select id, name, %s, %s, %s, data from fact
), subjects as (
    insert into core_entrysubject (entry_id, kind, subject)
    select id, pair ->> 0, pair ->> 1 from fact, jsonb_array_elements(subjects) as pair
)
select id, case when queue is not null then DEFER end from fact
"""
_DEFER: Final = jobs.DEFER.format(queue="queue", turn="turn", ids="jsonb_build_object('entry_id', id)")
_WRITE: Final = _STATEMENT.replace("DEFER", _DEFER)

_ADAPTERS: dict[type[Fact], TypeAdapter[Any]] = {}
_KINDS: dict[str, type[Fact]] = {}
_HANDLERS: dict[str, dict[str, Handler]] = {}


def on(fact: type[F]) -> Callable[[Callable[[F, Entry], None]], Callable[[F, Entry], None]]:
    """Subscribe a function to a kind of fact. It runs in a job after the commit, once per entry.

    It gets the fact and its entry (whose `at` is the time to act with) and may call actions of its own room.
    """

    def subscribe(handler: Callable[[F, Entry], None]) -> Callable[[F, Entry], None]:
        name = f"{handler.__module__}.{handler.__qualname__}"
        _KINDS[fact.__name__] = fact
        _HANDLERS.setdefault(fact.__name__, {})[name] = handler
        return handler

    return subscribe


def subscribers() -> dict[str, list[str]]:
    """Return fact name → names of its subscribers, for `clubassist facts` and its test."""
    return {fact: sorted(handlers) for fact, handlers in sorted(_HANDLERS.items())}


def _adapter(fact: type[Fact]) -> TypeAdapter[Any]:
    """Return the (cached) writer and reader of a kind of fact."""
    if fact not in _ADAPTERS:
        _ADAPTERS[fact] = TypeAdapter(fact)
    return _ADAPTERS[fact]


def record(
    fact: Fact,
    *,
    actor: Actor,
    at: datetime,
    scope: int | None,
    made: Sequence[Model] = (),
    along: Sequence[Fact] = (),
) -> int:
    """Write a fact into the journal; call inside the transaction that made it true. Returns the entry's id.

    One statement, which also inserts the rows that the facts `made` (see `core.rows`), writes the facts that came true
    `along` with it, before it, and defers a dispatch job for each fact with subscribers.
    Raises RuntimeError outside a transaction: a fact without its change would be a lie.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{type(fact).__name__} must be recorded inside the transaction of its change.")
    facts = f"[{','.join(map(_document, (*along, fact)))}]"
    inserts, document = rows.inserting(made)
    values: list[Any] = [document, facts, at, actor.key, scope, deliver.name]
    with connection.cursor() as cursor:
        cursor.execute(f"with {inserts}{_WRITE}", values)
        entry_id, _job = cursor.fetchall()[-1]
    rows.written(made)
    return int(entry_id)


RECENT: Final = 500
"""How many entries `happened` looks at."""
_HAPPENED: Final = """
with newest as (select at, actor, scope from core_entry order by id desc limit %(recent)s)
select exists (
    select from newest
    where (at >= %(since)s or at >= %(since)s - interval '5 s' and actor <> %(own)s)
        and (%(scopes)s::bigint[] is null or scope = any(%(scopes)s))
) or count(*) = %(recent)s and min(at) >= %(since)s
from newest
"""


def happened(since: datetime, *, actor: Actor) -> bool:
    """Tell whether anything was recorded in the actor's scopes since a moment. One statement (F51).

    What others did up to five seconds before counts too: it may have been committed after. Where more was recorded
    since than is looked at, something has happened.
    """
    held = actor.permissions.values()
    scopes = None
    if not any(isinstance(each, Everywhere) for each in held):
        scopes = sorted({scope for each in held if not isinstance(each, Everywhere) for scope in each})
    values: dict[str, Any] = {"recent": RECENT, "since": since, "own": actor.key, "scopes": scopes}
    with connection.cursor() as cursor:
        cursor.execute(_HAPPENED, values)
        (found,) = cursor.fetchone()
    return bool(found)


def _document(fact: Fact) -> str:
    """Return a fact as the JSON that the statement reads: one subject's facts are delivered in turn."""
    name = type(fact).__name__
    subjects = list(fact.subjects())
    queue = jobs.URGENT if fact.urgent else deliver.queue
    about = {
        "fact": name,
        "subjects": subjects,
        "queue": queue if name in _HANDLERS else None,
        "turn": ":".join(subjects[0]) if subjects else None,
    }
    data = _adapter(type(fact)).dump_json(cast("Any", fact)).decode()
    return f'{json.dumps(about)[:-1]}, "data": {data}}}'


@jobs.task(queue="facts")
def deliver(*, entry_id: int) -> None:
    """Hand one entry to each of its subscribers that has not had it yet, each in its own transaction.

    Every subscriber gets its turn; an ExceptionGroup of what failed lets the job be retried for those alone.
    """
    entry = Entry.objects.get(pk=entry_id)
    failures: list[Exception] = []
    for name, handler in _HANDLERS.get(entry.fact, {}).items():
        try:
            with transaction.atomic():
                if _first_time(entry_id, name):
                    handler(_adapter(_KINDS[entry.fact]).validate_python(entry.data), entry)
        except Exception as error:  # noqa: BLE001 - raised below, once the others have had their turn
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"{entry.fact} {entry_id}", failures)


def _first_time(entry_id: int, subscriber: str) -> bool:
    """Mark the delivery; tell whether nobody had marked it before (a second worker waits here for the first)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into core_delivery (entry_id, subscriber) values (%s, %s) on conflict do nothing",
            [entry_id, subscriber],
        )
        return bool(cursor.rowcount == 1)


def kinds(below: type[Fact] = Fact) -> Iterator[type[Fact]]:
    """Yield every kind of fact of the loaded rooms; what others build on is none itself."""
    for each in below.__subclasses__():
        if each.__subclasses__():
            yield from kinds(each)
        elif (
            getattr(sys.modules[each.__module__], each.__name__, None) is each
        ):  # a slotted class leaves another behind
            yield each


def fields_of(fact: type[Fact]) -> dict[str, str]:
    """Return field → type of a fact, for the generated reference."""
    return {field.name: str(field.type) for field in dataclasses.fields(cast("Any", fact))}
