"""Deadlines of a round: extending them for all, a section or one person, opening a form again, closing the round."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from career_portal.common.clock import today
from career_portal.common.era import fiscal_year_full, moment
from career_portal.common.errors import RuleViolation
from career_portal.common.numbers import whole_number
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from career_portal.staff.models import Section, User
from surveys import permissions
from surveys.models import DeadlineExtension, SurveyRound
from surveys.running import services
from surveys.running.access import round_to_run
from surveys.running.forms import ExtensionForm


@require_GET
def deadline_list(request: StaffHttpRequest, year: int) -> HttpResponse:
    """The deadline of a round, what was extended for whom and why, and whether it can be closed."""
    survey_round = round_to_run(request.user, year)
    now = timezone.now()
    extensions = (
        DeadlineExtension.objects.visible_to(request.user)
        .filter(round=survey_round)
        .select_related("section__bureau", "person", "granted_by", "revoked_by")
    )
    last = services.last_deadline(survey_round)
    return render(
        request,
        "surveys/deadline_list.html",
        {
            "round": survey_round,
            "year": year,
            "year_name": fiscal_year_full(year),
            "deadline": moment(survey_round.deadline_at),
            "closed": moment(survey_round.closed_at) if survey_round.closed_at else "",
            "last": moment(last),
            "is_over": last <= now,
            "is_whole": permissions.can_act_for_everybody(request.user),
            "rows": [_row(extension, now) for extension in extensions],
            "crumbs": [
                Crumb("提出の状況", reverse("surveys:round_progress", args=[year])),
                Crumb("締切"),
            ],
        },
    )


@dataclass(frozen=True)
class Row:
    """One extension as the list shows it."""

    extension: DeadlineExtension
    whom: str
    until: str
    state: str
    can_be_revoked: bool


def _row(extension: DeadlineExtension, now: datetime.datetime) -> Row:
    if extension.person is not None:
        whom = extension.person.display_name
    elif extension.section is not None:
        whom = extension.section.full_name
    else:
        whom = "全員"
    is_running = extension.revoked_at is None and extension.until > now
    state = "受付中" if is_running else "終わりました"
    return Row(
        extension,
        whom,
        moment(extension.until),
        "取り消しました" if extension.revoked_at else state,
        is_running,
    )


@dataclass(frozen=True)
class Whom:
    """For whom a deadline is to be moved: everybody, a section or one person."""

    section: Section | None = None
    person: User | None = None

    @property
    def name(self) -> str:
        """The name in words."""
        if self.person is not None:
            return f"{self.person.display_name}さん"
        return self.section.full_name if self.section is not None else "全員"

    def is_open_to(self, user: User) -> bool:
        """Whether the person may do it."""
        if self.person is not None:
            return permissions.can_act_for_person(user, self.person)
        if self.section is not None:
            return permissions.can_act_for_section(user, self.section)
        return permissions.can_act_for_everybody(user)

    def deadline(self, survey_round: SurveyRound) -> datetime.datetime:
        """The deadline that holds now."""
        if self.person is None:
            return survey_round.deadline_at
        rounds = SurveyRound.objects.visible_to(self.person).with_state_for(self.person, today())
        return rounds.get(pk=survey_round.pk).own_deadline_at

    def extend(
        self, survey_round: SurveyRound, until: datetime.datetime, reason: str, by: User
    ) -> DeadlineExtension:
        """Move it. Raises RuleViolation."""
        if self.person is not None:
            return services.extend_for_person(
                survey_round, self.person, until=until, reason=reason, by=by
            )
        if self.section is not None:
            return services.extend_for_section(
                survey_round, self.section, until=until, reason=reason, by=by
            )
        return services.extend_for_everybody(survey_round, until=until, reason=reason, by=by)


@require_http_methods(["GET", "POST"])
def extension_new(request: StaffHttpRequest, year: int) -> HttpResponse:
    """Until when, and why; the reason is shown to those concerned."""
    survey_round = round_to_run(request.user, year)
    whom = _whom(request)
    require(whom.is_open_to(request.user))
    deadline = whom.deadline(survey_round)
    is_reopening = whom.person is not None and services.reopens(
        survey_round, deadline, timezone.now()
    )
    act = "再開する" if is_reopening else "延長する"
    form = ExtensionForm(
        request.POST or None,
        back=reverse("surveys:deadline_list", args=[year]),
        button=act,
        initial={"until": _proposed(deadline)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            extension = whom.extend(survey_round, by=request.user, **form.cleaned_data)
        except RuleViolation as broken:
            form.add_error("until", broken.sentence)
        else:
            until = moment(extension.until)
            messages.success(request, f"{whom.name}の締切を {until} までにしました。")
            return redirect("surveys:deadline_list", year)
    return render(
        request,
        "surveys/extension_new.html",
        {
            "form": form,
            "year": year,
            "year_name": fiscal_year_full(year),
            "whom": whom,
            "act": act,
            "is_reopening": is_reopening,
            "is_closed": survey_round.closed_at is not None,
            "deadline": moment(deadline),
            "crumbs": [
                Crumb("提出の状況", reverse("surveys:round_progress", args=[year])),
                Crumb("締切", reverse("surveys:deadline_list", args=[year])),
                Crumb(act),
            ],
        },
        status=422 if form.errors else 200,
    )


def _proposed(deadline: datetime.datetime) -> datetime.datetime:
    """A week later at the same time of day, from today where the deadline is over."""
    start = timezone.localtime(deadline)
    if deadline < timezone.now():
        start = datetime.datetime.combine(today(), start.timetz())
    return start + datetime.timedelta(days=7)


def _whom(request: StaffHttpRequest) -> Whom:
    """Whom the address names. Raises Http404 for what is nowhere."""
    if typed := request.GET.get("person"):
        people = User.objects.visible_to(request.user).exclude(state=User.State.ENDED)
        return Whom(person=get_object_or_404(people, pk=whole_number(typed)))
    if typed := request.GET.get("section"):
        sections = Section.objects.visible_to(request.user).on(today()).select_related("bureau")
        return Whom(section=get_object_or_404(sections, pk=whole_number(typed)))
    return Whom()


@require_POST
def extension_revoke(request: StaffHttpRequest, year: int, pk: int) -> HttpResponse:
    """Take an extension back."""
    survey_round = round_to_run(request.user, year)
    extensions = DeadlineExtension.objects.visible_to(request.user).filter(round=survey_round)
    extension = get_object_or_404(extensions, pk=pk)
    require(permissions.can_act_for(request.user, extension))
    try:
        services.revoke_extension(extension, by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, "延長を取り消しました。いまから、もとの締切に戻ります。")
    return redirect("surveys:deadline_list", year)


@require_http_methods(["GET", "POST"])
def round_close(request: StaffHttpRequest, year: int) -> HttpResponse:
    """Say what closing means, then do it."""
    survey_round = round_to_run(request.user, year)
    require(permissions.can_act_for_everybody(request.user))
    broken: RuleViolation | None = None
    if request.method == "POST":
        try:
            services.close_round(survey_round, by=request.user)
        except RuleViolation as violation:
            broken = violation
        else:
            messages.success(request, f"{fiscal_year_full(year)}の実施回を締めました。")
            return redirect("surveys:deadline_list", year)
    last = services.last_deadline(survey_round)
    return render(
        request,
        "surveys/round_close.html",
        {
            "round": survey_round,
            "year": year,
            "year_name": fiscal_year_full(year),
            "broken": broken,
            "last": moment(last),
            "is_over": last <= timezone.now(),
            "crumbs": [
                Crumb("提出の状況", reverse("surveys:round_progress", args=[year])),
                Crumb("締切", reverse("surveys:deadline_list", args=[year])),
                Crumb("締める"),
            ],
        },
        status=409 if broken else 200,
    )
