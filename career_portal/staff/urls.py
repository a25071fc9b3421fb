"""Sign-in, sign-out and how long a sign-in lasts; of the library's other routes none is mounted."""

from django.urls import path

from career_portal.staff.views import session, sign_in

# Without a namespace: the library reverses the first two names.
urlpatterns = [
    path("login/", sign_in.SignInView.as_view(), name="account_login"),
    path("logout/", sign_in.SignOutView.as_view(), name="account_logout"),
    path("session/", session.session_left, name="session_left"),
    path("signed-in/", session.signed_in, name="signed_in"),
]
