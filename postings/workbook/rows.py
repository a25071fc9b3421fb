"""Rows as they are kept with an import: what was found out about each, and what it says."""

from __future__ import annotations

from dataclasses import asdict

from postings.models import PostImport, PostImportRow
from postings.workbook.checking import Finding, Kind
from postings.workbook.reading import PostRow
from postings.workbook.storing import as_json, from_json


def row_of(source: PostImport, finding: Finding) -> PostImportRow:
    """A row of an import that is not stored yet."""
    row, post = finding.row, finding.post
    title = row.content.title or (post.content.title if post else "")
    stored = PostImportRow(
        source=source, number=row.number, code=row.code[:40], title=title[:80].replace("\n", " ")
    )
    return put(stored, finding)


def put(stored: PostImportRow, finding: Finding) -> PostImportRow:
    """Write into a row what was found out about it."""
    row = finding.row
    stored.kind = finding.kind
    stored.post_id = finding.post.pk if finding.post else None
    stored.section_id = finding.section
    stored.problems = [asdict(problem) for problem in finding.problems]
    stored.changes = [asdict(change) for change in finding.changes]
    if finding.kind in {Kind.ADDED, Kind.CHANGED}:
        stored.said = {
            "code": row.code,
            "unit": list(row.unit),
            "base": row.base,
            "content": as_json(row.content),
            "is_hidden": row.is_hidden,
        }
    return stored


def as_read(stored: PostImportRow) -> PostRow:
    """The row as it was read from the file."""
    said = stored.said
    bureau, division, section = said["unit"]
    return PostRow(
        stored.number,
        said["code"],
        (bureau, division, section),
        from_json(said["content"]),
        said["base"],
        is_hidden=said["is_hidden"],
    )
