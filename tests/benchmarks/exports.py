"""HR's file of all forms of a round, made as a worker makes it: how long it takes and how much memory it needs."""

from django.core.files.storage import default_storage

from career_portal.local.progress import Refusal
from career_portal.staff.models import User
from surveys.exports import services
from surveys.models import FormExport, Submission, SurveyRound
from surveys.reading_filters import FormFilters
from tests.benchmarks import worker
from tests.benchmarks.report import Limit, say

SECONDS_AT_MOST = 60
MEGABYTES_AT_MOST = 300
WORK = "from surveys.tasks import produce_form_export; produce_form_export(int(sys.argv[1]))"


def measure():
    """Print the table; return the promises about the larger file."""
    first, second = User.objects.get(username="jinji"), User.objects.get(username="jinji2")
    survey_round = _largest_round(first)
    say(f"exports: all forms of the round of {survey_round.fiscal_year}, one worker")
    say(f"  {'':<6}{'forms':>8}{'seconds':>9}{'per form':>11}{'MB at most':>12}{'file MB':>9}")
    slowest = largest = 0.0
    for file_format in FormExport.Format.values:
        export = services.request_export(
            survey_round, file_format=file_format, filters=FormFilters(), purpose="測定", by=first
        )
        if export.state == FormExport.State.WAITING:
            services.approve_export(export, by=second)
        seconds, megabytes = worker.run(WORK, export.pk)
        export.refresh_from_db()
        if export.state != FormExport.State.READY or export.done != export.people:
            raise Refusal(f"The export was not made: {export.state}, {export.done} forms")
        size = default_storage.size(export.file) / 1e6
        say(
            f"  {file_format:<6}{export.people:8}{seconds:9.1f}"
            f"{seconds * 1000 / export.people:8.1f} ms{megabytes:12.0f}{size:9.1f}"
        )
        slowest, largest = max(slowest, seconds), max(largest, megabytes)
    return [
        Limit("export of all forms", slowest, at_most=SECONDS_AT_MOST, unit=" s"),
        Limit("memory of its worker", largest, at_most=MEGABYTES_AT_MOST, unit=" MB"),
    ]


def _largest_round(officer):
    """The round of which HR reads most forms; the open one is only half handed in."""
    forms = Submission.objects.in_hr_scope_of(officer)
    return max(SurveyRound.objects.all(), key=lambda row: forms.filter(survey__round=row).count())
