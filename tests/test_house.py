"""The house rules that no linter knows: sizes, names, doors, downward keys, one clock."""

from __future__ import annotations

import ast
import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from django.apps import apps
from django.db import models

from clubassist.core.journal import kinds
from clubassist.web.routes import all_routes
from clubassist.web.shared.health import SILENT_AFTER

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "clubassist"
BANNED = {"utils", "helpers", "misc", "manager", "common", "data"}
ROOMS = ("club", "people", "members", "channels", "ledgers", "cases", "insight")
PARAGRAPH = 50


def python_files(*folders: Path) -> list[Path]:
    return [
        file for folder in folders for file in sorted(folder.rglob("*.py")) if "migrations" not in file.parts
    ]


def code_lines(file: Path) -> int:
    return len(file.read_text().splitlines())


def test_files_stay_small() -> None:
    large = {
        str(file.relative_to(ROOT)): code_lines(file)
        for file in python_files(SOURCE)
        if code_lines(file) > 400
    }
    assert not large
    tests = {
        str(file.relative_to(ROOT)): code_lines(file)
        for file in python_files(ROOT / "tests")
        if code_lines(file) > 500
    }
    assert not tests


def test_functions_stay_short() -> None:
    long = []
    for file in python_files(SOURCE):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1 - _docstring_lines(node)
                if length > PARAGRAPH:
                    long.append(f"{file.relative_to(ROOT)}:{node.lineno} {node.name} ({length})")
    assert not long


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    is_text = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    return (first.end_lineno or first.lineno) - first.lineno + 1 if is_text else 0


def test_no_file_is_called_after_nothing() -> None:
    named = {file for file in python_files(SOURCE) if file.stem in BANNED}
    assert not named


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in python_files(SOURCE)
        if file.read_text().strip() and ast.get_docstring(ast.parse(file.read_text())) is None
    ]
    assert not silent


def test_every_model_says_who_may_see_it() -> None:
    bare = [
        model._meta.label
        for config in apps.get_app_configs()
        if config.name.startswith("clubassist.domain.")
        for model in config.get_models()
        if not hasattr(model._default_manager, "visible_to")
    ]
    assert not bare


def test_foreign_keys_point_down() -> None:
    upward = []
    for room in ROOMS:
        if room not in {config.label for config in apps.get_app_configs()}:
            continue
        for model in apps.get_app_config(room).get_models():
            for field in model._meta.get_fields():
                target = field.related_model
                if isinstance(field, models.ForeignKey | models.ManyToManyField) and isinstance(target, type):
                    label = target._meta.app_label
                    if label in ROOMS and ROOMS.index(label) > ROOMS.index(room):
                        upward.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert not upward


def test_core_rows_have_no_keys_into_rooms() -> None:
    for model in apps.get_app_config("core").get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey):
                assert field.related_model._meta.app_label == "core"


@pytest.mark.parametrize("floor", ["domain", "pure", "core"])
def test_only_edges_read_the_clock(floor: str) -> None:
    reading = re.compile(r"\b(datetime\.now|utcnow|date\.today|timezone\.now|time\.time)\(")
    readers = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in python_files(SOURCE / floor)
        if file != SOURCE / "core" / "clock.py"
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if reading.search(line)
    ]
    assert not readers


def test_no_signals_and_no_side_effects_in_save() -> None:
    for file in python_files(SOURCE):
        text = file.read_text()
        assert "django.dispatch" not in text, file
        assert not re.search(r"def save\(self", text), file


def test_every_route_has_a_door() -> None:
    routes = all_routes()
    assert routes
    assert len({(route.method, route.path) for route in routes}) == len(routes)


def test_facts_carry_no_text() -> None:
    allowed = {
        "number",
        "kind",
        "urgency",
        "channel",
        "how",
        "outcome",
        "code",
        "stage",
        "emotion",
        "previous",
        "suggested",
        "previous_kind",
        "previous_urgency",
        "resolution",
        "promise",
        "calendar",
        "department",
        "cause",
        "reason",  # a code
        "subclass",
        "release",
        "conclusion",
        "side",
        "clause",
        "digest",
        "role",
        "standing",
        "unit",
    }
    facts = [fact for fact in kinds() if fact.__module__.startswith("clubassist.")]
    assert len(facts) > 50
    for fact in facts:
        texts = {
            field.name
            for field in dataclasses.fields(cast("Any", fact))
            if field.type in ("str", "str | None")
        }
        assert texts <= allowed, fact.__name__


def test_every_action_states_its_actor_and_moment() -> None:
    for file in (SOURCE / "domain").rglob("actions*"):
        for module in [file] if file.is_file() else python_files(file):
            if module.suffix != ".py":
                continue
            for node in ast.parse(module.read_text()).body:
                if isinstance(node, ast.FunctionDef) and any(
                    isinstance(mark, ast.Name) and mark.id == "action" for mark in node.decorator_list
                ):
                    keywords = {argument.arg for argument in node.args.kwonlyargs}
                    assert {"actor", "at"} <= keywords, f"{module.name}: {node.name}"
                    assert not node.args.args, f"{module.name}: {node.name} takes positional arguments"
                    assert ast.get_docstring(node), f"{module.name}: {node.name}"


def test_the_repository_names_no_machine() -> None:
    trace = re.compile(r"/(home|root|work|Users)/[\w.-]+/")
    listed = [
        file for folder in ("src", "tests", "docs", "bench", "tools") for file in (ROOT / folder).rglob("*")
    ]
    for file in [*listed, ROOT / "run", ROOT / "README.md", ROOT / "pyproject.toml"]:
        if file.suffix in {".py", ".md", ".toml", ".html", ".css", ".js", ".sh", ""} and file.is_file():
            assert not trace.search(file.read_text(errors="replace")), file


REFUSAL = re.compile(r'\b(?:Refused|Conflict|Missing)\(\s*"([a-z0-9-]+)"')


def test_every_refusal_of_an_action_is_tested_by_its_code() -> None:
    codes = {
        code
        for file in python_files(SOURCE / "core", SOURCE / "domain")
        for code in REFUSAL.findall(file.read_text())
    }
    tested = "\n".join(file.read_text() for file in python_files(ROOT / "tests"))
    assert len(codes) > 100
    assert not {code for code in codes if f'"{code}"' not in tested}


def test_a_worker_knows_every_round_that_health_asks_for() -> None:
    """In a process of its own: here the tests have long imported what a worker may lack."""
    program = "import django; django.setup(); from clubassist.core import jobs; print(sorted(jobs.rounds()))"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "clubassist.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert ast.literal_eval(done.stdout) == sorted(SILENT_AFTER)
