"""The face as a Django app; it has no models."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Names the face."""

    name = "clubassist.web.api"
    label = "api"
