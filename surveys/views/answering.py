"""Filling a form in: the list of forms, the task list, one part at a time."""

from __future__ import annotations

from collections.abc import Mapping

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
from surveys.pages import Returned, bar, deadline_left, next_part, part_page, saved_in_words
from surveys.providers import panels_beside_form
from surveys.readers import audiences
from surveys.windows import WrittenByAnother, basis, chosen_answers, has_choices
from surveys.working_copy import load_form, load_part, own_extension, round_of_year

# What the page's script is told; each asks for something else of it.
REASONS: dict[type[RuleViolation], str] = {
    services.StaleSave: "stale",
    services.WritingClosed: "closed",
    services.NotBeingWritten: "submitted",
    WrittenByAnother: "writer",
}
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
            "extension": own_extension(request.user, form.round) if form.is_extended else None,
            "time_left": time_left(form.round.own_deadline_at, timezone.now()),
            "bar": bar(form),
            "filled": sum(state.state == "full" for state in states.values()),
            "next_part": next_part(form),
            "saved": saved_in_words(form.last_saved_at),
            "panels": panels_beside_form(request.user) if form.round.accepts_writing else [],
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
    posted = read_posted(part, request.POST)
    try:
        _refuse_other_writer(request)
        posted_and_chosen = _with_choices(request, survey_round, part, posted)
        if posted_and_chosen.refusals:
            return _refused(request, survey_round, part, posted, posted_and_chosen.refusals)
        saved = services.save_draft_part(
            survey_round, part, posted_and_chosen, version=_version(request), by=request.user
        )
    except services.UnknownPost as unknown:
        problems = dict.fromkeys(unknown.codes, unknown.sentence)
        return _refused(request, survey_round, part, posted, problems)
    except RuleViolation as broken:
        return _not_saved(request, survey_round, part, posted, broken)
    return _saved(request, survey_round, part, posted_and_chosen, saved)


def _refuse_other_writer(request: StaffHttpRequest) -> None:
    """The text of a page belongs into the form of the person for whom the page was made."""
    if request.POST.get("writer", str(request.user.pk)) != str(request.user.pk):
        raise WrittenByAnother


def _with_choices(
    request: StaffHttpRequest, survey_round: SurveyRound, part: AskedPart, posted: PostedAnswers
) -> PostedAnswers:
    """The posted answers with the stored ones where a page that compared both was told so.

    The stored copy must be the one which that page showed; another one is left to the save, which finds it stale.
    """
    if not has_choices(request.POST):
        return posted
    stored = load_part(request.user, survey_round.fiscal_year, part.number).copies[part.number]
    if stored.version != _version(request):
        return posted
    return chosen_answers(part, posted, request.POST, stored)


def _wants_json(request: StaffHttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _version(request: StaffHttpRequest) -> int:
    """The version of the working copy that the page was made from; nonsense counts as stale."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _refused(
    request: StaffHttpRequest,
    survey_round: SurveyRound,
    part: AskedPart,
    posted: PostedAnswers,
    problems: dict[str, str],
) -> HttpResponse:
    """The sentences for what cannot be stored; nothing of the part was."""
    if _wants_json(request):
        return _told(request, survey_round, {"problems": problems}, status=422)
    page = part_page(
        request.user,
        survey_round.fiscal_year,
        part.number,
        errors=problems,
        returned=Returned(posted, request.POST),
    )
    return render(request, "surveys/part_edit.html", page, status=422)


def _not_saved(
    request: StaffHttpRequest,
    survey_round: SurveyRound,
    part: AskedPart,
    posted: PostedAnswers,
    broken: RuleViolation,
) -> HttpResponse:
    """The part again with what was typed, and the rule that kept it out."""
    reason = REASONS[type(broken)]
    if _wants_json(request):
        said = {"reason": reason, "sentence": broken.sentence}
        return _told(request, survey_round, said, status=409)
    year = survey_round.fiscal_year
    returned = Returned(posted, request.POST, broken)
    page = part_page(request.user, year, part.number, opened="all", returned=returned)
    return render(request, "surveys/part_edit.html", {**page, "reason": reason}, status=409)


def _saved(
    request: StaffHttpRequest,
    survey_round: SurveyRound,
    part: AskedPart,
    stored: PostedAnswers,
    saved: services.SavedDraft,
) -> HttpResponse:
    if _wants_json(request):
        return _told(request, survey_round, _saved_answer(part, stored, saved))
    if stored.remarks:
        year = survey_round.fiscal_year
        page = part_page(request.user, year, part.number, errors=stored.remarks)
        return render(request, "surveys/part_edit.html", page, status=422)
    messages.success(request, f"{clock_time(saved.saved_at)} 下書きを保存しました")
    return _onwards(request, survey_round.fiscal_year, part, asked(survey_round.questionnaire))


def _told(
    request: StaffHttpRequest,
    survey_round: SurveyRound,
    said: Mapping[str, object],
    *,
    status: int = 200,
) -> HttpResponse:
    """An answer to the page's script, with how long the round and the sign-in last: both may have been prolonged."""
    answer = JsonResponse({**said, **deadline_left(survey_round)}, status=status)
    answer["Session-Seconds-Left"] = str(request.session.seconds_left or 0)
    return answer


def _saved_answer(
    part: AskedPart, posted: PostedAnswers, saved: services.SavedDraft
) -> dict[str, object]:
    state = progress(part, posted.answers, posted.posts)
    return {
        "version": saved.version,
        "base": basis(part, posted.answers, posted.posts),
        "saved_at": clock_time(saved.saved_at),
        "done": state.done,
        "total": state.total,
        "remarks": posted.remarks,
    }


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
