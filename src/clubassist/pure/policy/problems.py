"""What is wrong with a pack, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError


class Rows(NamedTuple):
    """Where rows stand: the file, the name of their `[[…]]` tables, and the field that tells them apart."""

    file: str
    table: str
    key: str


ROWS = {
    "switches": Rows("pack.toml", "switch", "code"),
    "clauses": Rows("clauses.toml", "clause", "id"),
    "terms": Rows("terms.toml", "term", "code"),
    "kinds": Rows("kinds.toml", "kind", "code"),
    "deadlines": Rows("deadlines.toml", "deadline", "id"),
    "playbooks": Rows("playbooks.toml", "playbook", "id"),
    "measures": Rows("measures.toml", "measure", "id"),
    "goals": Rows("goals.toml", "goal", "code"),
    "notices": Rows("notices.toml", "notice", "id"),
    "vocabularies": Rows("triage.toml", "words", "id"),
    "triage_rules": Rows("triage.toml", "rule", "id"),
    "roles": Rows("owners.toml", "role", "code"),
    "departments": Rows("owners.toml", "department", "code"),
    "causes": Rows("causes.toml", "cause", "code"),
    "limits": Rows("offers.toml", "limit", "role"),
    "remedies": Rows("offers.toml", "remedy", "code"),
    "routes": Rows("offers.toml", "route", "code"),
    "phrases": Rows("phrases.toml", "phrase", "id"),
}
"""The rows behind each field of a pack."""


class Problem(NamedTuple):
    """One thing to mend: the file, the row and key (`F13.text.en`), what is wrong, what to do."""

    file: str
    key: str
    message: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.message}. {self.mend}"


class PackError(ValueError):
    """The pack cannot be used; `problems` lists everything that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def problems_of(error: ValidationError, document: Mapping[str, Any]) -> list[Problem]:
    """The problems behind a validation error of this document."""
    problems = []
    for detail in error.errors(include_url=False):
        where = detail["loc"]
        last = where[-1] if where else "pack"
        name = last if isinstance(last, str) else f"entry {last + 1}"
        file = ROWS[str(where[0])].file if where and where[0] in ROWS else "pack.toml"
        message, mend = _words(detail["type"], detail["msg"], detail.get("ctx", {}), name)
        problems.append(Problem(file, _key(where, document), message, mend))
    return problems


def _words(kind: str, message: str, context: Mapping[str, Any], name: str) -> tuple[str, str]:
    match kind:
        case "refused":
            return message, context["mend"]
        case "missing":
            return f"“{name}” is missing", f"Add {name} to the row."
        case "extra_forbidden":
            return f"the key “{name}” is unknown", "Remove it or correct its spelling."
        case "string_too_short":
            return f"“{name}” is empty", "Write the text."
        case "string_too_long":
            return f"“{name}” is too long", f"Use at most {context['max_length']} characters."
        case "greater_than_equal" | "less_than_equal":
            if kind == "greater_than_equal":
                return f"“{name}” is out of range", f"Give at least {context['ge']:g}."
            return f"“{name}” is out of range", f"Give at most {context['le']:g}."
        case "finite_number":
            return f"“{name}” is not a finite number", "Write digits."
        case "bool_type":
            return f"“{name}” is neither true nor false", "Write true or false without quotation marks."
        case "string_type":
            return f"“{name}” is not a text", "Put it in quotation marks."
        case "int_type" | "float_type":
            return f"“{name}” is not a number", "Write digits without quotation marks."
        case "tuple_type":
            return f"“{name}” is not a list", "Put it in square brackets."
        case "model_type" | "dict_type":
            return f"“{name}” is not a table", 'Write it as {key = value}, a text as {zh = "…", en = "…"}.'
        case "literal_error" | "enum":
            return "the value is not one of the allowed ones", f"Use {context['expected']}."
        case "string_pattern_mismatch":
            return "the value has the wrong form", f"It must match {context['pattern']}."
        case _:
            return message[:1].lower() + message[1:], "Correct the value."


def _key(where: Sequence[int | str], document: Mapping[str, Any]) -> str:
    """The place in words: positions in a list become the row's own id."""
    parts: list[str] = []
    value: Any = document
    for step in where:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
        if isinstance(step, str):
            parts.append(step)
        else:
            row = value if isinstance(value, Mapping) else {}
            parts.append(
                str(row.get("id") or row.get("code") or row.get("event") or row.get("role") or f"#{step + 1}")
            )
    return ".".join(parts[1:] if parts[:1] and parts[0] in ROWS else parts) or "pack"
