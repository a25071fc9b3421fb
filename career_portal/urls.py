"""Where each part of the portal hangs."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from career_portal.design.views import gallery

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("career_portal.home.urls")),
    path("accounts/", include("career_portal.staff.urls")),
    path("surveys/", include("surveys.urls")),
]

if settings.GALLERY_ENABLED:
    urlpatterns.append(path("local/gallery/", gallery, name="gallery"))
