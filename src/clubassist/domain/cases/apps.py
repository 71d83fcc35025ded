"""The room as a Django app; loads its handlers and jobs."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Names the room; loads its handlers and jobs."""

    name = "clubassist.domain.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what subscribes to facts and what runs periodically."""
        from clubassist.domain.cases import handlers, jobs, words  # noqa: F401, PLC0415 - apps must be loaded first
