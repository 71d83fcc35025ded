"""`clubassist triage`: propose a kind and an urgency for messages, one on each line."""

from __future__ import annotations

import json
import sys
from typing import Any

import typer

from clubassist.pure.policy import merge, shipped_names, shipped_pack
from clubassist.pure.triage import Rules, Verdict
from clubassist.pure.triage import triage as propose


def triage() -> None:
    """Read lines of text or JSON `{"id", "text"}`, and print a proposal for each as a line of JSON.

    A bad line is named on the error output with its mend, the others are answered, and the exit code is 1.
    """
    rules = Rules(merge([shipped_pack(name) for name in shipped_names()]))
    bad = False
    for number, raw in enumerate(sys.stdin.buffer, 1):
        if not raw.strip():
            continue
        try:
            name, text = _read(raw.decode("utf-8"), number)
        except ValueError as error:
            typer.echo(f"第 {number} 行 line {number}: {error}", err=True)
            bad = True
            continue
        typer.echo(json.dumps({"id": name, **_told(propose(text, rules))}, ensure_ascii=False))
    if bad:
        raise typer.Exit(1)


def _read(line: str, number: int) -> tuple[Any, str]:
    """The id and the text of a line; plain text is named by its number. Raises ValueError with the mend."""
    line = line.strip().removeprefix("\ufeff")
    if not line.startswith("{"):
        return number, line
    try:
        given = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(
            f"it is not JSON ({error}). Write {{“id”: …, “text”: “…”}} or plain text."
        ) from error
    # What is no text in UTF-8 (half a pair of surrogates) could not be printed. Raises UnicodeEncodeError.
    json.dumps(given, ensure_ascii=False).encode()
    if not isinstance(given.get("text"), str):
        raise ValueError("“text” is missing or not a text. Add the message as “text”.")
    return given.get("id", number), given["text"]


def _told(verdict: Verdict) -> dict[str, Any]:
    speaking = [
        reason
        for reason in verdict.reasons
        if reason.rule.kind == verdict.kind or reason.rule.urgency == verdict.urgency
    ]
    found = [reason for reason in speaking if reason.found] or speaking
    return {
        "category": verdict.kind,
        "urgency": str(verdict.urgency),
        "confidence": verdict.confidence,
        "reason": "；".join(reason.said.zh for reason in found),
    }
