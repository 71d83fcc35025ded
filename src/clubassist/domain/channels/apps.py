"""The room as a Django app."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Names the room."""

    name = "clubassist.domain.channels"
    label = "channels"
    default_auto_field = "django.db.models.BigAutoField"
