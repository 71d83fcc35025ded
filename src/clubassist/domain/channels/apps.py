"""The room as a Django app; loads its handlers."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Names the room; loads its handlers."""

    name = "clubassist.domain.channels"
    label = "channels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what subscribes to facts."""
        from clubassist.domain.channels import handlers  # noqa: F401, PLC0415 - apps must be loaded first
