"""Excel files as the ZIP packages they are, opened only where they cannot do harm.

What a package unpacks to is known from its directory before anything is unpacked, and `zipfile` never reads more of an entry
than the directory says. XML in it is parsed as a stream that refuses a document type, and with it every entity
(ECMA-376 part 1, annex on packages: parts hold none).
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import IO, Self
from xml.parsers import expat

from career_portal.common.tables import MOST_BYTES, UnreadableFile

OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
END_OF_DIRECTORY = b"PK\x05\x06"
ZIP64_LOCATOR = b"PK\x06\x07"
LONGEST_COMMENT = 0xFFFF

LARGEST_DIRECTORY = 200_000
LARGEST_PART = 80_000_000
LARGEST_CONTENT = 160_000_000
# Below this size a part may be of one character repeated.
SMALL_PART = 1_000_000
HIGHEST_RATIO = 200
# Of one part: the largest table has less than half as many.
MOST_ELEMENTS = 4_000_000
DEEPEST = 50
CHUNK = 1 << 16

BROKEN = "ファイルが途中で切れているか、壊れています。もう一度保存し直して、選び直してください。"
BOMB = (
    "ファイルを開くと極端に大きくなるため、読めません。書き出したファイルに貼り付け直してください。"
)
TOO_LARGE = (
    f"ファイルが大きすぎます（{MOST_BYTES // 1024 // 1024}MBまで）。ファイルを分けてください。"
)
OLD = "古い形式のExcelファイル（.xls）は読めません。「.xlsx」で保存し直してください。"
ENCRYPTED = (
    "パスワードで保護されたファイルは読めません。保護を外して保存し、もう一度選んでください。"
)
MACROS = "マクロの入ったファイルは読めません。「Excel ブック（.xlsx）」で保存し直してください。"
LINKED = "ほかのファイルへのリンクが入っています。値だけを貼り付けて、リンクを外してから保存してください。"
NO_WORKBOOK = (
    "Excelのブック（.xlsx）ではありません。「.xlsx」か「.csv」のファイルを選んでください。"
)
FORBIDDEN_XML = "ファイルに、Excelが使わない定義（DOCTYPE）が入っているため、読めません。"

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def look_at(file: IO[bytes]) -> bool:
    """Whether an uploaded file is a package that can be opened; False for what may be CSV. Raises UnreadableFile."""
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise UnreadableFile("ファイルが空です。")
    if size > MOST_BYTES:
        raise UnreadableFile(TOO_LARGE)
    head = file.read(len(OLD_FORMAT))
    if head == OLD_FORMAT:
        raise UnreadableFile(ENCRYPTED if ENCRYPTED_STREAM in file.read() else OLD)
    if not head.startswith(b"PK"):
        return False
    with Package(file):
        return True


class Package:
    """An opened Excel file. Raises UnreadableFile for one that is broken, too large, with macros or links."""

    def __init__(self, file: IO[bytes]) -> None:
        _allow_directory(file)
        file.seek(0)
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise UnreadableFile(BROKEN) from error
        self._parts = {entry.filename: entry for entry in self._zip.infolist()}
        self._allow_sizes()
        self._allow_parts()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def parse(
        self, part: str, *, start: Start, end: End | None = None, text: Text | None = None
    ) -> None:
        """Read the XML of a part as a stream; names come without their prefix. Raises UnreadableFile."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        elements = _Elements(start, end)
        parser.StartElementHandler = elements.start
        parser.EndElementHandler = elements.end
        if text is not None:
            parser.CharacterDataHandler = text
        try:
            with self._zip.open(self._parts[part]) as stream:
                while chunk := stream.read(CHUNK):
                    parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
            raise UnreadableFile(BROKEN) from error
        except (NotImplementedError, RuntimeError) as error:
            raise UnreadableFile(BROKEN) from error

    def _allow_sizes(self) -> None:
        entries = self._zip.infolist()
        if len(self._parts) < len(entries):
            raise UnreadableFile(BROKEN)
        if any(entry.flag_bits & 1 for entry in entries):
            raise UnreadableFile(ENCRYPTED)
        is_too_much = sum(entry.file_size for entry in entries) > LARGEST_CONTENT or any(
            entry.file_size > LARGEST_PART for entry in entries
        )
        is_bomb = any(
            entry.file_size > SMALL_PART
            and entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1)
            for entry in entries
        )
        if is_too_much or is_bomb:
            raise UnreadableFile(BOMB)

    def _allow_parts(self) -> None:
        names = [name.casefold() for name in self._parts]
        if any("vbaproject" in name for name in names) or self._declares_macros():
            raise UnreadableFile(MACROS)
        if any(name.startswith("xl/externallinks/") for name in names):
            raise UnreadableFile(LINKED)
        if "xl/workbook.xml" not in self._parts:
            raise UnreadableFile(NO_WORKBOOK)

    def _declares_macros(self) -> bool:
        kinds: list[str] = []
        listing = self._parts.get("[Content_Types].xml")
        if listing is None:
            raise UnreadableFile(NO_WORKBOOK)
        if listing.file_size > SMALL_PART:
            raise UnreadableFile(BOMB)
        self.parse(
            listing.filename,
            start=lambda _, attributes: kinds.append(attributes.get("ContentType", "")),
        )
        return any("macroenabled" in kind.casefold() for kind in kinds)


def _allow_directory(file: IO[bytes]) -> None:
    """Refuse a directory whose length alone would fill memory, before `zipfile` reads all of it."""
    size = file.seek(0, 2)
    file.seek(-min(size, LONGEST_COMMENT + 22 + 20), 2)
    tail = file.read()
    # As `zipfile` looks for it: first at the very end, then anywhere in what may be a comment.
    at_end = len(tail) - 22
    is_at_end = tail[at_end:].startswith(END_OF_DIRECTORY) and tail.endswith(b"\0\0")
    place = at_end if at_end >= 0 and is_at_end else tail.rfind(END_OF_DIRECTORY)
    if place < 0 or len(tail) < place + 22:
        raise UnreadableFile(BROKEN)
    (length,) = struct.unpack_from("<L", tail, place + 12)
    if length > LARGEST_DIRECTORY or tail[max(place - 20, 0) :].startswith(ZIP64_LOCATOR):
        raise UnreadableFile(BOMB)


class _Elements:
    """Passes elements on, and refuses more of them, or more inside one another, than any table has."""

    def __init__(self, start: Start, end: End | None) -> None:
        self._start, self._end = start, end
        self._number = self._depth = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._number += 1
        self._depth += 1
        if self._number > MOST_ELEMENTS or self._depth > DEEPEST:
            raise UnreadableFile(BOMB)
        self._start(_local(name), attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        self._depth -= 1
        if self._end is not None:
            self._end(_local(name))


def _refuse_doctype(*_: object) -> None:
    raise UnreadableFile(FORBIDDEN_XML)


def _local(name: str) -> str:
    return name.rpartition(":")[2]
