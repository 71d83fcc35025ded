"""Count a request's SQL statements and their buffers: `python -m bench.statements intake|queue`, as JSON.

The request goes through the whole of the product by Django's test client. Buffers are those of EXPLAIN (ANALYZE,
BUFFERS) summed over the page's statements, after a first request has warmed the process.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - Django must be set up first
from django.test import Client  # noqa: E402

from bench.targets import QUEUE, intake_body  # noqa: E402

Statements = list[tuple[str, Any]]


def main() -> None:
    """Print what the request asked for costs."""
    what, access = sys.argv[1], json.loads(sys.argv[2])
    ask = _intake if what == "intake" else _queue
    client = Client(headers={"host": "127.0.0.1"})
    ask(client, access)
    statements, size = _captured(lambda: ask(client, access))
    result = {
        "statements": len(statements),
        "transactions": sum(sql == "COMMIT" for sql, _ in statements),
        "bytes": size,
        "sql": [" ".join(sql.split())[:160] for sql, _ in statements],
    }
    if what == "queue":
        result["buffers"] = sum(_buffers(sql, params) for sql, params in statements)
    print(json.dumps(result, ensure_ascii=False))


def _intake(client: Client, access: dict[str, str]) -> int:
    headers = {"authorization": f"Bearer {access['token']}", "idempotency-key": uuid.uuid4().hex}
    body = intake_body(access["club"]).replace("##", "00138000").replace("@@", "1")
    answer = client.post("/api/v1/intake", body, content_type="application/json", headers=headers)
    assert answer.status_code == 201, answer.content
    return len(answer.content)


def _queue(client: Client, access: dict[str, str]) -> int:
    client.cookies["sessionid"] = access["agent"]
    answer = client.get(QUEUE)
    assert answer.status_code == 200, answer
    assert answer.content.count(b"data-row") == 50, "not a full page"
    return len(answer.content)


def _captured(ask: Callable[[], int]) -> tuple[Statements, int]:
    seen: Statements = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        size = ask()
    return seen, size


def _buffers(sql: str, params: Any) -> int:
    if not sql.lstrip().lower().startswith(("select", "with")):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, buffers, format json) {sql}", params)
        (found,) = cursor.fetchone()
    plan = (found if isinstance(found, list) else json.loads(found))[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


main()
