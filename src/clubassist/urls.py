"""All addresses: the desk at the root, the portal under /m/ and /t/, the API under /api/v1/."""

from __future__ import annotations

from django.urls import include, path

from clubassist.web.shared import health

handler400 = "clubassist.web.shared.errors.unread"
handler500 = "clubassist.web.shared.errors.failed"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("clubassist.web.shared.account_urls")),
    path("", include("clubassist.web.portal.urls")),
    path("api/v1/", include("clubassist.web.api.urls")),
    path("", include("clubassist.web.desk.urls")),
]
