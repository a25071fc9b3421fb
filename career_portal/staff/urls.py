"""Sign-in and sign-out; of the library's other routes none is mounted."""

from django.urls import path

from career_portal.staff.views import sign_in

# Without a namespace: the library reverses these two names.
urlpatterns = [
    path("login/", sign_in.SignInView.as_view(), name="account_login"),
    path("logout/", sign_in.SignOutView.as_view(), name="account_logout"),
]
