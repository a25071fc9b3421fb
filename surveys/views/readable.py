"""Lists that lead to the forms of others: a supervisor's staff, HR's forms of a year, what was released to a mentor."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from career_portal.audit.services import record_reads_of_many
from career_portal.common.clock import today
from career_portal.common.era import (
    date_in_words,
    fiscal_year_full,
    fiscal_year_name,
    moment,
    month_and_day,
)
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from career_portal.staff.models import Assignment, Bureau, User
from career_portal.staff.models.grants import sections_in_hr_scope
from career_portal.staff.roles import Role
from surveys.asked import asked
from surveys.models import Submission, SubmittedPart, SurveyRound
from surveys.models.reading import HOPE_SURVEY
from surveys.models.wishes import EXPERTISE, POSTS
from surveys.reading_filters import FormFilters, fields_to_hope_for, timings_to_choose

FORMS_PER_PAGE = 25


@dataclass(frozen=True)
class Member:
    """One of a supervisor's staff: whether and when he handed in; never what of it may be read."""

    person: User
    post: Assignment | None
    submission: int | None
    submitted: str

    @property
    def is_on_leave(self) -> bool:
        """Whether he is on leave, and so not counted."""
        return bool(self.person.state == User.State.ON_LEAVE)


@require_GET
def staff_list(request: StaffHttpRequest) -> HttpResponse:
    """Whom the person supervises today, and who of them has taken part in the newest round."""
    require(request.user.supervises)
    newest = SurveyRound.objects.visible_to(request.user).begun().first()
    members = _members(request.user, newest)
    counted = [member for member in members if not member.is_on_leave]
    return render(
        request,
        "surveys/staff_list.html",
        {
            "round": newest,
            "year_name": fiscal_year_full(newest.fiscal_year) if newest else "",
            "deadline": moment(newest.deadline_at) if newest else "",
            "today": date_in_words(today()),
            "members": members,
            "expected": len(counted),
            "taken": sum(member.submission is not None for member in counted),
            "crumbs": [Crumb("ホーム", reverse("home:home")), Crumb("課室の希望調書")],
        },
    )


def _members(supervisor: User, newest: SurveyRound | None) -> list[Member]:
    """The staff by reading; those on leave last."""
    people = list(
        User.objects.visible_to(supervisor)
        .supervised_by(supervisor, today())
        .exclude(state=User.State.ENDED)
        .order_by("family_name_kana", "given_name_kana", "pk")
    )
    staff = [person.pk for person in people]
    posts = Assignment.objects.visible_to(supervisor).main_posts(staff, today())
    submissions: dict[int, tuple[int, datetime.datetime]] = {
        user: (pk, submitted_at)
        for user, pk, submitted_at in Submission.objects.visible_to(supervisor)
        .of_staff_of(supervisor)
        .filter(survey__round=newest, survey__user__in=staff)
        .values_list("survey__user", "pk", "submitted_at")
    }
    members = []
    for person in people:
        pk, at = submissions.get(person.pk, (None, None))
        submitted = month_and_day(timezone.localdate(at)) if at else ""
        members.append(Member(person, posts.get(person.pk), pk, submitted))
    return sorted(members, key=lambda member: member.is_on_leave)


@require_GET
@transaction.atomic
def submission_list(request: StaffHttpRequest) -> HttpResponse:
    """The forms of one year in the scope of an HR officer, by wish, unit and name."""
    require(request.user.has_role(Role.HR))
    rounds = list(
        SurveyRound.objects.visible_to(request.user).begun().select_related("questionnaire")
    )
    chosen = _chosen_round(rounds, request.GET.get("year", ""))
    filters = FormFilters.from_query(request.GET)
    page = Paginator(_found(request.user, chosen, filters), FORMS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    _log_wishes(request.user, filters, page)
    return render(
        request,
        "surveys/submission_list.html",
        {
            "page": page,
            "rows": _rows(request.user, page),
            "round": chosen,
            "year_name": fiscal_year_full(chosen.fiscal_year) if chosen else "",
            "filters": filters,
            **_choices(request.user, chosen),
            **_addresses(rounds, chosen, filters),
            "crumbs": [Crumb("ホーム", reverse("home:home")), Crumb("提出された調書")],
        },
    )


# A form on the list: its current submission, its writer, when it was handed in.
Found = tuple[int, int, datetime.datetime]


def _found(user: User, chosen: SurveyRound | None, filters: FormFilters) -> list[Found]:
    """Asked once for all pages: counting and cutting in the database would ask who may read twice."""
    in_scope = Submission.objects.visible_to(user).in_hr_scope_of(user)
    found = filters.apply(in_scope.filter(survey__round=chosen)).by_name()
    return list(found.values_list("pk", "survey__user", "submitted_at"))


def _log_wishes(user: User, filters: FormFilters, page: Iterable[Found]) -> None:
    """Whoever is found by a wish has shown it: that counts as reading the part it stands in."""
    parts = [EXPERTISE] if filters.field else []
    parts += [POSTS] if filters.post or filters.timing else []
    record_reads_of_many(
        by=user,
        capacity=Role.HR.label,
        object_kind=HOPE_SURVEY,
        reads=[(writer, pk, part) for pk, writer, _ in page for part in parts],
    )


def _rows(user: User, page: Iterable[Found]) -> list[dict[str, object]]:
    forms = list(page)
    people = User.objects.visible_to(user).in_bulk([writer for _, writer, _ in forms])
    posts = Assignment.objects.visible_to(user).main_posts(people, today())
    return [
        {
            "pk": pk,
            "person": people[writer],
            "post": posts.get(writer),
            "submitted": moment(submitted_at),
        }
        for pk, writer, submitted_at in forms
    ]


def _chosen_round(rounds: list[SurveyRound], year: str) -> SurveyRound | None:
    """The round of the year asked for, else the newest."""
    asked_for = [row for row in rounds if str(row.fiscal_year) == year]
    return next(iter(asked_for or rounds), None)


def _choices(user: User, chosen: SurveyRound | None) -> dict[str, object]:
    """What the form of the filters offers."""
    wording = asked(chosen.questionnaire) if chosen else None
    sections = sections_in_hr_scope(user, today())
    bureaus = Bureau.objects.visible_to(user).on(today())
    return {
        "fields": fields_to_hope_for(wording) if wording else [],
        "timings": timings_to_choose(wording) if wording else [],
        "bureaus": bureaus.filter(pk__in=sections.values("bureau")).values_list("name", flat=True),
    }


def _addresses(
    rounds: list[SurveyRound], chosen: SurveyRound | None, filters: FormFilters
) -> dict[str, object]:
    """Where one gets from here: without one of the filters, to another year, to the export of what was found."""
    asked_for = {"year": chosen.fiscal_year if chosen else "", **filters.as_dict()}

    def changed(**values: object) -> str:
        kept = {name: value for name, value in (asked_for | values).items() if value}
        return urlencode(kept)

    return {
        "chips": [(words, f"?{changed(**{name: ''})}") for name, words in filters.described()],
        "years": [
            (
                fiscal_year_name(row.fiscal_year),
                f"?{changed(year=row.fiscal_year)}",
                row == chosen,
            )
            for row in rounds
        ],
        "without_filters": f"?{urlencode({'year': asked_for['year']})}",
        "export": f"{reverse('surveys:export_new')}?{changed()}",
    }


@require_GET
def released_list(request: StaffHttpRequest) -> HttpResponse:
    """The forms of which something was released to the person as a mentor, with the titles of those parts."""
    require(request.user.has_role(Role.MENTOR))
    forms: dict[int, list[SubmittedPart]] = {}
    parts = (
        SubmittedPart.objects.visible_to(request.user)
        .read_as_mentor(request.user)
        .select_related("part", "submission__survey__user")
        .order_by(
            "submission__survey__user__family_name_kana",
            "submission__survey__user__given_name_kana",
            "submission",
            "part__number",
        )
        .defer("answers")
    )
    for part in parts:
        forms.setdefault(part.submission_id, []).append(part)
    writers = [released[0].submission.survey.user for released in forms.values()]
    posts = Assignment.objects.visible_to(request.user).main_posts(
        [writer.pk for writer in writers], today()
    )
    rows = [
        {
            "pk": pk,
            "person": released[0].submission.survey.user,
            "post": posts.get(released[0].submission.survey.user_id),
            "titles": [part.part.title for part in released],
            "submitted": moment(released[0].submission.submitted_at),
        }
        for pk, released in forms.items()
    ]
    return render(
        request,
        "surveys/released_list.html",
        {
            "rows": rows,
            "crumbs": [Crumb("ホーム", reverse("home:home")), Crumb("メンターとして")],
        },
    )
