"""The Celery application and its schedule."""

from celery import Celery
from celery.schedules import crontab

app = Celery("career_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "purge-sign-in-traces": {
        "task": "career_portal.staff.tasks.purge_sign_in_traces",
        "schedule": crontab(hour=3, minute=20),
    },
}
