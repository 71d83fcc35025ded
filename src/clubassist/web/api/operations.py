"""How the API answers: a token and its scope at the door, one transaction and one kept answer for each write."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Any, Final, TypeVar, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.security import HttpBearer

from clubassist.core import clock
from clubassist.core.actor import Actor, ActorKind
from clubassist.core.idempotency import earlier_answer, fingerprint, keep_answer
from clubassist.core.refusal import Refused
from clubassist.domain.members.queries import member_actor
from clubassist.domain.people.queries import token_holder
from clubassist.web.api import problems
from clubassist.web.shared.doors import Door, log_try
from clubassist.web.shared.visitor import SignedRequest

V = TypeVar("V", bound=Callable[..., Mapping[str, Any]])
ANY_TOKEN: Final = "token"  # noqa: S105 - the name of a door, not a secret
READS_CASES: Final = "case.read|case.read_involved"

api: Final = NinjaAPI(
    title="ClubAssist API",
    version="1",
    description="The service desk for machines: reports, cases, clocks, tasks, and a member's own matters.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api-v1",
)
for kind, handler in problems.HANDLERS.items():
    api.add_exception_handler(kind, handler)
DOORS: Final[dict[str, Door]] = {}
"""Path as ninja writes it (`/cases/{number}`) → who may enter by which method; filled by `get` and `post`."""


class Call(SignedRequest):
    """A request of a token's holder, answered as of one moment."""

    at: datetime


class Bearer(HttpBearer):
    """Lets in a token that carries `scope` ("a|b": one of them); one statement, one more for a member's token."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Put actor and moment on the request; None for a token worth nothing, Refused (403) without the scope."""
        at = clock.now()
        held = token_holder(token, at=at)
        if held is None:
            return None
        account, actor = held
        if actor.kind is ActorKind.MEMBER:
            actor = replace(actor, person=member_actor(account).person)
        if self.scope != ANY_TOKEN and not any(map(actor.may_somewhere, self.scope.split("|"))):
            log_try(actor, ("api", request.path))
            mend = _("This token may not do this here. It needs the scope: %s.") % self.scope
            raise Refused("scope-missing", mend=mend, status=403)
        call = cast("Call", request)
        call.actor, call.at = actor, at
        return actor


def get(path: str, *, scope: str, answer: Any, tag: str) -> Callable[[V], V]:
    """Declare an operation that reads; the view returns a dict of JSON values shaped as `answer`."""

    def declare(view: V) -> V:
        def run(request: Call, **values: Any) -> HttpResponse:
            return _answered(view(request, **values), 200)

        _declare("GET", path, view, run, scope=scope, answers={200: answer}, tag=tag)
        return view

    return declare


def post(path: str, *, scope: str, answer: Any, tag: str, status: int = 201) -> Callable[[V], V]:
    """Declare an operation that writes: the view, and its answer kept for retries, are one transaction (C6)."""

    def declare(view: V) -> V:
        def run(request: Call, **values: Any) -> HttpResponse:
            caller, key = request.actor.key, request.headers.get("Idempotency-Key", "")
            wanted = fingerprint("POST", request.path, request.body)
            with transaction.atomic():
                earlier = earlier_answer(caller=caller, key=key, request=wanted)
                if earlier is not None:
                    return _answered(earlier.body, earlier.status)
                body = view(request, **values)
                keep_answer(caller=caller, key=key, request=wanted, status=status, body=body, at=request.at)
            return _answered(body, status)

        _declare("POST", path, view, run, scope=scope, answers={status: answer}, tag=tag)
        return view

    return declare


def _declare(
    method: str,
    path: str,
    view: Callable[..., Any],
    run: Callable[..., HttpResponse],
    *,
    scope: str,
    answers: dict[int, Any],
    tag: str,
) -> None:
    DOORS[path] = Door(scope, (method,))
    named = wraps(view)(run)
    # ninja looks annotations up where `run` was written; resolved ones need no looking up.
    named.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
    api.api_operation(
        [method],
        path,
        auth=Bearer(scope),
        response=answers,
        operation_id=view.__name__,
        summary=(view.__doc__ or "").partition("\n")[0].rstrip("."),
        tags=[tag],
    )(named)


def _answered(body: Mapping[str, Any], status: int) -> HttpResponse:
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/json")
