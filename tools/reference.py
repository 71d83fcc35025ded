"""Writes docs/reference from the product itself: `python tools/reference.py`. The suite fails when a page is stale."""

from __future__ import annotations

import ast
import inspect
import os
import textwrap
from collections.abc import Collection
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import django
from django.apps import apps

from clubassist.pure.policy.terms import Quantity, Row, Text

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"


def pages() -> dict[str, str]:
    """Return file name → text of every generated page."""
    return {
        "requirements.md": _requirements(),
        "packs.md": _packs(),
        "routes.md": _routes(),
        "facts.md": _facts(),
        "settings.md": _settings(),
    }


def _table(*rows: tuple[str, ...]) -> str:
    head, *body = rows
    lines = ["| " + " | ".join(row) + " |" for row in [head, tuple("---" for _ in head), *body]]
    return "\n".join(lines) + "\n"


def _requirements() -> str:
    from clubassist.pure.policy import shipped_pack  # noqa: PLC0415 - after django.setup()

    parts = [
        "# Requirements\n\nEvery duty of the two regulations, one line each. `clubassist check requirements`\n"
    ]
    parts.append("lists those without a test; the rules page shows what carries each one out.\n")
    for name in ("fitness", "basketball"):
        pack = shipped_pack(name)
        parts.append(f"\n## {pack.title.en} {pack.title.zh}\n\n")
        rows = [(c.id, c.ref, c.title.en, c.title.zh) for c in pack.clauses]
        parts.append(_table(("id", "clause", "meaning", "含义"), *rows))
    return "".join(parts)


def _packs() -> str:
    from clubassist.pure.policy.problems import ROWS  # noqa: PLC0415 - after django.setup()
    from clubassist.pure.policy.schema import Pack  # noqa: PLC0415 - after django.setup()

    parts = [
        "# Packs\n\nEvery file of a policy pack, its tables and their keys. How to write one: "
        "[write a pack](../howto/write-a-pack.md).\n\n",
        'A `Text` is `{zh = "…", en = "…"}`, both needed; a `Code` is lower-case, with dots or underscores, of at\n',
        'most 40 characters; a `Quantity` is a number with a unit (`"98 %"`, `"+5 points"`, `"¥50"`), a `ClockTime`\n',
        "a length of time from one second to ten years in `s`, `min`, `h`, `days` or `weeks`; a `Frequency` is\n",
        '`day`, `week`, `month`, `quarter`, `half-year`, `year` or the time between two (`"2 h"`, `"6 months"`);\n',
        "`Words` is a text that is not empty, a `SearchWord` one that something can be found by, a `Version` one of\n",
        "at most 20 characters; `Whole` is a whole number, `YesNo` is `true` or `false`, a `Bound` a number of zero\n",
        "or more.\n",
        "\n## `pack.toml`\n\n",
        _keys(Pack, leaving_out=set(ROWS)),
    ]
    named = [(rows, Pack.model_fields[field].annotation) for field, rows in ROWS.items()]
    ahead = [(f"`{rows.file}`: `[[{rows.table}]]`", model) for rows, kind in named for model in _rows(kind)]
    shown: set[type] = set()
    while ahead:
        heading, model = ahead.pop(0)
        if model in shown:
            continue
        shown.add(model)
        meaning = (inspect.getdoc(model) or "").split("\n")[0]
        parts.append(f"\n## {heading}\n\n{meaning}\n\n" + _keys(model))
        inner = [one for info in model.model_fields.values() for one in _rows(info.annotation)]
        ahead = [(f"`{one.__name__}`", one) for one in inner if not _is_value(one)] + ahead
    return "".join(parts)


def _rows(annotation: Any) -> list[type[Row]]:
    """The models of rows in an annotation, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, Row):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _rows(inner)]


def _bare(annotation: ast.expr) -> ast.expr:
    """The type inside `Annotated[…]`."""
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Annotated":
        return annotation.slice.elts[0] if isinstance(annotation.slice, ast.Tuple) else annotation
    return annotation


def _is_value(model: type[Row]) -> bool:
    """Whether the model is written as one value, such as a text or `4 h`."""
    return issubclass(model, Quantity | Text)


def _keys(model: type[Row], leaving_out: Collection[str] = ()) -> str:
    tree = ast.parse(textwrap.dedent(inspect.getsource(model)))
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    rows = []
    for field, after in pairwise([*body, ast.Pass()]):
        if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
            continue
        name = field.target.id
        if name in leaving_out:
            continue
        info = model.model_fields[name]
        meaning = ""
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            meaning = " ".join(str(after.value.value).split())
        needed = "yes" if info.is_required() else ""
        form = f"`{ast.unparse(_bare(field.annotation))}`".replace("|", "\\|")
        rows.append((f"`{info.alias or name}`", form, needed, meaning))
    return _table(("key", "form", "required", "meaning"), *rows)


def _routes() -> str:
    from clubassist.web.routes import all_routes  # noqa: PLC0415 - after django.setup()

    rows = [
        (route.method, f"`{route.path}`", route.permission.replace("|", " or ")) for route in all_routes()
    ]
    intro = "# Routes\n\nWho may enter: a permission, `staff`, `member`, `token` or `public`.\n\n"
    return intro + _table(("method", "path", "door"), *rows)


def _facts() -> str:
    from clubassist.core.journal import fields_of, kinds, subscribers  # noqa: PLC0415 - after django.setup()

    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.facts"):
            import_module(f"{config.name}.facts")
    heard = subscribers()
    rows = []
    ours = [fact for fact in kinds() if fact.__module__.startswith("clubassist.")]
    for fact in sorted(ours, key=lambda one: (one.__module__, one.__name__)):
        room = fact.__module__.split(".")[2]
        handlers = ", ".join(name.rsplit(".", 1)[1] for name in heard.get(fact.__name__, []))
        meaning = (inspect.getdoc(fact) or "").split("\n")[0]
        rows.append((room, f"`{fact.__name__}`", ", ".join(fields_of(fact)), meaning, handlers))
    intro = "# Facts\n\nWhat the journal may hold, and what follows from it.\n\n"
    return intro + _table(("room", "fact", "fields", "meaning", "followed by"), *rows)


def _settings() -> str:
    from clubassist import env  # noqa: PLC0415 - after django.setup()

    tree = ast.parse(inspect.getsource(env.Env))
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    rows = []
    for field, words in pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(words, ast.Expr)
            and isinstance(field.target, ast.Name)
        ):
            info = env.Env.model_fields[field.target.id]
            text = ast.literal_eval(words.value)
            rows.append(
                (f"`{info.validation_alias}`", f"`{info.default}`", " ".join(textwrap.dedent(text).split()))
            )
    intro = "# Settings\n\nRead from the environment; secrets may also come from a file named in `<NAME>_FILE`.\n\n"
    return intro + _table(("name", "default", "meaning"), *rows)


def main() -> None:
    """Write every page."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clubassist.settings")
    django.setup()
    main()
