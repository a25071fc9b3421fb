"""A questionnaire as it is asked: the rows of the three models as one immutable value, kept in memory.

Pages, checks and PDFs read this, so that no request reads wording from the database twice. Within a process there is one
object for each question of a revision: it stands for itself as a key of what is kept per question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.db.models.functions import Now

from surveys.models import Part, Question, Questionnaire

CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True)
class Option:
    """One answer to choose: its stored value, its word and, for a level, the sentence that anchors it."""

    value: str
    label: str
    text: str = ""


@dataclass(frozen=True)
class AskedSkill:
    """A framework entry that questions belong to."""

    code: str
    name: str
    note: str


@dataclass(frozen=True, eq=False)
class AskedQuestion:
    """One question with its options."""

    code: str
    kind: str
    label: str
    summary_label: str
    support: str
    skill: AskedSkill | None
    options: tuple[Option, ...]
    max_length: int
    is_required: bool
    is_key: bool

    @cached_property
    def labels(self) -> dict[str, str]:
        """The words of the options by stored value."""
        return {option.value: option.label for option in self.options}

    @property
    def is_text(self) -> bool:
        """Whether it is answered in one's own words."""
        return self.kind in (Question.Kind.TEXT, Question.Kind.LONG_TEXT)


@dataclass(frozen=True, eq=False)
class SkillGroup:
    """The questions of one part that belong to the same skill, or to none."""

    skill: AskedSkill | None
    questions: tuple[AskedQuestion, ...]

    @property
    def key(self) -> str:
        """A name for anchors in a page: the skill's code in lower case."""
        return self.skill.code.lower() if self.skill else "other"


@dataclass(frozen=True, eq=False)
class AskedPart:
    """One part with its questions."""

    pk: int
    number: int
    code: str
    title: str
    group: str
    hint: str
    minutes: int
    lead: str
    layout: str
    supervisor_access: str
    hr_reads: bool
    listener_reads: bool
    is_aggregated: bool
    questions: tuple[AskedQuestion, ...]

    @property
    def mark(self) -> str:
        """The number in its circle: ①."""
        return CIRCLED[self.number] if self.number < len(CIRCLED) else str(self.number)

    @property
    def name(self) -> str:
        """Number and title: ② コンピテンシー."""
        return f"{self.mark} {self.title}"

    @property
    def is_supervisor_optional(self) -> bool:
        """Whether the writer may decide about his supervisor."""
        return self.supervisor_access != Part.SupervisorAccess.NEVER

    @cached_property
    def key_questions(self) -> tuple[AskedQuestion, ...]:
        """The questions by which the part counts as filled in."""
        return tuple(question for question in self.questions if question.is_key)

    @cached_property
    def post_questions(self) -> tuple[AskedQuestion, ...]:
        """The questions answered by a post."""
        return tuple(question for question in self.questions if question.kind == Question.Kind.POST)

    @cached_property
    def wished_skills(self) -> dict[str, str]:
        """The names of the skills whose wish it asks for, by the code of that question."""
        return {
            question.code: question.skill.name
            for question in self.questions
            if question.skill and question.code.endswith("_wish")
        }

    @cached_property
    def skill_groups(self) -> tuple[SkillGroup, ...]:
        """Its questions by skill, in order."""
        order: dict[AskedSkill | None, list[AskedQuestion]] = {}
        for question in self.questions:
            order.setdefault(question.skill, []).append(question)
        return tuple(SkillGroup(skill, tuple(questions)) for skill, questions in order.items())


@dataclass(frozen=True, eq=False)
class AskedQuestionnaire:
    """A whole questionnaire."""

    pk: int
    revision: int
    title: str
    parts: tuple[AskedPart, ...]

    def part(self, number: int) -> AskedPart | None:
        """The part with that number, if there is one."""
        return self._by_number.get(number)

    def part_by_code(self, code: str) -> AskedPart | None:
        """The part with that code, if there is one."""
        return next((part for part in self.parts if part.code == code), None)

    @cached_property
    def _by_number(self) -> dict[int, AskedPart]:
        return {part.number: part for part in self.parts}

    @cached_property
    def groups(self) -> tuple[tuple[str, tuple[AskedPart, ...]], ...]:
        """The parts under their headings, in order."""
        headings: dict[str, list[AskedPart]] = {}
        for part in self.parts:
            headings.setdefault(part.group, []).append(part)
        return tuple((heading, tuple(parts)) for heading, parts in headings.items())


def asked(questionnaire: Questionnaire | None) -> AskedQuestionnaire:
    """The questionnaire of a round held here as it is asked, read once per process and revision."""
    if questionnaire is None:
        raise ValueError("a round that was brought along asks nobody")
    return asked_revision(questionnaire.pk, questionnaire.revision)


def newest_asked() -> AskedQuestionnaire | None:
    """The wording of the newest round that has begun; None before the first."""
    rounds = Questionnaire.objects.select_related("framework").filter(rounds__opens_at__lte=Now())
    newest = rounds.order_by("-rounds__fiscal_year").first()
    return asked(newest) if newest else None


@lru_cache(maxsize=32)
def asked_revision(pk: int, revision: int) -> AskedQuestionnaire:
    """The same, by id and revision."""
    questionnaire = Questionnaire.objects.select_related("framework").get(pk=pk)
    skills = {
        skill.code: AskedSkill(skill.code, skill.name, skill.note)
        for skill in questionnaire.framework.skills.all()
    }
    parts = questionnaire.parts.prefetch_related("questions")
    return AskedQuestionnaire(
        pk=pk,
        revision=revision,
        title=questionnaire.title,
        parts=tuple(_part(part, skills) for part in parts),
    )


def _part(part: Part, skills: dict[str, AskedSkill]) -> AskedPart:
    return AskedPart(
        pk=part.pk,
        number=part.number,
        code=part.code,
        title=part.title,
        group=part.group,
        hint=part.hint,
        minutes=part.minutes,
        lead=part.lead,
        layout=part.layout,
        supervisor_access=part.supervisor_access,
        hr_reads=part.hr_reads,
        listener_reads=part.listener_reads,
        is_aggregated=part.is_aggregated,
        questions=tuple(_questions(part, skills)),
    )


def _questions(part: Part, skills: dict[str, AskedSkill]) -> Iterator[AskedQuestion]:
    for question in part.questions.all():
        yield AskedQuestion(
            code=question.code,
            kind=question.kind,
            label=question.label,
            summary_label=question.summary_label or question.label,
            support=question.support,
            skill=skills.get(question.skill_code),
            options=tuple(
                Option(option["value"], option["label"], option.get("text", ""))
                for option in question.options
            ),
            max_length=question.max_length or 0,
            is_required=question.is_required,
            is_key=question.is_key,
        )
