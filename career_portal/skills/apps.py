from django.apps import AppConfig


class SkillsConfig(AppConfig):
    name = "career_portal.skills"
    label = "skills"
    verbose_name = "スキル体系"
    default_auto_field = "django.db.models.BigAutoField"
