"""The landing page."""

from django.urls import path

from career_portal.home import views

app_name = "home"

urlpatterns = [path("", views.home, name="home")]
