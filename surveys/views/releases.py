"""Releases of feedback sheets: making, following, steering, publishing, and who has opened what."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from career_portal.common.era import date_in_words, fiscal_year_full, fiscal_year_name, moment
from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from surveys import permissions
from surveys.feedback_sheets import preparing_services, publish_services, steering_services
from surveys.feedback_sheets.forms import CorrectionForm
from surveys.feedback_sheets.freezing_services import freeze_round
from surveys.feedback_sheets.progress import Progress, progress_of
from surveys.models import (
    FeedbackRelease,
    FeedbackSheet,
    ImprovementAction,
    SheetDownload,
    SheetOpening,
    SurveyRound,
)

SHEETS_PER_PAGE = 12
OPENINGS_PER_PAGE = 50
TITLE = "シートの作成と公開"
State = FeedbackRelease.State
STEPS: dict[str, tuple[Callable[..., FeedbackRelease], str]] = {
    "pause": (
        steering_services.pause_release,
        "一時停止しました。作成中のものができると止まります。",
    ),
    "resume": (steering_services.resume_release, "作成を再開しました。"),
    "cancel": (steering_services.cancel_release, "この作成を中止しました。"),
}


def release_to_follow(request: StaffHttpRequest, year: int, number: int) -> FeedbackRelease:
    """A release by year and number. Raises PermissionDenied for all but feedback admins and HR of the whole ministry."""
    require(permissions.can_follow_releases(request.user))
    releases = FeedbackRelease.objects.visible_to(request.user).select_related(
        "freeze__round", "started_by", "published_by", "corrects"
    )
    return get_object_or_404(releases, freeze__round__fiscal_year=year, number=number)


def name_of(release: FeedbackRelease) -> str:
    """令和8年度 第1回, and 「（訂正）」 where it corrects another."""
    correction = "（訂正）" if release.corrects_id else ""
    return f"{fiscal_year_name(release.freeze.round.fiscal_year)} 第{release.number}回{correction}"


def crumbs_of(release: FeedbackRelease, *further: Crumb) -> list[Crumb]:
    """The way to a release and beyond."""
    year = release.freeze.round.fiscal_year
    own = reverse("surveys:release_detail", args=[year, release.number]) if further else ""
    return [
        Crumb(TITLE, reverse("surveys:release_list")),
        Crumb(name_of(release), own),
        *further,
    ]


@require_GET
def release_list(request: StaffHttpRequest) -> HttpResponse:
    """The closed rounds with their releases, and the one button that makes all sheets."""
    require(permissions.can_follow_releases(request.user))
    rounds = SurveyRound.objects.visible_to(request.user).filter(closed_at__isnull=False)
    releases = FeedbackRelease.objects.visible_to(request.user).select_related("freeze__round")
    by_round: dict[int, list[FeedbackRelease]] = {}
    for release in releases.order_by("-number"):
        by_round.setdefault(release.freeze.round_id, []).append(release)
    can_run = permissions.can_run_releases(request.user)
    rows = [
        {
            "year": each.fiscal_year,
            "name": fiscal_year_full(each.fiscal_year),
            "closed": moment(each.closed_at) if each.closed_at else "",
            "releases": [(r, name_of(r), _state(r)) for r in by_round.get(each.pk, [])],
            "is_held_here": each.is_held_here,
            "can_start": can_run and _can_start(each, by_round.get(each.pk, [])),
            "can_correct": can_run and preparing_services.can_be_corrected(each),
        }
        for each in rounds
    ]
    coming = SurveyRound.objects.visible_to(request.user).filter(closed_at__isnull=True)
    words = {
        "rows": rows,
        "can_run": can_run,
        "coming": [(each.fiscal_year, fiscal_year_full(each.fiscal_year)) for each in coming],
        "crumbs": [Crumb(TITLE)],
    }
    return render(request, "surveys/release_list.html", words)


def _can_start(survey_round: SurveyRound, releases: list[FeedbackRelease]) -> bool:
    """Whether the last freeze, or the one to come, has no release that stands."""
    last = survey_round.freezes.order_by("number").last()
    return not any(
        r.state != State.CANCELLED and r.freeze_id == getattr(last, "pk", 0) for r in releases
    )


def _state(release: FeedbackRelease) -> str:
    return "公開済み" if release.published_at else release.get_state_display()


@require_POST
def release_start(request: StaffHttpRequest, year: int) -> HttpResponse:
    """Freeze a closed round where nobody has, and have all its sheets made."""
    require(permissions.can_run_releases(request.user))
    rounds = SurveyRound.objects.visible_to(request.user).filter(closed_at__isnull=False)
    survey_round = get_object_or_404(rounds, fiscal_year=year)
    try:
        last = survey_round.freezes.order_by("number").last()
        freeze = last or freeze_round(survey_round)
        release = preparing_services.start_release(freeze, by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
        return redirect("surveys:release_list")
    return redirect("surveys:release_detail", year, release.number)


@require_http_methods(["GET", "POST"])
def release_correct(request: StaffHttpRequest, year: int) -> HttpResponse:
    """Fix the figures once more, for a reason; the audit takes the old sheets and the new ones together."""
    require(permissions.can_run_releases(request.user))
    rounds = SurveyRound.objects.visible_to(request.user).held_here()
    survey_round = get_object_or_404(rounds, fiscal_year=year, closed_at__isnull=False)
    if not preparing_services.can_be_corrected(survey_round):
        raise Http404
    form = CorrectionForm(request.POST or None, back=reverse("surveys:release_list"))
    if request.method == "POST" and form.is_valid():
        reason = " ".join(form.cleaned_data["reason"].split())
        try:
            release = preparing_services.correct_release(
                survey_round, reason=reason, by=request.user
            )
        except RuleViolation as broken:
            form.add_error("reason", broken.sentence)
        else:
            return redirect("surveys:release_detail", year, release.number)
    words = {
        "form": form,
        "name": fiscal_year_full(year),
        "crumbs": [Crumb(TITLE, reverse("surveys:release_list")), Crumb("訂正する")],
    }
    return render(
        request, "surveys/release_correct.html", words, status=422 if form.errors else 200
    )


@require_GET
def release_detail(request: StaffHttpRequest, year: int, number: int) -> HttpResponse:
    """How far a release is, sheet by sheet, the result of its audit, and what can be done or fetched now."""
    release = release_to_follow(request, year, number)
    progress = progress_of(release)
    chosen = request.GET.get("state", "")
    sheets = FeedbackSheet.objects.visible_to(request.user).filter(release=release)
    if chosen in FeedbackSheet.State.values:
        sheets = sheets.filter(state=chosen)
    sheets = sheets.select_related("unit__parent").order_by("unit__sort_order", "pk")
    page = Paginator(sheets, SHEETS_PER_PAGE).get_page(request.GET.get("page"))
    certificate = release.certificate
    words = {
        "release": release,
        "year": year,
        "name": name_of(release),
        "started": moment(release.started_at),
        "progress": progress,
        "is_under_way": release.state == State.RUNNING and progress.done < progress.total,
        "tabs": _tabs(progress, chosen),
        "page": page,
        "can_run": permissions.can_run_releases(request.user),
        "can_steer": release.state in (State.RUNNING, State.PAUSED),
        "reference_date": date_in_words(release.freeze.round.reference_date),
        "certificate": certificate,
        "hidden": sum(certificate.get("hidden_units", {}).values()),
        "bureaus": _bureaus(release),
        "published": moment(release.published_at) if release.published_at else "",
        "opens_on": date_in_words(release.opens_on) if release.opens_on else "",
        "actions": _action_counts(request, release),
        "crumbs": crumbs_of(release),
    }
    return render(request, "surveys/release_detail.html", words)


def _tabs(progress: Progress, chosen: str) -> list[tuple[str, str, int, bool]]:
    """State, name, number and whether it is chosen."""
    tabs = [
        ("", "すべて", progress.total),
        ("done", "できあがり", progress.done),
        ("working", "作成中", progress.working),
        ("queued", "順番待ち", progress.queued),
        ("failed", "要確認", progress.failed),
    ]
    return [(state, name, count, state == chosen) for state, name, count in tabs]


def _bureaus(release: FeedbackRelease) -> list[tuple[int, str]]:
    if release.state != State.MADE:
        return []
    bureaus = release.freeze.units.filter(level="bureau").order_by("sort_order")
    return list(bureaus.values_list("pk", "name"))


def _action_counts(request: StaffHttpRequest, release: FeedbackRelease) -> dict[str, int]:
    """How many actions sections have recorded, by how far they are; what they say is read on the sheets."""
    actions = ImprovementAction.objects.visible_to(request.user).filter(sheet__release=release)
    counted: QuerySet[ImprovementAction, tuple[str, int]] = (
        actions.order_by().values_list("status").annotate(number=Count("pk"))
    )
    labels = dict(ImprovementAction.Status.choices)
    return {str(labels[status]): number for status, number in counted}


@require_POST
def release_steer(request: StaffHttpRequest, year: int, number: int) -> HttpResponse:
    """Pause a release, go on with it, or give it up."""
    release = release_to_follow(request, year, number)
    require(permissions.can_run_releases(request.user))
    step = STEPS.get(request.POST.get("step", ""))
    if step is None:
        raise Http404
    act, done = step
    try:
        act(release, by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, done)
    return redirect("surveys:release_detail", year, number)


@require_POST
def sheet_retry(request: StaffHttpRequest, year: int, number: int, pk: int) -> HttpResponse:
    """Try a failed sheet again."""
    release = release_to_follow(request, year, number)
    require(permissions.can_run_releases(request.user))
    sheets = FeedbackSheet.objects.visible_to(request.user).select_related("release", "unit")
    sheet = get_object_or_404(sheets, release=release, pk=pk)
    try:
        steering_services.retry_sheet(sheet, by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, f"{sheet.unit.name}のシートを、もう一度つくります。")
    return redirect("surveys:release_detail", year, number)


@require_http_methods(["GET", "POST"])
def release_publish(request: StaffHttpRequest, year: int, number: int) -> HttpResponse:
    """Publish a whole release, after a look at what that does."""
    release = release_to_follow(request, year, number)
    require(permissions.can_run_releases(request.user))
    if request.method == "POST":
        try:
            publish_services.publish_release(release, by=request.user)
        except RuleViolation as broken:
            messages.error(request, broken.sentence)
        else:
            messages.success(request, "公開しました。課室の長にメールで知らせます。")
        return redirect("surveys:release_detail", year, number)
    words = {
        "release": release,
        "year": year,
        "name": name_of(release),
        "heads": len(publish_services.heads_to_tell(release)),
        "sheets": release.sheets.count(),
        "crumbs": crumbs_of(release, Crumb("公開する")),
    }
    return render(request, "surveys/release_publish.html", words)


@require_GET
def release_openings(request: StaffHttpRequest, year: int, number: int) -> HttpResponse:
    """Who has opened which sheet of a release, and who has fetched which file."""
    release = release_to_follow(request, year, number)
    openings = SheetOpening.objects.visible_to(request.user).filter(sheet__release=release)
    openings = openings.select_related("user", "sheet__unit__parent").order_by("-first_at", "-pk")
    page = Paginator(openings, OPENINGS_PER_PAGE).get_page(request.GET.get("page"))
    downloads = SheetDownload.objects.visible_to(request.user).filter(release=release)
    downloads = downloads.exclude(kind=SheetDownload.Kind.SHEET).select_related("user", "unit")
    words = {
        "release": release,
        "name": name_of(release),
        "rows": [(opening, moment(opening.first_at)) for opening in page],
        "page": page,
        "opened": openings.order_by().values("sheet").distinct().count(),
        "sheets": release.sheets.count(),
        "downloads": [
            (each, moment(each.fetched_at))
            for each in downloads.order_by("-fetched_at")[:OPENINGS_PER_PAGE]
        ],
        "crumbs": crumbs_of(release, Crumb("開いた人")),
    }
    return render(request, "surveys/release_openings.html", words)
