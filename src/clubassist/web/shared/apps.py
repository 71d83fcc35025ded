"""Loads the shared templates, static files and template tags."""

from __future__ import annotations

from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "clubassist.web.shared"
    label = "shared"
