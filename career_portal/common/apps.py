from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "career_portal.common"
    label = "common"

    def ready(self) -> None:
        """Make the Celery application the one that tasks belong to."""
        from career_portal import celery  # noqa: F401, PLC0415  must follow the settings
