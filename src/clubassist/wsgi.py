"""The WSGI entry point; granian serves `clubassist.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clubassist.settings")
application = get_wsgi_application()
