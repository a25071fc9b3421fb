"""Work of the interviews that nobody waits for."""

from celery import shared_task

from interviews.calendars import reminder_services


@shared_task
def remind_of_interviews() -> None:
    """Remind of tomorrow's interviews; who was reminded already is left in peace."""
    reminder_services.remind_of_tomorrow()
