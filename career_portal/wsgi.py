"""Entry point of the web processes. The settings module must be named by the environment."""

from django.core.wsgi import get_wsgi_application

from career_portal.celery import app as celery_app

__all__ = ["application", "celery_app"]

application = get_wsgi_application()
