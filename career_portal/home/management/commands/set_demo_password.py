"""`manage.py set_demo_password`: another password for the sign-ins of the demonstration."""

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError

from career_portal.staff.models import User


class Command(BaseCommand):
    """Gives the password of these settings to the fixed sign-ins and to nobody else."""

    help = "Give the demonstration sign-ins the password in PORTAL_DEMO_PASSWORD."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse without a password, and where the accounts must not exist."""
        if not settings.DEMO_ACCOUNTS_ALLOWED or not settings.DEMO_PASSWORD:
            raise CommandError("These settings give the demonstration accounts no password.")
        password = make_password(settings.DEMO_PASSWORD)
        count = User.objects.filter(is_demonstration=True).update(password=password)
        self.stdout.write(f"{count} sign-ins")
