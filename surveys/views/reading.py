"""Reading what others handed in, in a capacity; every part shown is logged in the same transaction."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from career_portal.audit.services import record_reads, record_reads_of_many
from career_portal.common.clock import today
from career_portal.common.era import date_in_words, fiscal_year_full, moment
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from career_portal.staff.models import Assignment, User
from career_portal.staff.roles import Role
from surveys.models import Submission, SubmittedPart
from surveys.models.reading import HOPE_SURVEY, SUPERVISOR
from surveys.models.submission import SubmittedPartQuerySet
from surveys.models.wishes import EXPERTISE, POSTS
from surveys.submitted import ShownPart, shown_parts, wishes_by_form


@require_GET
@transaction.atomic
def submission_detail(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """The parts of another person's form that this reader may read, perhaps none; the reading is logged first."""
    readable = Submission.objects.visible_to(request.user).of_others(request.user)
    submission = get_object_or_404(readable.select_related("survey__user", "survey__round"), pk=pk)
    person = submission.survey.user
    rows = SubmittedPart.objects.visible_to(request.user).filter(submission=submission)
    shown = shown_parts(rows.select_related("part__questionnaire").with_post_titles())
    _log(request.user, submission, _by_capacity(request.user, rows, shown))
    is_staffs = (
        request.user.supervises and readable.of_staff_of(request.user).filter(pk=pk).exists()
    )
    in_scope = User.objects.visible_to(request.user).in_hr_scope_of(request.user, today())
    is_in_hr_scope = request.user.has_role(Role.HR) and in_scope.filter(pk=person.pk).exists()
    return render(
        request,
        "surveys/submission_detail.html",
        {
            "submission": submission,
            "person": person,
            "post": Assignment.objects.visible_to(request.user).main_post(person.pk, today()),
            "parts": shown,
            "year_name": fiscal_year_full(submission.survey.round.fiscal_year),
            "submitted": moment(submission.submitted_at),
            "today": date_in_words(today()),
            "is_in_hr_scope": is_in_hr_scope,
            "crumbs": [
                _list_of(is_staffs=is_staffs, is_in_hr_scope=is_in_hr_scope),
                Crumb(person.display_name),
            ],
        },
    )


def _log(reader: User, submission: Submission, by_capacity: dict[str, list[str]]) -> None:
    for capacity, parts in by_capacity.items():
        record_reads(
            by=reader,
            capacity=capacity,
            subject_id=submission.survey.user_id,
            object_kind=HOPE_SURVEY,
            object_id=submission.pk,
            parts=parts,
        )


def _by_capacity(
    reader: User, rows: SubmittedPartQuerySet, shown: list[ShownPart]
) -> dict[str, list[str]]:
    """The codes of the parts by the capacity in which they are read: as supervisor, else as mentor, else as HR."""
    supervised = rows.read_as_supervisor(reader) if reader.supervises else rows.none()
    mentored = rows.read_as_mentor(reader) if reader.has_role(Role.MENTOR) else rows.none()
    as_supervisor = set(supervised.values_list("part__code", flat=True))
    as_mentor = set(mentored.values_list("part__code", flat=True))
    found: dict[str, list[str]] = {}
    for part in shown:
        code = part.part.code
        capacity = Role.MENTOR.label if code in as_mentor else Role.HR.label
        found.setdefault(SUPERVISOR if code in as_supervisor else capacity, []).append(code)
    return found


def _list_of(*, is_staffs: bool, is_in_hr_scope: bool) -> Crumb:
    """The list from which the reader gets to a form: by how he stands to the writer, not by what he may read."""
    if is_staffs:
        return Crumb("課室の希望調書", reverse("surveys:staff_list"))
    if is_in_hr_scope:
        return Crumb("提出された調書", reverse("surveys:submission_list"))
    return Crumb("メンターとして", reverse("surveys:released_list"))


@require_GET
@transaction.atomic
def person_forms(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """For HR: what a person in scope hoped for, year by year; the parts it is taken from are logged as read."""
    in_scope = User.objects.visible_to(request.user).in_hr_scope_of(request.user, today())
    person = get_object_or_404(in_scope, pk=pk)
    submissions = list(
        Submission.objects.visible_to(request.user)
        .in_hr_scope_of(request.user)
        .filter(survey__user=person)
        .select_related("survey__round")
        .order_by("-survey__round__fiscal_year")
    )
    rows = (
        SubmittedPart.objects.visible_to(request.user)
        .read_as_hr(request.user)
        .filter(submission__in=submissions, part__code__in=[EXPERTISE, POSTS])
        .select_related("part__questionnaire")
        .with_post_titles()
    )
    wishes = wishes_by_form(submissions, shown_parts(rows))
    record_reads_of_many(
        by=request.user,
        capacity=Role.HR.label,
        object_kind=HOPE_SURVEY,
        reads=[(person.pk, wish.submission.pk, part) for wish in wishes for part in wish.parts],
    )
    return render(
        request,
        "surveys/person_forms.html",
        {
            "person": person,
            "post": Assignment.objects.visible_to(request.user).main_post(person.pk, today()),
            "wishes": wishes,
            "crumbs": [
                Crumb("提出された調書", reverse("surveys:submission_list")),
                Crumb(person.display_name),
            ],
        },
    )
