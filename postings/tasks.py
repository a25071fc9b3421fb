"""Work of the catalogue that nobody waits for."""

from celery import shared_task

from postings import review_services, services
from postings.search import index_services
from postings.workbook import services as import_services


@shared_task
def release_due_versions() -> None:
    """Show the approved versions whose day has come."""
    services.release_due()


@shared_task
def remind_of_reviews() -> None:
    """Tell those who care for a post that its description should be looked at again."""
    review_services.remind_of_reviews()


@shared_task
def work_on_import(pk: int) -> None:
    """Find out what an uploaded file would do, or do it."""
    import_services.work_on(pk)


@shared_task
def look_after_imports() -> None:
    """Work on what waits for a worker or lost one."""
    for pk in import_services.imports_to_be_worked_on():
        import_services.work_on(pk)


@shared_task
def look_after_search() -> None:
    """Make entries of the search that are out of date anew, and count the words it suggests."""
    index_services.refresh_all(index_services.stale_posts())
