"""The room as a Django app."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Names the room."""

    name = "clubassist.domain.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"
