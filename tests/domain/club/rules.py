"""Texts of rules as managers write them: the shared pack with a change or two."""

from __future__ import annotations

from clubassist.pure.policy import pack_text, shipped_pack


def common_text(*edits: tuple[str, str], version: str = "2026.9") -> str:
    """Return the text of the shared pack under a new version, with these replacements."""
    text = pack_text(shipped_pack("common"))
    for old, new in (('version = "2026.1"', f'version = "{version}"'), *edits):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def solved_within(target: str, version: str = "2026.9") -> str:
    """Return the text of the shared pack with another limit for the solution of ordinary complaints."""
    before, at, after = common_text(version=version).partition('id = "complaint-solution"')
    assert 'target = "24 h"' in after
    return before + at + after.replace('target = "24 h"', f'target = "{target}"', 1)
