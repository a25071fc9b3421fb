"""Files in an S3-compatible storage, by configuration alone."""

import pytest
from django.core.files.storage import default_storage

from career_portal.common.object_storage import object_storage
from surveys.feedback_sheets import storing
from tests.common.object_store import object_store


@pytest.fixture
def store(settings):
    """What lies in the storage that the portal uses during the test."""
    with object_store() as (address, kept):
        storage = object_storage(
            bucket="portal",
            endpoint=address,
            region="ap-northeast-1",
            access_key="key",
            secret_key="secret",
        )
        settings.STORAGES = {**settings.STORAGES, "default": storage}
        yield kept


def test_files_are_put_read_and_removed(store):
    storing.put("feedback/1/1-1.pdf", b"%PDF-1.7 one")

    assert store == {"/portal/feedback/1/1-1.pdf": b"%PDF-1.7 one"}
    with default_storage.open("feedback/1/1-1.pdf") as file:
        assert file.read() == b"%PDF-1.7 one"
    storing.remove("feedback/1/1-1.pdf")
    assert store == {}


def test_a_name_that_is_taken_keeps_its_file(store):
    storing.put("feedback/1/1-1.pdf", b"%PDF-1.7 one")

    with pytest.raises(FileExistsError):
        storing.put("feedback/1/1-1.pdf", b"%PDF-1.7 two")

    assert store == {"/portal/feedback/1/1-1.pdf": b"%PDF-1.7 one"}


def test_what_is_not_there_cannot_be_opened(store):
    with pytest.raises(FileNotFoundError):
        default_storage.open("feedback/9/9-9.pdf")
