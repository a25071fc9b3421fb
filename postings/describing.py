"""A shown version as its readers find it: on its page, on paper, beside others."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from career_portal.common.clock import today
from career_portal.common.era import date_in_words, era_year
from postings.content import GAINED, LABELS, REQUIRED
from postings.models import PostDescription, PostSkill, PostVersion
from postings.models.posts import lines

# Not the colon of a time.
_COLON = re.compile(r"：|:(?!\d)")
WAYS = ("telework", "travel", "busy_season", "team")


@dataclass(frozen=True)
class ShownSkill:
    """A skill that a post gives or asks for, with its strength from 1 to 3 and in words."""

    code: str
    name: str
    strength: int
    words: str
    sentence: str


@dataclass(frozen=True)
class Entry:
    """Something said about a post under a heading of a word or two."""

    label: str
    text: str


@dataclass(frozen=True)
class Description:
    """What a version says, ready to be read."""

    version: PostVersion
    gained: list[ShownSkill]
    required: list[ShownSkill]

    @property
    def grade(self) -> str:
        """The grade in words."""
        return self.version.get_grade_display()

    @property
    def duties(self) -> list[str]:
        """The duties, one by one."""
        return self.version.duty_lines

    @property
    def before(self) -> list[str]:
        """Where people came from."""
        return lines(self.version.career_before)

    @property
    def after(self) -> list[str]:
        """Where people went."""
        return lines(self.version.career_after)

    @property
    def has_path(self) -> bool:
        """Whether anything is said about the way before and after."""
        return bool(self.before or self.after or self.version.stay)

    @property
    def ways_of_working(self) -> list[Entry]:
        """Telework, travel, busy season and team, as far as they are described."""
        said = ((LABELS[name], getattr(self.version, name)) for name in WAYS)
        return [Entry(label, text) for label, text in said if text.strip()]

    @property
    def additional(self) -> list[Entry]:
        """Further rows, of which each names its heading before a colon."""
        return [_entry(line) for line in lines(self.version.additional)]

    @property
    def publication(self) -> str:
        """When it was published: 令和8年7月10日."""
        return short_date(self.version.released_on)

    @property
    def publication_in_full(self) -> str:
        """The same with the Western year."""
        day = self.version.released_on
        return date_in_words(day) if day else ""

    @property
    def next_review(self) -> str:
        """When it is looked at again."""
        day = self.version.next_review_on
        return date_in_words(day) if day else ""

    @property
    def is_review_due(self) -> bool:
        """Whether that day is past."""
        return self.version.is_overdue(today())


def describe(version: PostVersion, skills: Iterable[PostSkill]) -> Description:
    """A version with its skills, each loaded with the framework's entry."""
    found: dict[str, list[ShownSkill]] = {GAINED: [], REQUIRED: []}
    for row in skills:
        found[row.relation].append(
            ShownSkill(
                row.skill.code, row.skill.name, row.strength, row.strength_in_words, row.sentence
            )
        )
    return Description(version, found[GAINED], found[REQUIRED])


def described(posts: Iterable[PostDescription]) -> list[tuple[PostDescription, Description]]:
    """Posts with what their shown versions say; load them with `in_words` and the skills of `shown`."""
    return [(post, describe(post.shown, post.shown.skills.all())) for post in posts if post.shown]


def short_date(day: datetime.date | None) -> str:
    """令和8年7月10日, or nothing."""
    if day is None:
        return ""
    return f"{era_year(day.year, month=day.month, day=day.day)}{day.month}月{day.day}日"


def _entry(line: str) -> Entry:
    label, *rest = _COLON.split(line, maxsplit=1)
    text = "".join(rest).strip()
    return Entry(label.strip(), text) if text else Entry("補足", line)
