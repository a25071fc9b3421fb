"""A storage of files of its own."""

import pytest


@pytest.fixture
def disk(settings, tmp_path):
    """A storage of files of its own, as the portal has; the folder that it lies in."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def broken_disk(disk, settings, tmp_path):
    """A function after whose call nothing can be written to the storage, and one that mends it."""
    occupied = tmp_path / "occupied"
    occupied.write_text("no directory")

    def break_it():
        settings.MEDIA_ROOT = occupied / "media"

    def mend_it():
        settings.MEDIA_ROOT = disk

    return break_it, mend_it
