"""What changed between two texts, piece by piece, for pages that mark it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

import regex

# Words as one sees them: a change inside a run of kanji, kana or letters marks the run.
_PIECE = regex.compile(r"\p{Han}+|\p{Hiragana}+|[\p{Katakana}ー]+|\p{L}+|\p{N}+|\s|.")


class Kind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """A stretch of text that is in both, or in one of them alone."""

    kind: Kind
    text: str


def mark_changes(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """The pieces of the old text (same, removed) and those of the new one (same, added)."""
    before, after = _PIECE.findall(old), _PIECE.findall(new)
    olds: list[Piece] = []
    news: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        is_same = tag == "equal"
        _add(olds, Kind.SAME if is_same else Kind.REMOVED, "".join(before[a:b]))
        _add(news, Kind.SAME if is_same else Kind.ADDED, "".join(after[c:d]))
    return olds, news


def _add(pieces: list[Piece], kind: Kind, text: str) -> None:
    if text:
        pieces.append(Piece(kind, text))
