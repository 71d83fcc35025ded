"""The room as a Django app."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """Names the room."""

    name = "clubassist.domain.members"
    label = "members"
    default_auto_field = "django.db.models.BigAutoField"
