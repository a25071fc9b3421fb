"""The landing page, and the pages about what the portal holds about oneself."""

from django.urls import path

from career_portal.home import own_pages, views

app_name = "home"

urlpatterns = [
    path("", views.home, name="home"),
    path("me/reads/", own_pages.own_reads, name="own_reads"),
    path("me/data/", own_pages.own_data, name="own_data"),
    path("me/data/download/", own_pages.own_data_download, name="own_data_download"),
]
