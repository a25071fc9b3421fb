"""Work of the hope survey that nobody waits for."""

from celery import shared_task

from surveys.models import SurveyRound
from surveys.running import reminder_services


@shared_task
def send_scheduled_reminders() -> None:
    """Remind in every round that has begun and is not closed; who can still write is decided person by person."""
    for survey_round in SurveyRound.objects.begun().filter(closed_at__isnull=True):
        reminder_services.send_scheduled_reminders(survey_round)
