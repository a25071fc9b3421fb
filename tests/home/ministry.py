"""Looking at a loaded demonstration: its sign-ins and rounds."""

from django.utils import timezone

from career_portal.staff.models import User
from surveys.models import SurveyRound

PASSWORD = "a password for the demonstration"


def person(username):
    return User.objects.get(username=username)


def this_round():
    return SurveyRound.objects.get(closed_at=None)


def last_round():
    return SurveyRound.objects.order_by("-fiscal_year")[1]


def day_of(instant):
    return timezone.localdate(instant)
