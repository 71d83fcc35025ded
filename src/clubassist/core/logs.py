"""How log lines are written: without the words of exceptions, which quote what people typed (reliability H7)."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Formats like its base, but of an exception only kind, place and SQL state: a database quotes whole rows."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a record that is nothing but an exception is told by its kind."""
        if isinstance(record.msg, BaseException):
            record.msg, record.args = _kind(record.msg), None
        return super().format(record)

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802 - logging's own name
        """Return where the exception and everything behind it came from."""
        return "".join(_told(ei[1])).rstrip() if ei[1] else ""


def _kind(error: BaseException) -> str:
    state: Any = getattr(error, "sqlstate", None)
    return f"{type(error).__name__} ({state})" if state else type(error).__name__


def _told(error: BaseException) -> Iterator[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _told(cause)
        yield "which led to\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{_kind(error)}\n"
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _told(inner)
