"""Filling a form in: the list of forms, the task list, one part at a time."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from career_portal.common.clock import today
from career_portal.common.era import clock_time, fiscal_year_full, moment, time_left
from career_portal.common.errors import RuleViolation
from career_portal.design.components import ChipKind, Crumb, Task
from career_portal.staff.http import StaffHttpRequest
from surveys import services
from surveys.answers import PostedAnswers, Progress, progress, read_posted
from surveys.asked import AskedPart, AskedQuestionnaire, asked
from surveys.models import HopeSurvey, SurveyRound
from surveys.pages import bar, next_part, part_page, saved_in_words
from surveys.readers import audiences
from surveys.working_copy import load_form, round_of_year

CHIPS: dict[str, ChipKind] = {"full": "done", "partial": "doing", "empty": "todo"}


@require_GET
def survey_index(request: StaffHttpRequest) -> HttpResponse:
    """The person's own forms, this autumn's first."""
    known = SurveyRound.objects.visible_to(request.user).begun()
    rounds = known.with_state_for(request.user, today())
    forms = {
        form.round_id: form
        for form in HopeSurvey.objects.visible_to(request.user).select_related("current_submission")
    }
    rows = [
        {
            "round": survey_round,
            "name": fiscal_year_full(survey_round.fiscal_year),
            "form": forms.get(survey_round.pk),
            "deadline": moment(survey_round.own_deadline_at),
        }
        for survey_round in rounds
        if survey_round.accepts_writing or survey_round.pk in forms
    ]
    return render(
        request,
        "surveys/survey_index.html",
        {"rows": rows, "crumbs": [Crumb("ホーム", reverse("home:home")), Crumb("希望調書")]},
    )


@require_GET
def survey_tasklist(request: StaffHttpRequest, year: int) -> HttpResponse:
    """The eight parts with their readers and states, and what comes next."""
    form = load_form(request.user, round_of_year(request.user, year))
    if form.is_over and form.survey and form.survey.current_submission:
        return redirect("surveys:version_detail", year, form.survey.current_submission.number)
    states = {number: copy.progress for number, copy in form.copies.items()}
    shown = audiences(form.questionnaire.parts, form.choices, form.mentored)
    groups = [
        (
            heading,
            [
                Task(
                    title=part.name,
                    state=states[part.number].word,
                    kind=CHIPS[states[part.number].state],
                    url=reverse("surveys:part_edit", args=[year, part.number]),
                    hint=_hint(part, states[part.number]),
                    readers=shown[part.number].short,
                )
                for part in parts
            ],
        )
        for heading, parts in form.questionnaire.groups
    ]
    return render(
        request,
        "surveys/survey_tasklist.html",
        {
            "form_page": form,
            "groups": groups,
            "year": year,
            "year_name": fiscal_year_full(year),
            "deadline": moment(form.round.own_deadline_at),
            "deadline_at": form.round.own_deadline_at,
            "time_left": time_left(form.round.own_deadline_at, timezone.now()),
            "bar": bar(form),
            "filled": sum(state.state == "full" for state in states.values()),
            "next_part": next_part(form),
            "saved": saved_in_words(form.last_saved_at),
            "crumbs": [Crumb("ホーム", reverse("home:home")), Crumb("希望調書")],
        },
    )


def _hint(part: AskedPart, state: Progress) -> str:
    if state.state == "partial" and state.total > 1:
        return f"{state.total}つのうち{state.done}つ入力済み。約{part.minutes}分"
    return f"{part.hint}約{part.minutes}分"


@require_http_methods(["GET", "POST"])
def part_edit(request: StaffHttpRequest, year: int, number: int) -> HttpResponse:
    """One part: shown with who reads it, saved while it is typed and by its buttons."""
    if request.method == "POST":
        survey_round, part = _round_and_part(request, year, number)
        return _save(request, survey_round, part)
    return render(
        request,
        "surveys/part_edit.html",
        part_page(request.user, year, number, opened=request.GET.get("open", "")),
    )


def _save(request: StaffHttpRequest, survey_round: SurveyRound, part: AskedPart) -> HttpResponse:
    wants_json = _wants_json(request)
    posted = read_posted(part, request.POST)
    if posted.refusals:
        return _refused(request, survey_round, part, posted, posted.refusals)
    try:
        saved = services.save_draft_part(
            survey_round, part, posted, version=_version(request), by=request.user
        )
    except services.UnknownPost as unknown:
        problems = dict.fromkeys(unknown.codes, unknown.sentence)
        return _refused(request, survey_round, part, posted, problems)
    except RuleViolation as broken:
        reason = "stale" if isinstance(broken, services.StaleSave) else "closed"
        if wants_json:
            return JsonResponse({"reason": reason, "sentence": broken.sentence}, status=409)
        return _again(request, survey_round, part, posted, broken=broken, status=409)
    if wants_json:
        return JsonResponse(_saved_answer(part, posted, saved))
    if posted.remarks:
        return _again(request, survey_round, part, posted, errors=posted.remarks, status=422)
    messages.success(request, f"{clock_time(saved.saved_at)} 下書きを保存しました")
    return _onwards(request, survey_round.fiscal_year, part, asked(survey_round.questionnaire))


def _wants_json(request: StaffHttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _refused(
    request: StaffHttpRequest,
    survey_round: SurveyRound,
    part: AskedPart,
    posted: PostedAnswers,
    problems: dict[str, str],
) -> HttpResponse:
    """The sentences for what cannot be stored; nothing of the part was."""
    if _wants_json(request):
        return JsonResponse({"problems": problems}, status=422)
    return _again(request, survey_round, part, posted, errors=problems, status=422)


def _version(request: StaffHttpRequest) -> int:
    """The version of the working copy that the page was made from; nonsense counts as stale."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _saved_answer(
    part: AskedPart, posted: PostedAnswers, saved: services.SavedDraft
) -> dict[str, object]:
    state = progress(part, posted.answers, posted.posts)
    return {
        "version": saved.version,
        "saved_at": clock_time(saved.saved_at),
        "done": state.done,
        "total": state.total,
        "remarks": posted.remarks,
    }


def _again(
    request: StaffHttpRequest,
    survey_round: SurveyRound,
    part: AskedPart,
    posted: PostedAnswers,
    *,
    status: int,
    errors: dict[str, str] | None = None,
    broken: RuleViolation | None = None,
) -> HttpResponse:
    """The part again with what was typed, and with what is wrong."""
    page = part_page(
        request.user,
        survey_round.fiscal_year,
        part.number,
        posted=posted,
        errors=errors or {},
        broken=broken,
        typed=request.POST,
        opened="all" if broken else "",
    )
    return render(request, "surveys/part_edit.html", page, status=status)


def _onwards(
    request: StaffHttpRequest, year: int, part: AskedPart, questionnaire: AskedQuestionnaire
) -> HttpResponseRedirect:
    """Where the pressed button leads: the list, the next part, a post to pick, a competency of this part."""
    then = request.POST.get("then", "")
    here = reverse("surveys:part_edit", args=[year, part.number])
    if then == "list":
        return redirect("surveys:survey_tasklist", year)
    if then == "check":
        return redirect("surveys:survey_check", year)
    if then == "next":
        following = questionnaire.part(part.number + 1)
        if following is None:
            return redirect("surveys:survey_tasklist", year)
        return redirect("surveys:part_edit", year, following.number)
    if then in {question.code for question in part.post_questions}:
        return redirect("surveys:post_pick", year, part.number, then)
    if then == "all" or then in {group.key for group in part.skill_groups}:
        return redirect(f"{here}?open={then}#{then}")
    return redirect(here)


def _round_and_part(
    request: StaffHttpRequest, year: int, number: int
) -> tuple[SurveyRound, AskedPart]:
    survey_round = round_of_year(request.user, year)
    part = asked(survey_round.questionnaire).part(number)
    if part is None:
        raise Http404
    return survey_round, part
