from django.urls import path

from tests.benchmarks.bare import search, views

urlpatterns = [
    path("form/", views.form),
    path("save/", views.save),
    path("search/", search.search),
]
