"""A form that is sent twice acts once: the double click, the reload and the retry get the first result."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clubassist.core.idempotency import earlier_answer, fingerprint, keep_answer
from clubassist.core.refusal import Conflict, Refused
from clubassist.web.shared.uploads import digests_of

TRIES: Final = 50
PAUSE_SECONDS: Final = 0.1
USED_UP: Final = "key_used_up"


def key_of(request: HttpRequest) -> str:
    """Return the one-time key of a sent form; a new one when it carries none."""
    try:
        return str(uuid.UUID(request.POST.get("once", "")))
    except ValueError:
        return new_key()


def next_key(request: HttpRequest) -> str:
    """Return the key for the forms of a page: that of the form which was sent and is shown again, else a new one.

    So what is sent once more after a twin that is still at work acts once. Where the key was used up by other content,
    it would be refused for ever: that page has a new one.
    """
    return new_key() if USED_UP in vars(request) else key_of(request)


def new_key() -> str:
    """Return the key for a fresh form."""
    return str(uuid.uuid4())


def once(request: HttpRequest, act: Callable[[], int], *, form: str, at: datetime) -> int:
    """Run `act` for this form's key unless that was done; return its result, now or then.

    A twin that is at work is waited for. Raises Conflict when the same key comes with other content or the twin takes
    over five seconds, and whatever `act` raises. A form that is shown again has its key by `next_key`.
    """
    key = key_of(request)
    hidden = ("csrfmiddlewaretoken", "once")
    sent = {name: values for name, values in sorted(request.POST.lists()) if name not in hidden}
    mark = fingerprint("POST", request.path, json.dumps([sent, digests_of(request)]).encode())
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                earlier = earlier_answer(caller=form, key=key, request=mark)
                if earlier is not None:
                    return int(earlier.body)
                result = act()
                keep_answer(caller=form, key=key, request=mark, status=200, body=result, at=at)
                return result
        except Refused as error:
            if error.code == "idempotency-key-reused":
                vars(request)[USED_UP] = True
                mend = _("You sent this form before. If this is something else, send it again.")
                raise Conflict("sent-already", mend=mend) from error
            if error.code != "request-in-progress" or not left:
                raise
            time.sleep(PAUSE_SECONDS)
    raise AssertionError("The last try returns or raises.")
