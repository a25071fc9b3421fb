"""Copies of what somebody handed in: one version in words with its readers of today, and the same as a PDF."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.template.loader import render_to_string
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.common.era import date_in_words, fiscal_year_full, moment
from career_portal.common.pdf import render_pdf
from career_portal.staff.models import Assignment, User
from surveys.models import MentorRelease, ReaderChoice, Submission
from surveys.readers import audiences
from surveys.submitted import ShownPart, own_version


def own_copy(user: User, fiscal_year: int, number: int) -> dict[str, object]:
    """One version that the person handed in, as its page and its PDF show it. Raises Http404."""
    submission, shown = own_version(user, fiscal_year, number)
    choices = (
        ReaderChoice.objects.visible_to(user)
        .filter(survey=submission.survey)
        .values_list("part_id", "supervisor_reads")
    )
    mentored = (
        MentorRelease.objects.visible_to(user)
        .filter(survey=submission.survey, survey__user=user)
        .values_list("part_id", flat=True)
    )
    return copy_of(submission, shown, dict(choices), set(mentored))


def copy_of(
    submission: Submission,
    shown: Sequence[ShownPart],
    choices: Mapping[int, bool],
    mentored: Collection[int],
) -> dict[str, object]:
    """The same of a version at hand; the writer's choices and what mentors read go by the part's id."""
    year = submission.survey.round.fiscal_year
    readers = audiences([part.part for part in shown], choices, mentored)
    return {
        "submission": submission,
        "is_current": submission.pk == submission.survey.current_submission_id,
        "parts": [(part, readers[part.part.number]) for part in shown],
        "year": year,
        "year_name": fiscal_year_full(year),
        "submitted": moment(submission.submitted_at),
        "withdrawn": moment(submission.withdrawn_at) if submission.withdrawn_at else "",
    }


def post_on_cover(user: User) -> Assignment | None:
    """The writer's main post of today, which stands on the cover of his copies."""
    return Assignment.objects.visible_to(user).main_post(user.pk, today())


def copy_as_pdf(copy: Mapping[str, object], *, person: User, post: Assignment | None) -> bytes:
    """The copy as a PDF, made now. Raises PdfUnavailable."""
    made = date_in_words(timezone.localdate())
    context = {**copy, "person": person, "post": post, "made": made}
    return render_pdf(
        render_to_string("surveys/hope_survey_pdf.html", context),
        title=f"希望調書の控え {copy['year_name']}",
    )


def copy_name(fiscal_year: int, number: int) -> str:
    """The name of the PDF's file."""
    return f"希望調書の控え_{fiscal_year}年度_第{number}版.pdf"
