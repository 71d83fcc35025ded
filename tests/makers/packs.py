"""Packs of a club's own."""

from __future__ import annotations

from typing import Any

from clubassist.pure.policy import Pack, shipped_pack


def own_pack(name: str = "own", version: str = "1", **rows: Any) -> Pack:
    """Return a small pack of a club's own with these rows."""
    own = {
        "name": name, "title": {"zh": "自有", "en": "Own"}, "version": version, "effective_from": "2026-01-01",
        "owner": "service", "interpreter": "management", "languages": ["zh-Hans", "en"],
    }  # fmt: skip
    return Pack.from_document(own | rows)


def pool_rules(name: str) -> Pack:
    """Return rules about a pool, under this name: clause Z01."""
    clause = shipped_pack("fitness").document()["clauses"][0]
    title = {"zh": f"泳池（{name}）", "en": f"Pool ({name})"}
    return own_pack(name, clauses=[clause | {"id": "Z01", "ref": name, "title": title, "points_to": []}])
