"""What makes a function an action: everything it writes is one commit with everything its caller writes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in a transaction: its own when none is open, else the caller's, without a savepoint.

    An action that is refused inside another undoes that one too; half of a matter is never kept. A transaction that a
    test case holds around the test does not count as the caller's.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(savepoint=not _inside_an_action()):
            return function(*args, **kwargs)

    return run


def _inside_an_action() -> bool:
    blocks = connection.atomic_blocks
    return bool(blocks) and not getattr(blocks[-1], "_from_testcase", False)
