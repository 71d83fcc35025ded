"""Many cases in the schema's own terms: the demo's cases, multiplied by INSERT … SELECT, a million in a few minutes.

A fifth is open, received within the last twenty days, with its clocks running or met; the rest were closed within the
last two years. Cases fall evenly on all clubs; people report four cases each. Conversations, messages, stages, tasks
and clocks come along; journal entries do not, which no measurement reads.
"""

from __future__ import annotations

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

_PEOPLE: Final[LiteralString] = """
insert into members_person (id, club_id, standing, name, member_number, language, known_since)
select distinct on (person_id) person_id, club_id, 'guest', '会员' || n, '', 'zh-hans', now() - interval '2 years'
from plan order by person_id, n
"""

_CONVERSATIONS: Final[LiteralString] = """
insert into channels_conversation (id, club_id, person_id, channel, language, started_at)
select p.conversation_id, p.club_id, p.person_id, c.channel, c.language, c.started_at + p.shift
from plan p join channels_conversation c on c.id = p.template_conversation
"""

_MESSAGES: Final[LiteralString] = """
insert into channels_message (conversation_id, direction, channel, author_id, automatic, body, at)
select p.conversation_id, m.direction, m.channel, m.author_id, m.automatic, m.body, m.at + p.shift
from plan p join channels_message m on m.conversation_id = p.template_conversation and m.direction = 'in'
"""

_CASES: Final[LiteralString] = """
insert into cases_case (id, number, club_id, kind, urgency, complexity, confidentiality, state, stage, title, narrative,
    place, people, occurred_at, occurred_words, remedy_sought, channel, subject_id, reporter_id, owner_id,
    conversation_id, pack_versions, received_at, told_at, next_due_at, awaits_reply, resolved_at, first_resolved_at,
    closed_at, resolution, version, emotion, cause, reopened)
select p.id, 'LD-' || p.id, p.club_id, c.kind, c.urgency, c.complexity, c.confidentiality,
    case when p.open then 'open' else 'closed' end, c.stage, left(c.title, 70) || ' ' || p.n, c.narrative, c.place,
    c.people, c.occurred_at + p.shift, c.occurred_words, c.remedy_sought, c.channel, p.person_id, p.person_id,
    case when p.n % 3 > 0 then (select min(g.account_id) from people_grant g where g.club_id = p.club_id) end,
    p.conversation_id, c.pack_versions, c.received_at + p.shift,
    case when p.n % 2 = 0 then now() - (p.n % 47) * interval '1 h' else c.received_at + p.shift end,
    '9999-12-31 00:00+00', p.open and p.n % 3 = 0,
    case when not p.open then c.received_at + p.shift + interval '3 h' end,
    case when not p.open then c.received_at + p.shift + interval '3 h' end,
    case when not p.open then c.received_at + p.shift + interval '5 h' end,
    case when p.open then '' else 'solved' end, 1, '', '', 0
from plan p join cases_case c on c.id = p.template_id
"""

_CLOCKS: Final[LiteralString] = """
insert into cases_clock (case_id, promise, deadline, clauses, strictness, calendar, hours, seconds, started_at, due_at,
    met_at, levels, tells, alarms_at, raised, next_alarm_at)
select p.id, k.promise, k.deadline, k.clauses, k.strictness, k.calendar, k.hours, k.seconds, k.started_at + p.shift,
    k.due_at + p.shift,
    case when not p.open then k.started_at + p.shift + interval '1 h'
         when k.promise = 'first_response' and p.n % 2 = 0 then k.started_at + p.shift + interval '20 min' end,
    k.levels, k.tells, array(select a + p.shift from unnest(k.alarms_at) a), cardinality(k.levels), null
from plan p join cases_clock k on k.case_id = p.template_id
where k.task_id is null and k.replaced_by_id is null
"""

_NEAREST: Final[LiteralString] = """
update cases_case c set next_due_at = k.due_at
from (select case_id, min(due_at) as due_at from cases_clock where met_at is null and stopped_at is null
      group by case_id) k
where k.case_id = c.id and c.id in (select id from plan where open)
"""

_STAGES: Final[LiteralString] = """
insert into cases_stage (case_id, code, entered_at, left_at)
select p.id, c.stage, c.received_at, c.closed_at from plan p join cases_case c on c.id = p.id
"""

_TASKS: Final[LiteralString] = """
insert into cases_task (case_id, stage_id, code, mandatory, gate, department, done_at, words, skipped_for)
select p.id, s.id, t.code, t.mandatory, t.gate, t.department, s.left_at, '', ''
from plan p
join cases_stage s on s.case_id = p.id
join cases_case c on c.id = p.id
join (select distinct on (t.code, s.code) t.*, s.code as stage from cases_task t join cases_stage s on s.id = t.stage_id
      where s.case_id in (select template_id from plan) order by t.code, s.code, t.id) t on t.stage = c.stage
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
        for statement in (
            _PEOPLE,
            _CONVERSATIONS,
            _MESSAGES,
            _CASES,
            _CLOCKS,
            _NEAREST,
            _STAGES,
            _TASKS,
            _SEQUENCES,
        ):
            connection.execute(statement)
        connection.execute("drop table plan")
        connection.execute("vacuum analyze")
