"""The room as a Django app; loads its handlers."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """Names the room; loads its handlers."""

    name = "clubassist.domain.members"
    label = "members"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what subscribes to facts."""
        from clubassist.domain.members import handlers  # noqa: F401, PLC0415 - apps must be loaded first
