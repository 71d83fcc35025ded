"""The face as a Django app; it has no models."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Names the face."""

    name = "clubassist.web.desk"
    label = "desk"
