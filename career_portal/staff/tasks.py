"""Nightly work about sign-ins."""

import datetime

from axes.models import AccessAttempt, AccessLog
from celery import shared_task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone


@shared_task
def purge_sign_in_traces() -> None:
    """Delete ended sessions, failures that no longer count, and sign-ins older than the retention."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME).delete()
    kept = datetime.timedelta(days=settings.SIGN_IN_LOG_DAYS)
    AccessLog.objects.filter(attempt_time__lt=now - kept).delete()
