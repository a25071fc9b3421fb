from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = "希望調書"
    default_auto_field = "django.db.models.BigAutoField"
