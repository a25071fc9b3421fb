"""Picking a post hoped for from the published descriptions."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from career_portal.common.errors import RuleViolation
from career_portal.common.numbers import whole_number
from career_portal.common.text import search_words
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from postings.models import PostDescription
from postings.search.query import ask
from postings.search.results import all_found
from surveys import services
from surveys.asked import AskedPart, AskedQuestion, asked
from surveys.models import SurveyRound
from surveys.working_copy import round_of_year

POSTS_PER_PAGE = 20


@require_http_methods(["GET", "POST"])
def post_pick(request: StaffHttpRequest, year: int, number: int, code: str) -> HttpResponse:
    """Published posts by words, and the button that puts one into the form."""
    survey_round = round_of_year(request.user, year)
    part, question = _post_question(survey_round, number, code)
    if request.method == "POST":
        return _choose(request, survey_round, part, question)
    words = search_words(request.GET.get("q", ""))
    found = PostDescription.objects.visible_to(request.user).published()
    if query := ask(words):
        found = found.filter(pk__in=all_found(query))
    page = Paginator(found.in_words(), POSTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "surveys/post_pick.html",
        {
            "part": part,
            "question": question,
            "year": year,
            "words": words,
            "page": page,
            "crumbs": [
                Crumb("希望調書", reverse("surveys:survey_tasklist", args=[year])),
                Crumb(part.name, reverse("surveys:part_edit", args=[year, number])),
                Crumb(f"{question.summary_label}を選ぶ"),
            ],
        },
    )


def _choose(
    request: StaffHttpRequest, survey_round: SurveyRound, part: AskedPart, question: AskedQuestion
) -> HttpResponse:
    chosen = request.POST.get("post", "")
    post = get_object_or_404(
        PostDescription.objects.visible_to(request.user).in_words(), pk=whole_number(chosen)
    )
    try:
        services.hope_for_post(survey_round, part, question.code, post, by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, f"{question.summary_label}に「{post.title}」を選びました。")
    return redirect("surveys:part_edit", survey_round.fiscal_year, part.number)


def _post_question(
    survey_round: SurveyRound, number: int, code: str
) -> tuple[AskedPart, AskedQuestion]:
    part = asked(survey_round.questionnaire).part(number)
    for question in part.post_questions if part else ():
        if part and question.code == code:
            return part, question
    raise Http404
