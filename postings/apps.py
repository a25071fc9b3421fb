from django.apps import AppConfig


class PostingsConfig(AppConfig):
    name = "postings"
    verbose_name = "ポストディスクリプション"
    default_auto_field = "django.db.models.BigAutoField"
