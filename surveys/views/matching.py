"""Posts that match the person's own wishes, and taking a post into the form by one press."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from career_portal.common.era import fiscal_year_full
from career_portal.common.errors import RuleViolation
from career_portal.common.numbers import whole_number
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, page_to_return_to
from career_portal.staff.models import User
from postings.models import PostDescription
from postings.models.posts import NON_MANAGERIAL
from postings.providers import PostAction
from surveys.asked import AskedPart, asked
from surveys.matching.beside_posts import hope_in
from surveys.matching.career import career_of
from surveys.matching.catalogue import grades_within_reach, posts_that_answer
from surveys.matching.hoped import part_of_posts, places
from surveys.matching.own_form import own_form
from surveys.matching.rules import Match, matches, surprises
from surveys.matching.services import (
    AnotherPostThere,
    PlacesTaken,
    hope_for_post_in_free_place,
    hope_for_post_instead,
)
from surveys.models import SurveyRound
from surveys.working_copy import round_of_year

HITS_PER_PAGE = 10
EVERY_GRADE = "all"


@dataclass(frozen=True)
class Hit:
    """A post that matches, as its page shows it."""

    match: Match
    post: PostDescription
    actions: list[PostAction]

    @property
    def anchor(self) -> str:
        """The id of its place in the page."""
        return f"post-{self.post.pk}"


@require_GET
def post_matches(request: StaffHttpRequest, year: int) -> HttpResponse:
    """The posts in which one gains what one wishes for, each with its reasons; for the writer's eyes only."""
    survey_round = round_of_year(request.user, year)
    own, career = own_form(request.user, survey_round), career_of(request.user)
    reach = grades_within_reach(career.grade)
    is_every_grade = request.GET.get("grades") == EVERY_GRADE
    grades = NON_MANAGERIAL if is_every_grade else reach
    posts = posts_that_answer(request.user, own.form, grades) if own.has_wishes else []
    found = matches(posts, own.form, sections=career.sections)
    page = Paginator(found, HITS_PER_PAGE).get_page(request.GET.get("page"))
    others = surprises(found, shown=HITS_PER_PAGE, bureaus=career.bureaus)
    hits = _hits(request.user, survey_round, [*page, *others])
    return render(
        request,
        "surveys/post_matches.html",
        {
            "year": year,
            "own": own,
            "parts": [
                part for part in asked(survey_round.questionnaire).parts if part.wished_skills
            ],
            "page": page,
            "hits": hits[: len(page)],
            "surprises": hits[len(page) :] if page.number == 1 else [],
            "is_every_grade": is_every_grade,
            "grades": "・".join(grade.label for grade in reach),
            "is_narrowed": len(reach) < len(NON_MANAGERIAL),
            "here": request.get_full_path(),
            "crumbs": [
                Crumb("希望調書", reverse("surveys:survey_tasklist", args=[year])),
                Crumb("希望とつながるポスト"),
            ],
        },
    )


def _hits(user: User, survey_round: SurveyRound, found: Iterable[Match]) -> list[Hit]:
    hits = list(found)
    visible = PostDescription.objects.visible_to(user).filter(pk__in=[hit.post.pk for hit in hits])
    posts = visible.in_words().in_bulk()
    offer: Callable[[PostDescription], PostAction | None] = lambda post: None  # noqa: E731
    if survey_round.accepts_writing:
        offer = hope_in(user, survey_round)
    return [
        Hit(hit, post, [action] if (action := offer(post)) else [])
        for hit in hits
        if (post := posts.get(hit.post.pk)) is not None
    ]


@require_http_methods(["GET", "POST"])
def post_hope(request: StaffHttpRequest, year: int, pk: int) -> HttpResponse:
    """Take a post into the first free place of the form; where none is free, say which one it is to replace."""
    survey_round = round_of_year(request.user, year)
    part = part_of_posts(survey_round)
    if part is None:
        raise Http404
    posts = PostDescription.objects.visible_to(request.user).filter(shown__isnull=False)
    post = get_object_or_404(posts.in_words(), pk=pk)
    here = reverse("surveys:post_hope", args=[year, pk])
    if request.method == "POST":
        try:
            label = _hope(request, survey_round, part, post)
        except (PlacesTaken, AnotherPostThere) as broken:
            messages.warning(request, broken.sentence)
            return redirect(here)
        except RuleViolation as broken:
            messages.error(request, broken.sentence)
        else:
            messages.success(request, f"{label}に「{post.title}」を入れました。")
        part_page = reverse("surveys:part_edit", args=[year, part.number])
        return redirect(page_to_return_to(request, part_page))
    return render(
        request,
        "surveys/post_hope.html",
        {
            "year": year,
            "year_name": fiscal_year_full(year),
            "part": part,
            "post": post,
            "places": places(request.user, survey_round),
            "crumbs": [
                Crumb("希望調書", reverse("surveys:survey_tasklist", args=[year])),
                Crumb(part.name, reverse("surveys:part_edit", args=[year, part.number])),
                Crumb("希望に入れる"),
            ],
        },
    )


def _hope(
    request: StaffHttpRequest, survey_round: SurveyRound, part: AskedPart, post: PostDescription
) -> str:
    """Take the post into the place that was asked for, else into a free one; the name of the place."""
    asked_for = request.POST.get("place", "")
    if not asked_for:
        question = hope_for_post_in_free_place(survey_round, part, post, by=request.user)
        return question.summary_label
    for question in part.post_questions:
        if question.code == asked_for:
            shown = request.POST.get("instead", "")
            hope_for_post_instead(
                survey_round,
                part,
                question.code,
                post,
                instead=whole_number(shown) if shown else None,
                by=request.user,
            )
            return question.summary_label
    raise Http404
