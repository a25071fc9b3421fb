"""What a description says, apart from the version it stands in: written in a form or a workbook, compared, stored."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields

from career_portal.common.era import date_in_words
from career_portal.common.text import exceeds
from career_portal.skills.models import Skill
from career_portal.staff.models.assignments import Grade
from postings.models.posts import NON_MANAGERIAL, PostVersion, lines
from postings.models.skills import STRENGTHS, PostSkill

GAINED, REQUIRED = PostSkill.Relation.GAINED, PostSkill.Relation.REQUIRED
MOST_SKILLS = {GAINED: 6, REQUIRED: 4}
SENTENCE_LIMIT = 120


@dataclass(frozen=True)
class Line:
    """A field of a description that is text: most characters, and what it is for."""

    name: str
    limit: int
    help: str = ""
    rows: int = 1

    @property
    def label(self) -> str:
        """The field as a person knows it."""
        return LABELS[self.name]

    @property
    def is_long(self) -> bool:
        """Whether it takes several lines."""
        return self.rows > 1


# In the order in which one reads a description.
TEXTS = (
    Line("title", 40),
    Line("mission", 300, "何のためのポストかを、1〜2文で。", 3),
    Line(
        "duties",
        1000,
        "1行に1つずつ、3つ以上。どんな相手と、何をつくるかを書きます。",
        6,
    ),
    Line("stay", 120, "いつ、何を任されるか。", 2),
    Line("career_before", 300, "これまでの例を1行に1つずつ。", 3),
    Line("career_after", 300, "これまでの例を1行に1つずつ。", 3),
    Line("telework", 120, "", 2),
    Line("travel", 120, "", 2),
    Line("busy_season", 120, "", 2),
    Line("team", 120, "", 2),
    Line("additional", 600, "1行に1つ、「項目：内容」の形で。", 3),
    Line("place", 30),
    Line("contact", 80, "課室の係と内線。氏名は書きません。"),
)
# Texts with one entry per line.
LISTS = frozenset({"duties", "career_before", "career_after", "additional"})


@dataclass(frozen=True)
class SkillLine:
    """A skill of the framework by its code, with strength 1-3 and a sentence."""

    code: str
    strength: int
    sentence: str = ""


@dataclass(frozen=True)
class PostContent:
    """What a description says."""

    title: str = ""
    grade: str = ""
    mission: str = ""
    duties: str = ""
    gained: tuple[SkillLine, ...] = ()
    required: tuple[SkillLine, ...] = ()
    stay: str = ""
    career_before: str = ""
    career_after: str = ""
    telework: str = ""
    travel: str = ""
    busy_season: str = ""
    team: str = ""
    additional: str = ""
    place: str = ""
    contact: str = ""
    next_review_on: datetime.date | None = None


FIELDS = tuple(field.name for field in fields(PostContent))
PLAIN_FIELDS = tuple(name for name in FIELDS if name not in {"gained", "required"})


LABELS: Mapping[str, str] = {
    name: str(PostVersion._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # no relation
    for name in PLAIN_FIELDS
} | {"gained": GAINED.label, "required": REQUIRED.label}


@dataclass(frozen=True)
class Change:
    """A field that two descriptions say differently, both in words."""

    name: str
    old: str
    new: str

    @property
    def label(self) -> str:
        """The field as a person knows it."""
        return LABELS[self.name]


@dataclass(frozen=True)
class Problem:
    """What keeps a field of a description from being stored, or from being reviewed."""

    name: str
    sentence: str


def content_of(version: PostVersion) -> PostContent:
    """What a version says; load it with `skills__skill`."""
    skills: dict[str, list[SkillLine]] = {GAINED: [], REQUIRED: []}
    for row in version.skills.all():
        skills[row.relation].append(SkillLine(row.skill.code, row.strength, row.sentence))
    return PostContent(
        gained=tuple(skills[GAINED]),
        required=tuple(skills[REQUIRED]),
        **{name: getattr(version, name) for name in PLAIN_FIELDS},
    )


def in_words(content: PostContent, name: str, skill_names: Mapping[str, str]) -> str:
    """A field as a person reads it; lists have one entry per line."""
    value = getattr(content, name)
    if name in {"gained", "required"}:
        return "\n".join(_skill_in_words(name, skill, skill_names) for skill in value)
    if name == "grade":
        return str(Grade(value).label) if value else ""
    if name == "next_review_on":
        return date_in_words(value) if value else ""
    return str(value)


def _skill_in_words(relation: str, skill: SkillLine, skill_names: Mapping[str, str]) -> str:
    strength = STRENGTHS[relation][skill.strength]
    sentence = f"：{skill.sentence}" if skill.sentence else ""
    return f"{skill_names.get(skill.code, skill.code)}（{strength}）{sentence}"


def compare(
    old: PostContent, new: PostContent, skill_names: Mapping[str, str]
) -> tuple[Change, ...]:
    """The fields in which two descriptions differ, in the order of reading."""
    return tuple(
        Change(name, in_words(old, name, skill_names), in_words(new, name, skill_names))
        for name in FIELDS
        if getattr(old, name) != getattr(new, name)
    )


def storable(content: PostContent, skills: Collection[str]) -> list[Problem]:
    """What keeps a description from being stored even as a draft; `skills` are the codes of the framework in use."""
    found = [
        Problem(line.name, f"{line.label}は{line.limit}文字以内で入力してください。")
        for line in TEXTS
        if exceeds(getattr(content, line.name), line.limit)
    ]
    if not content.title.strip():
        found.append(Problem("title", "職名を入力してください。"))
    if content.grade not in set(NON_MANAGERIAL):
        found.append(Problem("grade", "職層は、係員・主任・係長・課長補佐から選択してください。"))
    for name in (GAINED, REQUIRED):
        found.extend(_skill_problems(name, getattr(content, name), skills))
    return found


def _skill_problems(
    name: str, chosen: tuple[SkillLine, ...], skills: Collection[str]
) -> Iterator[Problem]:
    label = LABELS[name]
    codes = [skill.code for skill in chosen]
    if len(codes) > MOST_SKILLS[PostSkill.Relation(name)]:
        most = MOST_SKILLS[PostSkill.Relation(name)]
        yield Problem(name, f"{label}は{most}つまで選べます。")
    if len(set(codes)) < len(codes):
        yield Problem(name, f"{label}に、同じスキルが2回あります。")
    if not set(codes) <= set(skills):
        yield Problem(name, f"{label}に、スキル体系にないスキルがあります。")
    if any(skill.strength not in STRENGTHS[name] for skill in chosen):
        yield Problem(name, f"{label}の強さを選択してください。")
    if any(exceeds(skill.sentence, SENTENCE_LIMIT) for skill in chosen):
        yield Problem(name, f"{label}の説明は{SENTENCE_LIMIT}文字以内で入力してください。")


def reviewable(content: PostContent) -> list[Problem]:
    """What a description that can be stored still lacks before somebody else reviews it."""
    found = []
    if not content.mission.strip():
        found.append(Problem("mission", "ミッションを入力してください。"))
    if len(lines(content.duties)) < 3:
        found.append(Problem("duties", "業務内容を、1行に1つずつ、3つ以上入力してください。"))
    if not content.gained:
        found.append(Problem("gained", "習得が見込まれるスキルを1つ以上選択してください。"))
    if any(not skill.sentence.strip() for skill in (*content.gained, *content.required)):
        found.append(Problem("gained", "選んだスキルのそれぞれに、説明を入力してください。"))
    if not content.place.strip():
        found.append(Problem("place", "勤務地を入力してください。"))
    if content.next_review_on is None:
        found.append(Problem("next_review_on", "次の見直しの日を入力してください。"))
    return found


def skill_names() -> dict[str, str]:
    """The framework in use: names by code, in its order."""
    return dict(Skill.objects.in_use().order_by("sort_order").values_list("code", "name"))
