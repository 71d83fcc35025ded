"""What is asked of each server: the same report of the same length, and a list of open cases."""

from __future__ import annotations

import base64
import http.client
import json
import re
from typing import Final
from urllib.parse import urlencode

from bench.place import PORTS
from bench.wrk import Target

NARRATIVE: Final = "今天早上东区健身房的跑步机突然停机，设备编号 884213，有安全隐患，希望尽快维修。"
QUEUE: Final = "/cases/?view=club"


def intake_body(club: str) -> str:
    """Return the product's report: a complaint by somebody with a name and a phone number."""
    report = {
        "club": club,
        "kind": "complaint.service",
        "narrative": f"{NARRATIVE}@@",
        "person": {"name": "王芳", "phone": "138##"},
    }
    return json.dumps(report, ensure_ascii=False)


def intakes(access: dict[str, str]) -> dict[str, Target]:
    """Return one intake for each server."""
    plain = {"Content-Type": "application/json"}
    ours = plain | {"Authorization": f"Bearer {access['token']}", "Idempotency-Key": "bench-@@"}
    bare = json.dumps({"narrative": f"{NARRATIVE}@@"}, ensure_ascii=False)
    return {
        "product": Target(PORTS["product"], "/api/v1/intake", "POST", ours, intake_body(access["club"])),
        "bare": Target(PORTS["bare"], "/intake", "POST", plain, bare),
        "peer": _peer_form(),
    }


def _peer_form() -> Target:
    """Return django-helpdesk's public form with the token that its page hands out."""
    connection = http.client.HTTPConnection("127.0.0.1", PORTS["peer"], timeout=30)
    connection.request("GET", "/tickets/submit/")
    answer = connection.getresponse()
    page = answer.read().decode()
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    queue = re.search(r'<option value="(\d+)"', page)
    assert token, "the form has no token"
    assert queue, "the form has no queue"
    form = {
        "csrfmiddlewaretoken": token[1],
        "queue": queue[1],
        "priority": 3,
        "submitter_email": "m1@example.com",
    }
    body = urlencode(form | {"title": "跑步机突然停机", "body": NARRATIVE}) + "@@"
    origin = f"http://127.0.0.1:{PORTS['peer']}"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Referer": origin}
    return Target(PORTS["peer"], "/tickets/submit/", "POST", headers, body)


def queues(access: dict[str, str], bare_session: str) -> dict[str, Target]:
    """Return one list page for the product and one for the bare app."""
    return {
        "product": Target(PORTS["product"], QUEUE, headers={"Cookie": f"sessionid={access['agent']}"}),
        "bare": Target(PORTS["bare"], "/queue", headers={"Cookie": f"sessionid={bare_session}"}),
    }


def peer_list(words: str, session: str) -> Target:
    """Return what fills django-helpdesk's list after a search of all tickets, newest first."""
    query = {
        "filtering": {},
        "filtering_null": {},
        "sorting": "created",
        "sortreverse": True,
        "search_string": words,
    }
    written = base64.b64encode(json.dumps(query).encode()).decode()
    order = urlencode({"draw": 1, "start": 0, "length": 25, "order[0][column]": 5, "order[0][dir]": "desc"})
    path = f"/datatables_ticket_list/{written}?{order}"
    return Target(PORTS["peer"], path, headers={"Cookie": f"sessionid={session}"})
