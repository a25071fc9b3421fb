"""Submitted versions as pages and PDFs show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from career_portal.common.era import fiscal_year_full
from career_portal.design.components import SummaryRow
from career_portal.staff.models import User
from surveys.answers import in_words
from surveys.asked import AskedPart, AskedQuestion, asked
from surveys.models import Submission, SubmittedPart
from surveys.models.wishes import EXPERIENCES, EXPERTISE, HOPES, POSTS, TIMING
from surveys.summary import summary_rows


@dataclass(frozen=True)
class ShownPart:
    """One submitted part in the wording it answered."""

    part: AskedPart
    answers: SubmittedPart

    def words(self, question: AskedQuestion) -> str:
        """An answer as a person reads it."""
        return in_words(question, self.answers.answers, self.answers.post_titles)

    def words_of(self, code: str) -> str:
        """The answer to one question by its code; nothing where it was not asked."""
        return "".join(self.words(one) for one in self.part.questions if one.code == code)

    @property
    def skills_hoped_for(self) -> list[str]:
        """The names of the skills for which it hopes most."""
        return [
            name
            for code, name in self.part.wished_skills.items()
            if self.answers.answers.get(code) == HOPES[0]
        ]

    @property
    def rows(self) -> list[SummaryRow]:
        """Its questions and answers."""
        return summary_rows(self.part, self.words)

    @property
    def answered_skills(self) -> list[tuple[str, list[str]]]:
        """The skills with what was said of each, where something was: for tables."""
        found = []
        for group in self.part.skill_groups:
            said = [self.words(question) for question in group.questions]
            if group.skill and any(said):
                found.append((group.skill.name, said))
        return found

    @property
    def other_rows(self) -> list[SummaryRow]:
        """What was said apart from the skills: for below such a table."""
        return [
            SummaryRow(key=question.summary_label, value=said, typed=question.is_text)
            for question in self.part.questions
            if question.skill is None and (said := self.words(question))
        ]


def shown_parts(submitted: Iterable[SubmittedPart]) -> list[ShownPart]:
    """Submitted parts, loaded with `with_post_titles` and their questionnaire, in the order of the form."""
    found = []
    for row in submitted:
        part = asked(row.part.questionnaire).part(row.part.number)
        if part is not None:
            found.append(ShownPart(part, row))
    return sorted(found, key=lambda shown: shown.part.number)


@dataclass(frozen=True)
class Wishes:
    """What somebody hoped for in one year: posts with their rank, timing, fields hoped for most, kinds of experience.

    `parts` are the codes of the parts it was taken from.
    """

    submission: Submission
    parts: list[str]
    posts: list[tuple[str, str]]
    timing: str
    fields: list[str]
    experiences: str

    @property
    def year_name(self) -> str:
        """The year in words."""
        return fiscal_year_full(self.submission.survey.round.fiscal_year)


def wishes_by_form(submissions: Iterable[Submission], shown: Iterable[ShownPart]) -> list[Wishes]:
    """The wishes of every submission, from those of its parts ③ and ⑥ that are given."""
    parts: dict[int, dict[str, ShownPart]] = {}
    for part in shown:
        parts.setdefault(part.answers.submission_id, {})[part.part.code] = part
    return [_wishes(submission, parts.get(submission.pk, {})) for submission in submissions]


def _wishes(submission: Submission, parts: Mapping[str, ShownPart]) -> Wishes:
    expertise, posts = parts.get(EXPERTISE), parts.get(POSTS)
    return Wishes(
        submission=submission,
        parts=list(parts),
        posts=[
            (question.summary_label, title)
            for question in (posts.part.post_questions if posts else ())
            if posts and (title := posts.words(question))
        ],
        timing=posts.words_of(TIMING) if posts else "",
        fields=expertise.skills_hoped_for if expertise else [],
        experiences=posts.words_of(EXPERIENCES) if posts else "",
    )


def own_versions(user: User, fiscal_year: int) -> QuerySet[Submission]:
    """What the person handed in for a year, the newest version first."""
    own = Submission.objects.own(user).filter(survey__round__fiscal_year=fiscal_year)
    return own.select_related("survey__round")


def own_version(user: User, fiscal_year: int, number: int) -> tuple[Submission, list[ShownPart]]:
    """One version that the person handed in, with its parts. Raises Http404."""
    submission = own_versions(user, fiscal_year).filter(number=number).first()
    if submission is None:
        raise Http404
    rows = SubmittedPart.objects.own(user).filter(submission=submission)
    return submission, shown_parts(rows.select_related("part__questionnaire").with_post_titles())
