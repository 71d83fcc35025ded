"""Many cases in the schema's own terms: the demo's cases, multiplied by INSERT … SELECT, a million in a few minutes.

A fifth is open, received within the last twenty days, with its clocks running or met; the rest were closed within the
last two years. Cases fall evenly on all clubs; people report four cases each. Conversations, messages, stages, tasks
and clocks come along; journal entries do not, which no measurement reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, LiteralString

from bench.postgres import connected

# A template is a case of the demo with its distance to the moment it is moved to; `n` numbers the new ones.
_PLAN: Final[LiteralString] = """
create temporary table plan as
with base as (
    select coalesce(max(id), 0) as last, (select coalesce(max(id), 0) from channels_conversation) as said
    from cases_case
), template as (
    select id, conversation_id, received_at, row_number() over (order by id) - 1 as place, count(*) over () as held
    from cases_case
), house as (
    select id as club_id, row_number() over (order by id) - 1 as place, count(*) over () as held from club_club
)
select base.last + n as id, base.said + n as conversation_id, template.id as template_id,
       template.conversation_id as template_conversation, house.club_id, n %% 5 = 0 as open,
       moved.at - template.received_at as shift, md5('person ' || base.last + n / 4 * 4)::uuid as person_id, n
from generate_series(1::bigint, %s) n
cross join base
join template on template.place = (n * 7919 / 11) %% template.held
join house on house.place = (n / 20) %% house.held
cross join lateral (
    select case when n %% 5 = 0 then now() - (n * 104729 %% 1728000) * interval '1 s'
           else now() - interval '1 day' - (n * 15485863 %% 63072000) * interval '1 s' end as at
) moved
"""


@dataclass(frozen=True)
class _Rows:
    """Copies of template rows `t`: of each column what is `said` here, of all others what the template has.

    A column that a later version of the schema adds comes along by itself; an `id` nobody said is counted on.
    """

    table: str
    source: str
    said: dict[str, str]
    distinct: str = ""

    def statement(self, columns: list[str]) -> str:
        """Return INSERT … SELECT over the table's written columns."""
        written = [column for column in columns if column in self.said or column != "id"]
        values = ", ".join(self.said.get(column, f"t.{column}") for column in written)
        return f"insert into {self.table} ({', '.join(written)}) select {self.distinct} {values} from {self.source}"


_COLUMNS: Final[LiteralString] = """
select attname from pg_attribute
where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum
"""

_OPEN: Final = "case when p.open then null else {} end"

_COPIES: Final = (
    _Rows(
        "members_person",
        "plan p join cases_case c on c.id = p.template_id join members_person t on t.id = c.reporter_id"
        " order by p.person_id, p.n",
        {
            "id": "p.person_id",
            "club_id": "p.club_id",
            "standing": "'guest'",
            "name": "'会员' || p.n",
            "member_number": "''",
            "known_since": "now() - interval '2 years'",
            "words": "array_to_tsvector(array['会员', '员', p.n::text, 'huiyuan', 'hy'])",
        },
        distinct="distinct on (p.person_id)",
    ),
    _Rows(
        "channels_conversation",
        "plan p join channels_conversation t on t.id = p.template_conversation",
        {
            "id": "p.conversation_id",
            "club_id": "p.club_id",
            "person_id": "p.person_id",
            "started_at": "t.started_at + p.shift",
        },
    ),
    _Rows(
        "channels_message",
        "plan p join channels_message t on t.conversation_id = p.template_conversation and t.direction = 'in'",
        {"conversation_id": "p.conversation_id", "at": "t.at + p.shift"},
    ),
    _Rows(
        "cases_case",
        "plan p join cases_case t on t.id = p.template_id",
        {
            "id": "p.id",
            "number": "'LD-' || p.id",
            "club_id": "p.club_id",
            "state": "case when p.open then 'open' else 'closed' end",
            "title": "left(t.title, 70) || ' ' || p.n",
            "occurred_at": "t.occurred_at + p.shift",
            "subject_id": "p.person_id",
            "reporter_id": "p.person_id",
            "owner_id": "case when p.n % 3 > 0"
            " then (select min(g.account_id) from people_grant g where g.club_id = p.club_id) end",
            "conversation_id": "p.conversation_id",
            "received_at": "t.received_at + p.shift",
            "told_at": "case when p.n % 2 = 0 then now() - (p.n % 47) * interval '1 h'"
            " else t.received_at + p.shift end",
            "next_due_at": "'9999-12-31 00:00+00'",
            "awaits_reply": "p.open and p.n % 3 = 0",
            "resolved_at": _OPEN.format("t.received_at + p.shift + interval '3 h'"),
            "first_resolved_at": _OPEN.format("t.received_at + p.shift + interval '3 h'"),
            "closed_at": _OPEN.format("t.received_at + p.shift + interval '5 h'"),
            "resolution": "case when p.open then '' else 'solved' end",
            "version": "1",
            "cause": "''",
            "reopened": "0",
            "merged_into_id": "null",
        },
    ),
    _Rows(
        "cases_casewords",
        "plan p join cases_casewords t on t.case_id = p.template_id join cases_case c on c.id = p.template_id",
        {
            "case_id": "p.id",
            "words": "ts_delete(t.words, '@' || c.club_id)"
            " || array_to_tsvector(array['ld', p.id::text, p.n::text, '@' || p.club_id])",
        },
    ),
    _Rows(
        "cases_clock",
        "plan p join cases_clock t on t.case_id = p.template_id and t.task_id is null and t.replaced_by_id is null",
        {
            "case_id": "p.id",
            "started_at": "t.started_at + p.shift",
            "due_at": "t.due_at + p.shift",
            "gross_due_at": "t.gross_due_at + p.shift",
            "met_at": "case when not p.open then t.started_at + p.shift + interval '1 h'"
            " when t.promise = 'first_response' and p.n % 2 = 0 then t.started_at + p.shift + interval '20 min'"
            " when t.promise in ('recorded', 'judged') then t.met_at + p.shift end",
            "stopped_at": "null",
            "alarms_at": "array(select a + p.shift from unnest(t.alarms_at) a)",
            "raised": "cardinality(t.levels)",
            "next_alarm_at": "null",
        },
    ),
    _Rows(
        "cases_stage",
        "plan p join cases_case c on c.id = p.id join lateral (select * from cases_stage s"
        " where s.case_id = p.template_id order by s.code = c.stage desc, s.id limit 1) t on true",
        {
            "case_id": "p.id",
            "code": "c.stage",
            "entered_at": "c.received_at",
            "left_at": "c.closed_at",
        },
    ),
    _Rows(
        "cases_task",
        "plan p join cases_stage s on s.case_id = p.id join cases_case c on c.id = p.id"
        " join (select distinct on (k.code, s.code) k.*, s.code as stage from cases_task k"
        " join cases_stage s on s.id = k.stage_id where s.case_id in (select template_id from plan)"
        " order by k.code, s.code, k.id) t on t.stage = c.stage",
        {"case_id": "p.id", "stage_id": "s.id", "done_at": "s.left_at", "words": "''", "skipped_for": "''"},
    ),
)

_NEAREST: Final[LiteralString] = """
update cases_case c set next_due_at = k.due_at
from (select case_id, min(due_at) as due_at from cases_clock where met_at is null and stopped_at is null
      and promise not in ('recorded', 'judged', 'verified') group by case_id) k
where k.case_id = c.id and c.id in (select id from plan where open)
"""

_SEQUENCES: Final[LiteralString] = """
select setval(pg_get_serial_sequence(name, 'id'), (select max(id) from cases_case))
from unnest(array['cases_case', 'channels_conversation']) name
"""


def load_cases(database: str, cases: int) -> None:
    """Add `cases` cases to a seeded database of the product and let PostgreSQL count what it has."""
    with connected(database) as connection:
        # Every row copies references from rows that exist, so the keys need no second look.
        connection.execute("set session_replication_role = replica")
        connection.execute("set work_mem = '256MB'")
        connection.execute(_PLAN, [cases])
        connection.execute("analyze plan")
        for rows in _COPIES:
            columns = [name for (name,) in connection.execute(_COLUMNS, [rows.table])]
            connection.execute(rows.statement(columns).encode())
        for statement in (_NEAREST, _SEQUENCES):
            connection.execute(statement)
        connection.execute("drop table plan")
        connection.execute("vacuum analyze")
