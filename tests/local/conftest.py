import shutil
import tempfile
from pathlib import Path

import pytest

from career_portal.local.data_directory import DataDirectory
from career_portal.local.database_account import database_account


@pytest.fixture
def place():
    """A directory that the database account can enter, unlike pytest's own."""
    directory = Path(tempfile.mkdtemp(prefix="career-portal-")).resolve()
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def data(place):
    directory = DataDirectory(place / "data")
    directory.prepare()
    return directory


@pytest.fixture
def account():
    return database_account()
