from django.urls import path

from tests.benchmarks.bare import views

urlpatterns = [path("form/", views.form), path("save/", views.save)]
