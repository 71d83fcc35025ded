"""Writes docs/reference from the product itself: `python tools/reference.py`. The suite fails when a page is stale."""

from __future__ import annotations

import ast
import inspect
import os
import sys
import textwrap
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import django
from django.apps import apps

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"


def pages() -> dict[str, str]:
    """Return file name → text of every generated page."""
    return {
        "requirements.md": _requirements(),
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


def _routes() -> str:
    from clubassist.web.routes import all_routes  # noqa: PLC0415 - after django.setup()

    rows = [
        (route.method, f"`{route.path}`", route.permission.replace("|", " or ")) for route in all_routes()
    ]
    intro = "# Routes\n\nWho may enter: a permission, `staff`, `member`, `token` or `public`.\n\n"
    return intro + _table(("method", "path", "door"), *rows)


def _facts() -> str:
    from clubassist.core.journal import Fact, fields_of, subscribers  # noqa: PLC0415 - after django.setup()

    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.facts"):
            import_module(f"{config.name}.facts")
    heard = subscribers()
    rows = []
    for fact in sorted(Fact.__subclasses__(), key=lambda one: (one.__module__, one.__name__)):
        if (
            getattr(sys.modules[fact.__module__], fact.__name__, None) is not fact
            or "tests" in fact.__module__
        ):
            continue  # a slotted dataclass leaves its first class behind
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
