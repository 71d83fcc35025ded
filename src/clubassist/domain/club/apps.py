"""The room as a Django app."""

from django.apps import AppConfig


class ClubConfig(AppConfig):
    """Names the room."""

    name = "clubassist.domain.club"
    label = "club"
    default_auto_field = "django.db.models.BigAutoField"
