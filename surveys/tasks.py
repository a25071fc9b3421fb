"""Work of the hope survey that nobody waits for."""

from celery import shared_task

from surveys.exports import services as export_services
from surveys.feedback_sheets import making_services
from surveys.models import SurveyRound
from surveys.past_rounds import upload_services
from surveys.running import reminder_services


@shared_task
def send_scheduled_reminders() -> None:
    """Remind in every round that has begun and is not closed; who can still write is decided person by person."""
    for survey_round in SurveyRound.objects.begun().filter(closed_at__isnull=True):
        reminder_services.send_scheduled_reminders(survey_round)


@shared_task
def produce_form_export(pk: int) -> None:
    """Make the file of one order."""
    export_services.produce_export(pk)


@shared_task
def look_after_form_exports() -> None:
    """Delete files whose time is over, and make what waits for a worker or lost one."""
    export_services.expire_exports()
    for pk in export_services.orders_to_be_made():
        export_services.produce_export(pk)


@shared_task
def start_feedback_sheets(release_pk: int) -> None:
    """Start a task for each waiting sheet of a release."""
    for pk in making_services.sheets_to_make(release_pk):
        make_feedback_sheet.delay(pk)


@shared_task
def make_feedback_sheet(pk: int) -> None:
    """Make one sheet, if its release runs."""
    making_services.make_sheet(pk)


@shared_task
def look_after_feedback_sheets() -> None:
    """Start a task for each sheet that was left behind, and note the releases that are whole."""
    # A task each, as at the start: made here one after the other, one worker would do what is there for all of them.
    for pk in making_services.sheets_left_behind():
        make_feedback_sheet.delay(pk)
    making_services.finish_releases()


@shared_task
def throw_old_round_files_away() -> None:
    """Delete the files of past rounds that were looked at and never taken."""
    upload_services.throw_old_away()
