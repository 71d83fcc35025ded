"""The core as a Django app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Loads the core's rows; rooms load their own handlers and jobs."""

    name = "clubassist.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"
