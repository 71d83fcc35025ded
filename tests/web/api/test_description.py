"""The description tells the truth: generated requests get documented answers and never a 5xx (reliability E3)."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from clubassist.core.actor import Actor
from clubassist.domain.cases.actions import add_evidence, merge_cases, write_finding
from clubassist.domain.cases.models import ComplexityRequest, Link, Offer, Report, Task
from clubassist.domain.club.models import Club
from clubassist.domain.members.models import Person
from clubassist.domain.people.models import Account
from clubassist.web.routes import all_routes
from tests.makers.cases import make_case, work_up_to
from tests.makers.people import make_head
from tests.web.api.tokens import token_of

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 16
OPERATIONS = [
    (route.method, re.sub(r"<(\w+)>", r"{\1}", route.path))
    for route in all_routes()
    if route.path.startswith("/api/") and not route.path.endswith("/openapi.json")
]


@pytest.fixture(scope="module")
def schema() -> Iterator[Any]:
    """The API's description, read from the running application as any client would."""
    # A request's start and end would close the connection that holds the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda pair: f"{pair[0]} {pair[1]}")
def test_generated_requests_get_documented_answers(
    schema: Any,
    operation: tuple[str, str],
    club: Club,
    ann_person: Person,
    at: datetime,
    bo: Actor,
    bo_account: Account,
    bo_token: str,
    ann_token: str,
    cy_account: Account,
) -> None:
    case = make_case(club, at=at, subject=ann_person)
    task = Task.objects.filter(case=case).first()
    assert task is not None
    clock = case.clocks.get(promise="solution")
    work_up_to(case, "verify", actor=bo, at=at)
    add_evidence(case=case, kind="photo", words="翘起", actor=bo, at=at)
    finding = write_finding(case=case, conclusion="true", summary="属实", department="venue", actor=bo, at=at)
    offer = Offer.objects.create(
        case=case, round=1, made_at=at, made_by=bo_account, needs_approval=False, sent_at=at
    )
    report = Report.objects.create(case=case, resolved_at=at, cause="venue", text="好", written_at=at)
    twin = make_case(club, at=at, subject=ann_person)
    link = Link.objects.create(case=case, other=twin, kind="related")
    asked = ComplexityRequest.objects.create(case=case, reason="鉴定", asked_at=at)
    merge = merge_cases(case=make_case(club, at=at, subject=ann_person), into=case, actor=bo, at=at)
    tokens = (bo_token, ann_token, token_of(cy_account), token_of(make_head(club)))
    real = {
        "link": link.pk,
        "asked": asked.pk,
        "merge": merge.pk,
        "number": case.number,
        "task": task.pk,
        "clock": clock.pk,
        "finding": finding.pk,
        "offer": offer.pk,
        "report": report.pk,
        "clause": "F49",
        "measure": "complaint-first-response",
        "part": "late",
    }
    method, path = operation
    described = schema[path][method]
    sound, broken = (
        described.as_strategy(mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )

    @seed(20261121)
    @settings(
        max_examples=EXAMPLES,
        derandomize=False,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(request=st.one_of(sound, broken), known=st.booleans(), token=st.sampled_from(tokens))
    def answer(request: Any, known: bool, token: str) -> None:
        if known and request.path_parameters:
            request.path_parameters = {name: real[name] for name in request.path_parameters}
        with transaction.atomic():
            request.call_and_validate(
                checks=CHECKS,
                headers={"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())},
            )
            transaction.set_rollback(True)

    answer()


def test_the_description_is_public_and_complete(db: None) -> None:
    document = json.loads(Client().get("/api/v1/openapi.json").content)
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert described == set(OPERATIONS)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], path
            assert "401" in operation["responses"], path
            keys = [row["name"] for row in operation["parameters"] if row["in"] == "header"]
            assert keys == (["Idempotency-Key"] if method == "post" else [])


def test_every_operation_tells_its_scope(db: None) -> None:
    document = json.loads(Client().get("/api/v1/openapi.json").content)
    for route in all_routes():
        path = re.sub(r"<(\w+)>", r"{\1}", route.path)
        if (route.method, path) in OPERATIONS:
            told = document["paths"][path][route.method.lower()]["security"]
            scopes = {scope for row in told for scope in row["Bearer"]}
            assert scopes == set(route.permission.split("|")) - {"token"}, route
