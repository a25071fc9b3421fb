"""A storage of files of its own."""

import pytest


@pytest.fixture
def disk(settings, tmp_path):
    """A storage of files as the portal has; the folder that it lies in."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT
