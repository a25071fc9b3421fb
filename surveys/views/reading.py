"""Reading what others handed in, in a capacity; every part shown is logged in the same transaction."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
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
from surveys.models.submission import SubmittedPartQuerySet
from surveys.submitted import ShownPart, shown_parts

FORMS_PER_PAGE = 25


@require_GET
def submission_list(request: StaffHttpRequest) -> HttpResponse:
    """Forms of others, of one year, of which the person may read something; the rest leaves no trace."""
    rounds = list(SurveyRound.objects.visible_to(request.user).begun())
    chosen = _chosen_round(rounds, request.GET.get("year", ""))
    # Asked once for all pages: counting and cutting in the database would ask who may read twice.
    found = list(
        Submission.objects.visible_to(request.user)
        .of_others(request.user)
        .filter(survey__round=chosen)
        .by_name()
        .values_list("pk", "survey__user", "submitted_at")
    )
    page = Paginator(found, FORMS_PER_PAGE).get_page(request.GET.get("page"))
    people = User.objects.visible_to(request.user).in_bulk([user for _, user, _ in page])
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
            "pk": pk,
            "person": people[user],
            "post": posts.get(user),
            "submitted": moment(submitted_at),
        }
        for pk, user, submitted_at in page
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
    rows = (
        SubmittedPart.objects.visible_to(request.user)
        .filter(submission=pk)
        .exclude(submission__survey__user=request.user)
        .select_related(
            "part__questionnaire", "submission__survey__user", "submission__survey__round"
        )
        .with_post_titles()
    )
    shown = shown_parts(rows)
    if not shown:
        raise Http404
    submission = shown[0].answers.submission
    person = submission.survey.user
    for capacity, parts in _by_capacity(request.user, rows, shown).items():
        record_reads(
            by=request.user,
            capacity=capacity,
            subject_id=person.pk,
            object_kind="hope_survey",
            object_id=submission.pk,
            parts=parts,
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


def _by_capacity(
    reader: User, rows: SubmittedPartQuerySet, shown: list[ShownPart]
) -> dict[str, list[str]]:
    """The codes of the parts by the capacity in which the reader reads them: as supervisor where he can, else as HR."""
    as_supervisor = set(rows.read_as_supervisor(reader).values_list("part__code", flat=True))
    found: dict[str, list[str]] = {}
    for part in shown:
        capacity = "上司" if part.part.code in as_supervisor else Role.HR.label
        found.setdefault(capacity, []).append(part.part.code)
    return found
