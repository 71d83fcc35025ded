"""Every sentence of the check exists in Chinese."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from clubassist import domain, pure
from clubassist.pure.policy import in_chinese
from clubassist.pure.policy.chinese import SENTENCES

POLICY = Path(str(pure.__file__)).parent / "policy"
CLUB = Path(str(domain.__file__)).parent / "club"
SOURCES = [*sorted(POLICY.glob("*.py")), CLUB / "queries.py", CLUB / "reading.py"]


def spelled(node: ast.AST) -> str | None:
    """Return a text of the source with `{}` for what is filled in, None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(spelled(part) or "{}" for part in node.values).replace("{{}}", "{}")
    return None


def said(tree: ast.AST) -> Iterator[str | None]:
    """The sentences that a module gives to problems: directly, by the names `message` and `mend`, or as a pair."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            wanted = {"refuse": node.args[:2], "Problem": node.args[2:4]}.get(node.func.id, [])
            yield from map(spelled, wanted)
        elif isinstance(node, ast.Assign):
            target = node.targets[0]
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            if {getattr(name, "id", "") for name in names} & {"message", "mend"}:
                yield from map(spelled, values)
        elif isinstance(node, ast.FunctionDef) and node.name == "_words":
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and isinstance(inner.value, ast.Tuple):
                    yield from map(spelled, inner.value.elts)


def test_the_check_speaks_chinese_and_says_no_more_there() -> None:
    sentences = {each for file in SOURCES for each in said(ast.parse(file.read_text())) if each}
    assert len(sentences) > 80
    assert sentences - set(SENTENCES) == set()
    assert set(SENTENCES) - sentences == set(), "sentences that nobody says any more"


@pytest.mark.parametrize(
    ("sentence", "chinese"),
    [
        ("“-4 h” is not above zero", "“-4 h”不大于零"),
        ("at_least “2 h” is above at_most “1 h”", "at_least“2 h”高于 at_most“1 h”"),
        ("case.closed has no time to put for {due}", "case.closed 没有可填入 {due} 的时间"),
        ("“1 h” is longer than the target “30 min”", "“1 h”比时限“30 min”还长"),
        (
            "it is not TOML in UTF-8: Invalid value (at line 3, column 1)",
            "不是 UTF-8 编码的 TOML：Invalid value (at line 3, column 1)",
        ),
        ("Give at least 0.", "请写不小于 0 的数。"),
        ("2 rows have this id", "有 2 行用了这个编号"),
        ("something else", "something else"),
    ],
)
def test_holes_are_filled_in_their_order(sentence: str, chinese: str) -> None:
    assert in_chinese(sentence) == chinese
