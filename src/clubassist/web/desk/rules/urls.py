"""Addresses of the rules."""

from __future__ import annotations

from django.urls import path

from clubassist.web.desk.rules import board, clause_page

urlpatterns = [
    path("", board.board, name="desk_rules"),
    path("<slug:clause>/", clause_page.clause, name="desk_clause"),
    path("<slug:clause>/rows.csv", clause_page.rows, name="desk_clause_rows"),
]
