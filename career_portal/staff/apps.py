from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "career_portal.staff"
    label = "staff"
    verbose_name = "職員と組織"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks and the log of sign-ins."""
        from career_portal.staff import checks, sign_in_log  # noqa: F401, PLC0415  need the models
