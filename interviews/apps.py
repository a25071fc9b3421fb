from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    name = "interviews"
    verbose_name = "キャリア面談"
    default_auto_field = "django.db.models.BigAutoField"
