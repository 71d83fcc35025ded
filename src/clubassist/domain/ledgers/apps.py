"""The room as a Django app."""

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    """Names the room."""

    name = "clubassist.domain.ledgers"
    label = "ledgers"
    default_auto_field = "django.db.models.BigAutoField"
