"""A small catalogue of posts: two or three per section, so that there is something to hope for."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from career_portal.home.demonstration.bulk import BulkTable
from career_portal.home.demonstration.organisation_history import Unit
from career_portal.home.demonstration.seats import Level
from career_portal.home.reference_data import read_json
from career_portal.staff.models.assignments import Grade
from postings.models import PostDescription

ARCHIVED = 0.2
TITLE_LENGTH = PostDescription._meta.get_field("title").max_length or 0
DUTY_LENGTH = PostDescription._meta.get_field("duty").max_length or 0

# The posts somebody of a level looks at: his own grade and the next.
WITHIN_REACH = {
    Level.CLERK: (Grade.OFFICIAL, Grade.SENIOR_OFFICIAL, Grade.UNIT_CHIEF),
    Level.CHIEF: (Grade.UNIT_CHIEF, Grade.DEPUTY_DIRECTOR),
}


@dataclass(frozen=True, eq=False)
class Post:
    """A published post, with its words as a form keeps them."""

    pk: int
    unit: Unit
    grade: str
    in_words: str


class Catalogue:
    """The posts of the catalogue by field."""

    def __init__(self) -> None:
        self._by_field: dict[str, list[Post]] = {}

    def add(self, post: Post) -> None:
        """Take in a published post."""
        self._by_field.setdefault(post.unit.field_code, []).append(post)

    def draw(self, field_code: str, level: Level, random: Random) -> Post:
        """A post in a field, of a grade within reach where there is one."""
        posts = self._by_field[field_code]
        grades = WITHIN_REACH.get(level, (Grade.DEPUTY_DIRECTOR,))
        return random.choice([post for post in posts if post.grade in grades] or posts)


def write_catalogue(units: list[Unit], random: Random) -> Catalogue:
    """Describe posts of all of today's sections: mostly published, some archived."""
    texts = read_json("demo", "posts.json")
    table = BulkTable(PostDescription, "code", "section", "title", "grade", "duty", "state")
    catalogue = Catalogue()
    for unit in units:
        if unit.is_leadership:
            continue
        entries = _entries(unit, texts, random)
        for number, entry in enumerate(entries, start=1):
            is_archived = number == 3 and random.random() < ARCHIVED
            state = (
                PostDescription.State.ARCHIVED if is_archived else PostDescription.State.PUBLISHED
            )
            code = f"{unit.code}-{number}"
            title, duty = entry["title"][:TITLE_LENGTH], entry["duty"][:DUTY_LENGTH]
            pk = table.add(code, unit.pk, title, entry["grade"], duty, state)
            if not is_archived:
                in_words = f"{unit.bureau_name} {unit.name}　{title}"
                catalogue.add(Post(pk, unit, entry["grade"], in_words))
    table.flush()
    return catalogue


def _entries(unit: Unit, texts: dict[str, Any], random: Random) -> list[dict[str, str]]:
    """Two or three different posts: about a topic of the section, about its field, and a general one."""
    topic = random.choice(unit.topics)
    about_topic = random.choice(texts["by_topic"])
    entries = [
        {name: str(value).replace("{topic}", topic) for name, value in about_topic.items()},
        random.choice(texts["by_field"][unit.field_code]),
    ]
    if random.random() < 0.6:
        entries.append(random.choice(texts["generic"]))
    return entries
