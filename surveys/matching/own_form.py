"""A person's own wishes and beginnings, read from the form that he alone opens here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F

from career_portal.common.era import fiscal_year_name
from career_portal.skills.models import Skill
from career_portal.staff.models import User
from surveys.answers import Answer
from surveys.asked import AskedPart, AskedQuestion, AskedSkill, asked
from surveys.matching.rules import OwnForm, Quote
from surveys.models import DraftPart, SubmittedPart, SurveyRound
from surveys.models.wishes import HOPES

WISH, EXPERIENCE, LEVEL = "_wish", "_experience", "_level"

SkillAnswers = Iterable[tuple[AskedPart, Mapping[str, Answer]]]


@dataclass(frozen=True)
class FormWithSource:
    """What the form says, and in words which form it was; nothing where no form has a wish."""

    form: OwnForm
    source: str = ""

    @property
    def has_wishes(self) -> bool:
        """Whether any form names something to grow in."""
        return bool(self.form.wishes)


def own_form(user: User, survey_round: SurveyRound) -> FormWithSource:
    """The wishes of the working copy of a round; where it has none, those handed in the year before."""
    name = fiscal_year_name(survey_round.fiscal_year)
    if (form := read_form(_working_copy(user, survey_round))).wishes:
        return FormWithSource(form, f"{name}の調書")
    before = survey_round.fiscal_year - 1
    if (form := read_form(_handed_in(user, before))).wishes:
        return FormWithSource(form, f"{fiscal_year_name(before)}に提出した調書")
    return FormWithSource(form)


def _working_copy(user: User, survey_round: SurveyRound) -> SkillAnswers:
    drafts = DraftPart.objects.visible_to(user).filter(survey__round=survey_round)
    answers = dict(drafts.values_list("part_id", "answers"))
    for part in asked(survey_round.questionnaire).parts:
        yield part, answers.get(part.pk, {})


def _handed_in(user: User, fiscal_year: int) -> SkillAnswers:
    in_force = SubmittedPart.objects.own(user).filter(
        submission__survey__round__fiscal_year=fiscal_year,
        submission__survey__current_submission=F("submission"),
    )
    for row in in_force.select_related("part__questionnaire").order_by("part__number"):
        part = asked(row.part.questionnaire).part(row.part.number)
        if part is not None:
            yield part, row.answers


def read_form(parts: SkillAnswers) -> OwnForm:
    """Wishes and beginnings in the order of the form, those wished for most first."""
    wishes: dict[str, dict[str, Quote]] = {hope: {} for hope in HOPES}
    beginnings: dict[str, Quote] = {}
    for part, answers in parts:
        for question in part.questions:
            answer = answers.get(question.code)
            if question.skill is None or not isinstance(answer, str):
                continue
            code, words = question.skill.code, question.labels.get(answer, "")
            if question.code.endswith(WISH) and answer in wishes and words:
                wishes[answer][code] = Quote(_place(part, question.skill), words)
            elif _is_beginning(question, answer) and words:
                beginnings[code] = Quote(_place(part, question.skill), words)
    return OwnForm({**wishes[HOPES[0]], **wishes[HOPES[1]]}, beginnings)


def _is_beginning(question: AskedQuestion, answer: str) -> bool:
    """Whether it is the lowest of the answers about experience or level."""
    asks = question.code.endswith((EXPERIENCE, LEVEL))
    return asks and bool(question.options) and question.options[0].value == answer


def _place(part: AskedPart, skill: AskedSkill) -> str:
    """Where an answer stands in the form: 「③ 通商・貿易」, 「② A3 協働力」."""
    is_competency = skill.code.startswith(Skill.Kind.COMPETENCY)
    return (
        f"{part.mark} {skill.code} {skill.name}" if is_competency else f"{part.mark} {skill.name}"
    )
