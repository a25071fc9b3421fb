"""Putting a sheet's PDF into the storage: whole, or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


class FinishedFile(File):  # type: ignore[type-arg]  # generic for the type checker alone
    """A file that is written already: a storage on a disk moves it into place instead of copying it."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        super().__init__(file, name=path.name)
        self._path = path

    def temporary_file_path(self) -> str:
        """Where it lies; the storage asks for this by name."""
        return str(self._path)


def put(name: str, content: bytes) -> None:
    """Store the content under the name. Raises FileExistsError where the name is taken."""
    place = _place(name)
    if place is None:
        # Storages of objects show nothing before all of it has arrived.
        stored = default_storage.save(name, ContentFile(content))
    else:
        stored = _put_on_disk(name, place, content)
    if stored != name:
        default_storage.delete(stored)
        raise FileExistsError(name)


def remove(name: str) -> None:
    """Delete what lies under the name, and what a dead worker left of it."""
    if not name:
        return
    # Where the folder is no folder, nothing lies in it; putting something there will fail with the reason.
    with suppress(NotADirectoryError):
        default_storage.delete(name)
    place = _place(name)
    if place is not None and place.parent.is_dir():
        for left in place.parent.glob(f"{place.stem}.*.part"):
            left.unlink(missing_ok=True)


def _place(name: str) -> Path | None:
    try:
        return Path(default_storage.path(name))
    except NotImplementedError:
        return None


def _put_on_disk(name: str, place: Path, content: bytes) -> str:
    place.parent.mkdir(parents=True, exist_ok=True)
    # Beside its place, so that moving it is one step of the file system.
    with NamedTemporaryFile(
        dir=place.parent, prefix=f"{place.stem}.", suffix=".part", delete=False
    ) as file:
        path = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            return default_storage.save(name, FinishedFile(file, path))
        finally:
            with suppress(FileNotFoundError):
                path.unlink()
