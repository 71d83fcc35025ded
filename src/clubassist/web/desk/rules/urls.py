"""Addresses of the rules."""

from __future__ import annotations

from django.urls import path

from clubassist.web.desk.rules import board, clause_page, confirming, drafts, goals, in_force, owners, replans

urlpatterns = [
    path("", board.board, name="desk_rules"),
    path("goals/", goals.goals, name="desk_goals"),
    path("in-force/", in_force.in_force, name="desk_in_force"),
    path("in-force/<slug:club>/adopt/", in_force.adopt, name="desk_adopt"),
    path("in-force/<slug:club>/draft/", drafts.begin, name="desk_begin"),
    path("in-force/<slug:club>/replan/", replans.preview, name="desk_replan"),
    path("in-force/<slug:club>/replan/run/", replans.run, name="desk_replan_run"),
    path("drafts/<int:pk>/", drafts.draft, name="desk_draft"),
    path("drafts/<int:pk>/save/", drafts.save, name="desk_draft_save"),
    path("drafts/<int:pk>/discard/", drafts.discard, name="desk_draft_discard"),
    path("drafts/<int:pk>/review/", drafts.reviewed, name="desk_review"),
    path("drafts/<int:pk>/publish/", drafts.publish, name="desk_publish"),
    path("read/", confirming.confirming, name="desk_confirming"),
    path("read/<int:pk>/", confirming.version, name="desk_version"),
    path("read/confirm/", confirming.confirm, name="desk_confirm"),
    path("owners/", owners.owners, name="desk_owners"),
    path("<slug:clause>/", clause_page.clause, name="desk_clause"),
    path("<slug:clause>/rows.csv", clause_page.rows, name="desk_clause_rows"),
]
