"""The face as a Django app; it has no models."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Names the face."""

    name = "clubassist.web.portal"
    label = "portal"
