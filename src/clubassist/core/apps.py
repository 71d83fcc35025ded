"""The core as a Django app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Loads the core's rows and rounds; rooms load their own handlers and jobs."""

    name = "clubassist.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what runs by the clock: a worker imports nothing else of these."""
        from clubassist.core import access, files, idempotency, seal  # noqa: F401, PLC0415 - apps must be loaded first
