"""Where each part of the portal hangs."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from career_portal.design.views import gallery

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("career_portal.home.urls")),
    path("accounts/", include("career_portal.staff.urls")),
    path("postings/", include("postings.urls")),
    path("surveys/", include("surveys.urls")),
    path("interviews/", include("interviews.urls")),
]

# A refused post is given back with what was typed.
handler403 = "career_portal.staff.views.refusals.permission_denied"
handler404 = "career_portal.staff.views.refusals.page_not_found"

if settings.LOCAL_MAIL_ENABLED:
    urlpatterns.append(path("local/mail/", include("career_portal.mail.urls")))
if settings.GALLERY_ENABLED:
    urlpatterns.append(path("local/gallery/", gallery, name="gallery"))
