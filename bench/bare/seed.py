"""Make the bare app's tables, ten thousand cases and a signed-in session; print the session's key."""

from __future__ import annotations

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare.settings"
django.setup()

from django.contrib.auth import (  # noqa: E402 - Django must be set up first
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_user_model,
)
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

ROWS = """
insert into bare_case (club, title, narrative, state, urgency, owner, received_at, due_at)
select 1, '东区器械区的跑步机突然停机 ' || n, '有安全隐患，希望尽快维修。', 0, 3, '张伟', now(), now() + interval '4 h'
from generate_series(1, 10000) n
"""


def main() -> None:
    """Seed."""
    call_command("migrate", verbosity=0, run_syncdb=True)
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        cursor.execute("analyze bare_case")
    user = get_user_model().objects.create(username="agent")
    session = SessionStore()
    session[SESSION_KEY] = user.pk
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    print(session.session_key)


main()
