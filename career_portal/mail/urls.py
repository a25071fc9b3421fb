from django.urls import path

from career_portal.mail import views

app_name = "mail"
urlpatterns = [
    path("", views.local_mail_list, name="local_mail_list"),
    path("<int:pk>/", views.local_mail_detail, name="local_mail_detail"),
]
