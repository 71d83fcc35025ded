"""The room as a Django app; loads its handlers and jobs."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Names the room; loads its handlers and jobs."""

    name = "clubassist.domain.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what subscribes to facts and what runs periodically."""
        from clubassist.domain.insight import handlers, jobs  # noqa: F401, PLC0415 - apps must be loaded first
