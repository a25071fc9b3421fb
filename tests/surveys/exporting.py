"""Orders of files with submitted forms, made at once, and what the files hold."""

from django.core.files.storage import default_storage

from surveys.exports import services
from surveys.reading_filters import FormFilters
from tests.factories.staff import AssignmentFactory, SectionFactory
from tests.factories.surveys import hope_survey


def order(survey_round, officer, file_format="xlsx", **filters):
    """Ask for a file."""
    return services.request_export(
        survey_round,
        file_format=file_format,
        filters=FormFilters(**filters),
        purpose="異動の検討",
        by=officer,
    )


def made(export):
    """The order after a worker has looked at it."""
    services.produce_export(export.pk)
    export.refresh_from_db()
    return export


def content(export):
    """The bytes of its file."""
    with default_storage.open(export.file) as file:
        return file.read()


def many(survey_round, number, section=None):
    """People of one section who have handed in part ⑦."""
    section = section or SectionFactory()
    people = [AssignmentFactory(section=section).user for _ in range(number)]
    for person in people:
        hope_survey(survey_round, person, numbers=[7])
    return people
