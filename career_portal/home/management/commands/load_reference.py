"""`manage.py load_reference`: organisation, skill framework and questionnaire for a new installation."""

from typing import Any

from django.core.management.base import BaseCommand

from career_portal.home.reference_data import load_reference_data


class Command(BaseCommand):
    """Loads what is missing and leaves the rest as it is."""

    help = "Load the organisation, the skill framework and the autumn questionnaire where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what is there."""
        loaded = load_reference_data()
        self.stdout.write(f"reference data: {loaded.framework}, {loaded.questionnaire}")
