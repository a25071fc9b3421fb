from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "career_portal.audit"
    label = "audit"
    verbose_name = "記録"
    default_auto_field = "django.db.models.BigAutoField"
