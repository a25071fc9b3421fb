"""All that the portal holds about a person, as one ZIP: made file by file while it is sent, never held as a whole."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.module_loading import import_string

from career_portal.common.era import clock_time, date_in_words
from career_portal.common.own_data import OwnFile
from career_portal.staff.models import User

# Only the person who unpacks a file may read it.
_OWNER_READS = 0o600 << 16


def own_files(user: User) -> Iterator[OwnFile]:
    """What each app holds about the person, one file after the other; the last one says what they are."""
    made = []
    for provider in settings.OWN_DATA_PROVIDERS:
        for file in import_string(provider)(user):
            made.append(OwnFile(file.name, file.about, None if file.content is None else b""))
            yield file
    yield _readme(user, made)


def _readme(user: User, made: list[OwnFile]) -> OwnFile:
    now = timezone.now()
    text = render_to_string(
        "home/own_data_readme.txt",
        {
            "person": user,
            "made": f"{date_in_words(timezone.localdate(now))}{clock_time(now)}",
            "files": [file for file in made if file.content is not None],
            "missing": [file for file in made if file.content is None],
        },
    )
    # As the plain editor of Windows opens it without asking.
    content = text.replace("\n", "\r\n").encode("utf-8-sig")
    return OwnFile("README.txt", "この説明。", content)


def zipped(files: Iterable[OwnFile]) -> Iterator[bytes]:
    """The files as a ZIP, in pieces: one for each file, then the table of contents. What could not be made is left out."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            if file.content is None:
                continue
            entry = zipfile.ZipInfo(file.name, timezone.localtime().timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _OWNER_READS
            archive.writestr(entry, file.content)
            yield outlet.take()
    yield outlet.take()


class _Outlet(io.RawIOBase):
    """A file that cannot be moved about in: it keeps what is written only until it is taken."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # zipfile writes bytes
        self._waiting.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """What was written since it was taken last."""
        taken = b"".join(self._waiting)
        self._waiting.clear()
        return taken
