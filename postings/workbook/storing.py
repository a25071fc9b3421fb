"""Descriptions as they are kept with an import, and the mark by which a row tells what it was written from."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from postings.content import GAINED, PLAIN_FIELDS, REQUIRED, PostContent, SkillLine

_BASE = re.compile(r"第(\d{1,6})版・保存(\d{1,6})回・([a-p]{12})")


def as_json(content: PostContent) -> dict[str, Any]:
    """A description as a value of JSON."""
    day = content.next_review_on
    return {**asdict(content), "next_review_on": day.isoformat() if day else None}


def from_json(stored: dict[str, Any]) -> PostContent:
    """The description that was stored."""
    day = stored["next_review_on"]
    fields: dict[str, Any] = {name: stored[name] for name in PLAIN_FIELDS}
    fields["next_review_on"] = datetime.date.fromisoformat(day) if day else None
    for relation in (GAINED, REQUIRED):
        fields[relation] = tuple(SkillLine(**line) for line in stored[relation])
    return PostContent(**fields)


def fingerprint(content: PostContent) -> str:
    """Twelve letters that tell whether a description was edited; no digits, which spreadsheet programs would calculate with."""
    said = json.dumps(as_json(content), ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))


@dataclass(frozen=True)
class Base:
    """What a row was written from: the version, its count of saves and its words."""

    number: int
    edit: int
    mark: str

    def __str__(self) -> str:
        return f"第{self.number}版・保存{self.edit}回・{self.mark}"


def base_of(text: str) -> Base | None:
    """The base that a cell names; None where it names none."""
    found = _BASE.fullmatch(text.strip())
    return Base(int(found[1]), int(found[2]), found[3]) if found else None
