"""Reading what others handed in, in a capacity; every part shown is logged in the same transaction."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from career_portal.audit.services import record_reads
from career_portal.common.clock import today
from career_portal.common.era import fiscal_year_full, fiscal_year_name, moment
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from career_portal.staff.models import Assignment, User
from career_portal.staff.roles import Role
from surveys.models import Submission, SubmittedPart, SurveyRound
from surveys.submitted import shown_parts

FORMS_PER_PAGE = 25


@require_GET
def submission_list(request: StaffHttpRequest) -> HttpResponse:
    """Forms of others, of one year, of which the person may read something; the rest leaves no trace."""
    rounds = list(SurveyRound.objects.visible_to(request.user).begun())
    chosen = _chosen_round(rounds, request.GET.get("year", ""))
    found = (
        Submission.objects.visible_to(request.user)
        .of_others(request.user)
        .filter(survey__round=chosen)
        .select_related("survey")
        .prefetch_related("survey__user")
        .by_name()
    )
    page = Paginator(found, FORMS_PER_PAGE).get_page(request.GET.get("page"))
    people = [submission.survey.user_id for submission in page]
    posts = {
        post.user_id: post
        for post in Assignment.objects.visible_to(request.user)
        .filter(user__in=people)
        .on(today())
        .main()
        .select_related("section")
    }
    rows = [
        {
            "submission": submission,
            "person": submission.survey.user,
            "post": posts.get(submission.survey.user_id),
            "submitted": moment(submission.submitted_at),
        }
        for submission in page
    ]
    return render(
        request,
        "surveys/submission_list.html",
        {
            "page": page,
            "rows": rows,
            "years": [
                (row.fiscal_year, fiscal_year_name(row.fiscal_year), row == chosen)
                for row in rounds
            ]
            if request.user.has_role(Role.HR)
            else [],
            "year_name": fiscal_year_full(chosen.fiscal_year) if chosen else "",
            "crumbs": [Crumb("ホーム", reverse("home:home")), Crumb("提出された調書")],
        },
    )


def _chosen_round(rounds: list[SurveyRound], year: str) -> SurveyRound | None:
    """The round of the year asked for, else the newest."""
    asked = [row for row in rounds if str(row.fiscal_year) == year]
    return next(iter(asked or rounds), None)


@require_GET
@transaction.atomic
def submission_detail(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """The parts of another person's form that this reader may read; the reading is logged before they are shown."""
    submission = get_object_or_404(
        Submission.objects.visible_to(request.user)
        .of_others(request.user)
        .select_related("survey__user", "survey__round"),
        pk=pk,
    )
    rows = SubmittedPart.objects.visible_to(request.user).filter(submission=submission)
    shown = shown_parts(rows.select_related("part__questionnaire").with_post_titles())
    person = submission.survey.user
    record_reads(
        by=request.user,
        capacity=capacity(request.user, person),
        subject_id=person.pk,
        object_kind="hope_survey",
        object_id=submission.pk,
        parts=[part.part.code for part in shown],
    )
    return render(
        request,
        "surveys/submission_detail.html",
        {
            "submission": submission,
            "person": person,
            "parts": shown,
            "year_name": fiscal_year_full(submission.survey.round.fiscal_year),
            "submitted": moment(submission.submitted_at),
            "crumbs": [
                Crumb("提出された調書", reverse("surveys:submission_list")),
                Crumb(person.display_name),
            ],
        },
    )


def capacity(reader: User, person: User) -> str:
    """In which capacity somebody reads a person's form: as supervisor where he is one, else as HR."""
    if User.objects.supervised_by(reader, today()).filter(pk=person.pk).exists():
        return "上司"
    return Role.HR.label
