"""The room as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Names the room."""

    name = "clubassist.domain.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
