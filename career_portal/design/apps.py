from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "career_portal.design"
    label = "design"
