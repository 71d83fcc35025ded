"""The sequence behind numbers that people read, and the table of the shared cache (rate limits)."""

from django.db import migrations

NEXT_NUMBER = """
create function core_next_number(prefix text) returns bigint language plpgsql as $$
declare
    name text := 'core_number_' || lower(prefix);
begin
    if to_regclass(name) is null then
        perform pg_advisory_xact_lock(hashtext(name));
        execute format('create sequence if not exists %I start 1001', name);
    end if;
    return nextval(name);
end $$
"""

CACHE = """
create table core_cache (
    cache_key varchar(255) not null primary key,
    value text not null,
    expires timestamp with time zone not null
);
create index core_cache_expires on core_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(NEXT_NUMBER, "drop function core_next_number(text)"),
        migrations.RunSQL(CACHE, "drop table core_cache"),
    ]
