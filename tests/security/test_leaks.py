"""Nothing personal shows where it may not: pages, API, logs, jobs, journal, dump, crash pages (reliability E2, H7)."""

from __future__ import annotations

import io
import logging
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from clubassist.core import clock, jobs
from clubassist.core.actor import ANONYMOUS
from clubassist.core.embedded.cluster import binaries
from clubassist.core.files import content_of
from clubassist.domain.cases.actions import member_writes
from clubassist.domain.cases.models import Attachment
from clubassist.domain.members.models import Contact
from clubassist.web.routes import all_routes
from tests.faults.steps import every_row
from tests.makers.files import received
from tests.makers.people import PASSWORD
from tests.security.canaries import CONTACTS, MAIL, Canary, found
from tests.security.planted import NEAR, READS_ITS_OWN, READS_THE_CLUB, Planted, plant
from tests.web.role_world import EVERYBODY, RELATIONS, ask

pytestmark = [pytest.mark.req("F25"), pytest.mark.req("F26")]
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a dozen accounts for each test
INSERTS_MESSAGE = re.compile('insert into "?channels_message', re.IGNORECASE)
FIGURES_ONLY = ("finance", "training", "it_security", "auditor")  # for these every case is a stranger's
NOWHERE_PERSONAL = (
    "core_access",
    "core_cache",
    "core_delivery",
    "core_entry",
    "core_entrysubject",
    "core_heartbeat",
    "core_seal",
    "channels_staffnotice",
    "procrastinate_events",
    "procrastinate_jobs",
)


@pytest.fixture
def planted(db: None, settings: Settings) -> Planted:
    """The world full of canaries, as a demo installation serves it."""
    settings.DEMO = True  # whether a second factor is asked for is tested with the sign-in
    settings.PASSWORD_HASHERS = QUICK
    return plant()


def body_of(response: HttpResponseBase) -> bytes:
    """Return everything of a response that leaves the house: headers and content."""
    head = "\n".join(f"{name}: {value}" for name, value in response.items()).encode()
    parts = getattr(response, "streaming_content", None)
    content = b"".join(parts) if parts is not None else response.content  # type: ignore[attr-defined]
    return bytes(head + b"\n\n" + content)


def pages(planted: Planted) -> Iterator[tuple[str, str, bytes]]:
    """Fetch every GET route as everybody and nobody; yield (role, path of the route, response)."""
    for route in (route for route in all_routes() if route.method == "GET"):
        for role in ("anonymous", *EVERYBODY):
            for relation in RELATIONS if "<" in route.path and role not in FIGURES_ONLY else RELATIONS[1:2]:
                response = ask(planted.world, f"GET {route.path}", role=role, relation=relation)
                yield role, route.path, body_of(response)


def test_no_page_shows_what_its_reader_may_not_see_and_no_log_shows_anything(
    planted: Planted, written_log: io.StringIO
) -> None:
    texts = planted.narratives + planted.notes
    shown, leaks = set[str](), []
    for role, path, page in pages(planted):
        here = found(page, CONTACTS + texts)
        shown |= here
        hidden = {canary.place for canary in CONTACTS + planted.hidden_from(role, path)}
        leaks += [f"{path} shows {place} to {role}" for place in here & hidden]
    jobs.drain(at=clock.now())
    assert not leaks, "\n".join(leaks)
    # The search does see them where they may be read: every narrative, and the notes on cases that were opened.
    opened = {f"note {whose}" for whose in (*READS_THE_CLUB, *READS_ITS_OWN, NEAR)}
    assert shown >= {canary.place for canary in planted.narratives} | opened
    logging.getLogger("clubassist").info("the log is read")
    assert "the log is read" in written_log.getvalue()
    assert found(written_log.getvalue(), CONTACTS + texts + planted.codes) == set()


def test_unmasked_field_is_found(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: were a page to show a whole number instead of the masked one, the search would say so."""
    monkeypatch.setattr(Contact, "masked", Contact.opened)
    person = planted.world.own["agent"].case.subject_id
    page = ask(planted.world, "GET /members/<uuid:pk>/", role="agent", relation="own")
    assert str(person).encode() in body_of(page)
    assert found(body_of(page), CONTACTS) == {"phone", "mail"}


def test_jobs_journal_and_logs_of_looks_carry_nothing_personal(planted: Planted) -> None:
    everything = CONTACTS + planted.narratives + planted.notes + planted.codes
    rows = every_row()
    leaks = [f"{table}: {found(row, everything)}" for table in NOWHERE_PERSONAL for row in rows[table]]
    assert all(leak.endswith("set()") for leak in leaks)
    assert len(leaks) > 50
    assert found("\n".join(rows["cases_case"]), everything)


@pytest.mark.usefixtures("committed")
def test_dump_carries_no_contact_no_password_and_no_key(settings: Settings) -> None:
    settings.DEMO = True
    settings.PASSWORD_HASHERS = QUICK
    planted = plant()
    report = {"club": "main", "kind": "complaint.venue", "narrative": planted.narratives[0].text}
    answer = api_intake(planted.world.tokens["agent"], report)
    assert answer.status_code == 201
    keys = tuple(Canary("token", token) for token in planted.world.tokens.values())
    kept = Canary("kept answer", answer.json()["track_code"])
    dump = pg_dump()
    assert found(dump, planted.narratives) == {canary.place for canary in planted.narratives}
    hidden = (*CONTACTS, *planted.codes, kept, *keys, Canary("password", PASSWORD))
    assert found(dump, hidden) == set()


@pytest.mark.usefixtures("committed")
@pytest.mark.req("B18")
def test_files_lie_sealed_on_the_disk_and_not_in_the_dump(settings: Settings, tmp_path: Path) -> None:
    settings.FILES_FOLDER = tmp_path
    picture = Canary("file", "丹顶鹤八八只在文件里")
    case = plant().world.own["agent"].case
    holder = ANONYMOUS.holding("case", str(case.pk))
    content = received(b"%PDF-1.4\n% " + picture.text.encode())
    member_writes(case=case, text="账单", files=[content], actor=holder, at=clock.now())
    on_disk = b"".join(path.read_bytes() for path in tmp_path.glob("??/*"))
    assert len(on_disk) > len(content.content)
    assert found(on_disk, (picture,)) == set()
    assert found(pg_dump(), (picture,)) == set()
    assert found(content_of(Attachment.objects.latest("at")), (picture,)) == {"file"}


def pg_dump() -> bytes:
    """Return the whole database as SQL."""
    words = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    own = {name: str(connection.settings_dict[key]) for name, key in words.items()}
    done = subprocess.run(
        [binaries() / "pg_dump"], env={**os.environ, **own}, check=True, capture_output=True
    )
    return done.stdout


def api_intake(token: str, report: dict[str, Any]) -> Any:
    """Hand a report in over the API, letting a crash become the page that the world would see."""
    browser = Client(raise_request_exception=False)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    return browser.post("/api/v1/intake", report, content_type="application/json", headers=headers)


def row_refused(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Let the database refuse a message once it is written: its words quote the whole row."""
    done = execute(sql, params, many, context)
    if INSERTS_MESSAGE.search(sql):
        newest = "(select max(id) from channels_message)"
        execute(f"update channels_message set direction = 'oops' where id = {newest}", None, False, context)
    return done


@pytest.fixture
def written_log() -> Iterator[io.StringIO]:
    """What the product itself writes to its log, by its own handler, with nothing held back by level."""
    root = logging.getLogger()
    (handler,) = (one for one in root.handlers if one.name == "stderr")
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    level, before = root.level, handler.setStream(written)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(level)
    handler.setStream(before)


def crash(planted: Planted) -> Any:
    """Hand in a report whose message the database refuses; return the answer."""
    typed = {"club": "main", "kind": "complaint.venue", "narrative": planted.narratives[0].text}
    with connection.execute_wrapper(row_refused):
        answer = api_intake(
            planted.world.tokens["agent"], typed | {"person": {"phone": CONTACTS[0].text, "mail": MAIL.text}}
        )
    assert answer.status_code == 500
    return answer


@pytest.mark.parametrize("debug", [False, True])
def test_crash_page_shows_nothing_personal(planted: Planted, settings: Settings, debug: bool) -> None:
    """With details on, which production refuses, the page shows what was typed, but still no key and no password."""
    settings.DEBUG = debug
    keys = (Canary("token", planted.world.tokens["agent"]), Canary("password", PASSWORD))
    hidden = keys if debug else (*keys, *planted.narratives, *CONTACTS)
    assert found(body_of(crash(planted)), hidden) == set()


def test_crash_is_logged_without_what_was_typed(planted: Planted, written_log: io.StringIO) -> None:
    crash(planted)
    assert "IntegrityError" in written_log.getvalue()
    token = Canary("token", planted.world.tokens["agent"])
    assert found(written_log.getvalue(), (token, *planted.narratives, *CONTACTS)) == set()
