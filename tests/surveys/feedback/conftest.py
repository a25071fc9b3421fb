"""A storage of files of its own, and PDFs in name only."""

import pytest

from surveys.feedback_sheets import engine
from tests.factories import feedback


@pytest.fixture
def fake_pdfs(monkeypatch):
    """Sheets are drawn in name only."""
    monkeypatch.setattr(engine, "render_sheet", feedback.fake_pdf)


@pytest.fixture
def disk(settings, tmp_path):
    """A storage of files of its own, as the portal has; the folder that it lies in."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT
