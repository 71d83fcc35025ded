"""Words in the database: columns of type tsvector, made and asked for by `pure.text` (design: search)."""

from __future__ import annotations

from django.contrib.postgres.search import SearchQuery


class Matching(SearchQuery):
    """What a tsvector column is compared with: `filter(words=Matching("'跑步' & '步机'"))`.

    PostgreSQL's own parser is left out: it knows no Chinese, and what it takes for a word depends on the server.
    """

    template = "%(expressions)s::tsquery"
