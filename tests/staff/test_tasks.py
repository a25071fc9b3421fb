import datetime

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.utils import timezone

from career_portal.celery import app
from career_portal.staff.tasks import purge_sign_in_traces

pytestmark = pytest.mark.django_db


def ago(**units):
    return timezone.now() - datetime.timedelta(**units)


def access(model, username, attempt_time, **fields):
    row = model.objects.create(username=username, ip_address="192.0.2.1", **fields)
    model.objects.filter(pk=row.pk).update(attempt_time=attempt_time)


def test_purge_deletes_what_no_longer_counts_and_nothing_else():
    Session.objects.create(session_key="ended", expire_date=ago(minutes=1))
    Session.objects.create(session_key="running", expire_date=ago(minutes=-1))
    access(AccessAttempt, "old", ago(minutes=16), failures_since_start=1)
    access(AccessAttempt, "counts", ago(minutes=14), failures_since_start=1)
    access(AccessLog, "years ago", ago(days=367))
    access(AccessLog, "this year", ago(days=365))

    for _ in range(2):
        purge_sign_in_traces()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["running"]
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["counts"]
    assert list(AccessLog.objects.values_list("username", flat=True)) == ["this year"]


def test_purge_runs_every_night():
    app.loader.import_default_modules()

    entry = app.conf.beat_schedule["purge-sign-in-traces"]

    assert entry["task"] in app.tasks
    assert (entry["schedule"].hour, entry["schedule"].minute) == ({3}, {20})
