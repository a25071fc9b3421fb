"""The Celery application and its schedule."""

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

app = Celery("career_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # Mails start their delivery themselves; this is for the day when the broker or a worker was gone.
    "deliver-mails": {
        "task": "career_portal.mail.tasks.deliver_mails",
        "schedule": crontab(),
        # Where no worker was there for an hour, one delivery is enough.
        "options": {"expires": 60},
    },
    "purge-mails": {
        "task": "career_portal.mail.tasks.purge_mails",
        "schedule": crontab(hour=3, minute=30),
    },
    # Orders start their work themselves; this is for the day when the broker or a worker was gone.
    "look-after-form-exports": {
        "task": "surveys.tasks.look_after_form_exports",
        "schedule": crontab(),
        "options": {"expires": 60},
    },
    # Uploads start their work themselves; this is for the day when the broker or a worker was gone.
    "look-after-imports": {
        "task": "postings.tasks.look_after_imports",
        "schedule": crontab(),
        "options": {"expires": 60},
    },
    # A release starts its sheets itself; this is for the day when the broker or a worker was gone.
    "look-after-feedback-sheets": {
        "task": "surveys.tasks.look_after_feedback_sheets",
        "schedule": settings.SHEETS_LOOKED_AFTER_EVERY,
        "options": {"expires": settings.SHEETS_LOOKED_AFTER_EVERY.total_seconds()},
    },
    "throw-old-round-files-away": {
        "task": "surveys.tasks.throw_old_round_files_away",
        "schedule": crontab(minute=20),
        "options": {"expires": 3600},
    },
    # Every hour of the working day, so that a beat that was away at nine loses no day.
    "send-scheduled-reminders": {
        "task": "surveys.tasks.send_scheduled_reminders",
        "schedule": crontab(minute=0, hour="9-18"),
    },
    # Just after midnight in Japan, and again should beat or the workers have been gone then.
    "release-due-versions": {
        "task": "postings.tasks.release_due_versions",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "remind-of-reviews": {
        "task": "postings.tasks.remind_of_reviews",
        "schedule": crontab(minute=15, hour="9-18"),
    },
    # Every hour of the day before, so that a beat that was away at nine reminds all the same.
    "remind-of-interviews": {
        "task": "interviews.tasks.remind_of_interviews",
        "schedule": crontab(minute=30, hour="9-18"),
    },
    "look-after-search": {
        "task": "postings.tasks.look_after_search",
        "schedule": crontab(hour=3, minute=40),
    },
    "purge-sign-in-traces": {
        "task": "career_portal.staff.tasks.purge_sign_in_traces",
        "schedule": crontab(hour=3, minute=20),
    },
}
