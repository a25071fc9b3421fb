"""All sheets of a release, or of a bureau, as one ZIP that is written while it is sent."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import default_storage
from django.utils import timezone

from surveys.models import FeedbackSheet, RoundUnit

LONGEST_NAME = 60
# What file names of Windows cannot hold, and what would be another folder.
_UNFIT = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]')


class Outflow(io.RawIOBase):
    """What a ZIP is written to: it hands on what came since it was last asked, and keeps nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        """It is only written to; that it cannot go back makes the ZIP one that is sent while it grows."""
        return True

    def write(self, data: object) -> int:
        """Take some bytes."""
        piece = bytes(data)  # type: ignore[call-overload]  # any buffer
        self._written += piece
        return len(piece)

    def take(self) -> bytes:
        """What was written since."""
        taken = bytes(self._written)
        self._written.clear()
        return taken


def stream(sheets: Iterable[FeedbackSheet]) -> Iterator[bytes]:
    """The bytes of a ZIP with these sheets, one sheet in memory at a time; PDFs are compressed already."""
    outflow = Outflow()
    with ZipFile(outflow, "w", ZIP_STORED) as archive:
        for number, sheet in enumerate(sheets):
            made = timezone.localtime(sheet.made_at) if sheet.made_at else timezone.localtime()
            # Names beyond ASCII carry the UTF-8 flag, by which Windows reads them.
            entry = ZipInfo(name_in_bundle(number, sheet), made.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            with default_storage.open(sheet.file) as file:
                archive.writestr(entry, file.read())
            yield outflow.take()
    yield outflow.take()


def name_in_bundle(number: int, sheet: FeedbackSheet) -> str:
    """A name that is one of a kind, in the order of the organisation: 「大臣官房/003_秘書課.pdf」."""
    unit = sheet.unit
    bureau = unit if unit.level == RoundUnit.Level.BUREAU else unit.parent
    folder = "" if bureau is None else f"{fit_for_files(bureau.name)}/"
    return f"{folder}{number:03}_{fit_for_files(unit.name)}.pdf"


def fit_for_files(name: str) -> str:
    """A name as Windows, macOS and Linux can all hold it."""
    fit = _UNFIT.sub("＿", unicodedata.normalize("NFC", name))[:LONGEST_NAME]
    return fit.strip(" .") or "＿"
