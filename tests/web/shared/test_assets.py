"""Styles, icons and scripts keep the promises of the design: palette, prefixes, weight, strict CSP."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

import clubassist.web
from clubassist.web import shared

WEB = Path(clubassist.web.__file__).parent
STATIC = Path(shared.__file__).parent / "static"
OURS = STATIC / "shared"
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
SHEETS = ["tokens.css", "sa.css", "member.css"]


def style(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (OURS / name).read_text(encoding="utf-8"), flags=re.S)


def palette(block: str) -> dict[str, str]:
    return dict(re.findall(r"--sa-([\w-]+): *(#[0-9a-f]+)", block))


def light() -> dict[str, str]:
    return palette(style("tokens.css").split("[data-bs-theme=dark]")[0])


def dark_blocks() -> list[str]:
    return re.findall(r"\[data-bs-theme=(?:dark|auto)\] \{(.*?)\}", style("tokens.css"), flags=re.S)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(letter * 2 for letter in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_dark_palette_is_the_same_chosen_or_by_system() -> None:
    chosen, system = dark_blocks()
    assert chosen.split() == system.split()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_colours_reach_aa_contrast(mode: str) -> None:
    colour = light() if mode == "light" else light() | palette(dark_blocks()[0])
    pairs = [(ink, plane) for ink in ("ink", "ink-2", "ink-3") for plane in ("bg", "surface", "sunken")]
    pairs += [(tone, f"{tone}-soft") for tone in ("ok", "warn", "breach", "wait")]
    pairs += [(tone, "surface") for tone in ("ok", "warn", "breach", "wait", "brand-ink")]
    pairs += [
        ("brand-ink", "brand-soft"),
        ("note-ink", "note"),
        ("ink-2", "brand-soft"),
        ("on-brand", "brand"),
    ]
    pairs += [("on-emergency", "emergency"), ("rail-ink", "rail"), ("rail", "count"), ("ink", "note")]
    short = {pair: round(contrast(*(colour[name] for name in pair)), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in short.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("name", SHEETS)
def test_colours_are_written_in_tokens_only(name: str) -> None:
    rules = re.sub(r"--sa-[\w-]+:[^;}]*", "", style(name))
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(", rules) == []


@pytest.mark.parametrize("name", SHEETS)
def test_own_classes_are_prefixed(name: str) -> None:
    selectors = re.sub(r"\{[^{}]*\}", "{}", style(name))
    classes = set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))
    kit = {"btn", *(f"btn-{kind}" for kind in ("primary", "secondary", "light", "danger"))}
    kit |= {f"btn-outline-{kind}" for kind in ("primary", "secondary", "danger")}
    assert {found for found in classes - kit if not found.startswith("sa-")} == set()


@pytest.mark.parametrize("name", SHEETS)
def test_variables_in_use_are_defined(name: str) -> None:
    defined = set(re.findall(r"(--sa-[\w-]+) *:", "".join(style(sheet) for sheet in SHEETS)))
    assert set(re.findall(r"var\((--sa-[\w-]+)\)", style(name))) - defined == set()


def test_assets_stay_light() -> None:
    assert max((OURS / name).stat().st_size for name in SHEETS) <= 25_000
    assert (OURS / "desk.js").stat().st_size <= 12_000
    member = [OURS / name for name in ("tokens.css", "member.css", "icons.svg", "favicon.svg")]
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in member) <= 20_000


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_nothing_inline(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    assert re.findall(r"\sstyle=|<style|\son\w+=|\shx-on|javascript:", html) == []
    assert re.findall(r"<script(?![^>]*(?:\ssrc=|application/json))[^>]*>", html) == []


def test_icons_named_in_templates_are_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (OURS / "icons.svg").read_text(encoding="utf-8")))
    used = {
        name for path in TEMPLATES for name in re.findall(r'\{% icon "([\w-]+)"', path.read_text("utf-8"))
    }
    assert used
    assert used - sprite == set()


def test_vendored_files_have_a_licence_and_no_source_map() -> None:
    licences = (STATIC / "vendor/LICENSES.md").read_text(encoding="utf-8")
    files = [path for path in (STATIC / "vendor").rglob("*.*") if path.suffix in {".css", ".js"}]
    assert len(files) == 2
    for path in files:
        assert f"`{path.name}`" in licences
        assert path.parent.name in licences
        assert b"sourceMappingURL" not in path.read_bytes()
