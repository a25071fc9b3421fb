"""What was found, shown in the text: the line that says most of it, its words marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

from postings.search.analysis import Line, line_of
from postings.search.query import FEW, Query, Way

BEFORE, LENGTH = 30, 110
Span = tuple[int, int]


class Headline:
    """Marks what a query found; `wide` where it was looked for inside other words, too."""

    def __init__(self, query: Query, *, wide: bool = False) -> None:
        self._query = query
        self._wide = wide

    def mark(self, text: str) -> SafeString:
        """The text with the words found marked, safe for a page."""
        return _marked(text, self._spans(text)[0] if self._query else [])

    def snippet(
        self, first: Iterable[str], other: Callable[[], Iterable[str]] = list
    ) -> SafeString:
        """The line that says most of what was asked, marked and cut to a line or two.

        The others are fetched where the first say none of it; the very first line stands where none does.
        """
        lines = list(first)
        if not self._query or not lines:
            return _marked(_cut(lines[0], 0)[0] if lines else "", [])
        best = self._best(lines)
        if not best[1]:
            best = max(best, self._best(list(other())), key=lambda found: found[2])
        line, spans, _ = best
        text, begin = _cut(line, spans[0][0] if spans else 0)
        shift = begin - (1 if begin else 0)
        return _marked(
            text,
            [(a - shift, min(b - shift, len(text))) for a, b in spans if a - shift < len(text)],
        )

    def _best(self, lines: list[str]) -> tuple[str, list[Span], int]:
        found = [(line, *self._spans(line)) for line in lines]
        return max(found, key=lambda each: each[2], default=("", [], -1))

    def _spans(self, text: str) -> tuple[list[Span], int]:
        """Where the text says what was asked, from left to right, and how many of the words it says."""
        line = line_of(text)
        spans: list[Span] = []
        said = 0
        for asked in self._query.asked:
            found = [span for way in asked.ways for span in self._of(way, line)]
            said += bool(found)
            spans += found
        places = line.places
        return _merged((places[begin], places[end]) for begin, end in spans), said

    def _of(self, way: Way, line: Line) -> Iterator[Span]:
        yield from _side_by_side(way, line)
        if way.whole:
            yield from ((word.begin, word.end) for word in line.words if word.lexeme == way.whole)
        if way.pairs or (self._wide and way.wide):
            yield from _literal(way.text, line.folded)
            if len(way.form) >= FEW and way.form != way.text:
                yield from _literal(way.form, line.folded)


def _literal(text: str, folded: str) -> Iterator[Span]:
    begin = folded.find(text)
    while begin >= 0:
        yield begin, begin + len(text)
        begin = folded.find(text, begin + 1)


def _side_by_side(way: Way, line: Line) -> Iterator[Span]:
    """Where the short units of a word stand side by side."""
    if not way.sequence:
        return
    (first, start), *rest = way.sequence
    for word in line.words:
        if word.lexeme != first or word.width > 1:
            continue
        end: int | None = word.end
        for lexeme, position in rest:
            end = _end_of(lexeme, word.position + position - start, line)
            if end is None:
                break
        if end is not None:
            yield word.begin, end


def _end_of(lexeme: str, position: int, line: Line) -> int | None:
    """Where a word ends that stands at a position; nothing where another stands there."""
    found = (word.end for word in line.words if word.position == position and word.lexeme == lexeme)
    return next(found, None)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((begin, end))
    return merged


def _cut(line: str, begin: int) -> tuple[str, int]:
    """A line of bearable length around a place, and where in the line it starts."""
    start = max(0, begin - BEFORE) if len(line) > LENGTH else 0
    end = start + LENGTH
    text = line[start:end]
    return f"{'…' if start else ''}{text}{'…' if end < len(line) else ''}", start


def _marked(text: str, spans: list[Span]) -> SafeString:
    """The text with marks around what was found; every piece is escaped on its way."""
    ends = [0, *(end for _, end in spans)]
    pieces = (
        (text[before:begin], text[begin:end])
        for before, (begin, end) in zip(ends, spans, strict=False)
    )
    return format_html_join("", "{}<mark>{}</mark>", pieces) + escape(text[ends[-1] :])
