"""Mail in the background. Each task finds its work in the outbox, so it may run at any time and any number of times."""

from celery import shared_task

from career_portal.mail import services


@shared_task
def deliver_mails() -> None:
    """Hand over every mail that is due."""
    services.deliver_due_mails()


@shared_task
def purge_mails() -> None:
    """Delete mails that are no longer kept."""
    services.purge_old_mails()
