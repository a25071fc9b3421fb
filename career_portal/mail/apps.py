from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "career_portal.mail"
    label = "mail"
    verbose_name = "メール"
    default_auto_field = "django.db.models.BigAutoField"
