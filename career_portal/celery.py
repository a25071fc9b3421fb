"""The Celery application and its schedule."""

from celery import Celery

app = Celery("career_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
