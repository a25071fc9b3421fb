"""Ways into the catalogue without a word to search for: by bureau, by skill, by what is new."""

from __future__ import annotations

import datetime

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from career_portal.common.era import date_in_words
from career_portal.design.components import Crumb
from career_portal.skills.models import Skill
from career_portal.staff.http import StaffHttpRequest
from career_portal.staff.models import Bureau
from postings import keeping_services
from postings.ministry import one_bureau, posts_gaining, skills_gained, strengths_of, whole_ministry
from postings.news import DAYS_AT_FIRST, archived_since, published_since, told

NEWS_PER_PAGE = 20


def _crumbs(*steps: Crumb) -> list[Crumb]:
    return [Crumb("ポストを探す", reverse("postings:post_search")), *steps]


@require_GET
def ministry_map(request: StaffHttpRequest) -> HttpResponse:
    """The whole ministry, bureau by bureau, with numbers of posts."""
    bureaus = whole_ministry(request.user)
    return render(
        request,
        "postings/ministry_map.html",
        {
            "bureaus": bureaus,
            "count": sum(one.count for one in bureaus),
            "section_count": sum(one.section_count for one in bureaus),
            "crumbs": _crumbs(Crumb("局・課室から")),
        },
    )


@require_GET
def bureau_map(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """One bureau with its divisions, sections and posts."""
    bureau = get_object_or_404(Bureau.objects.visible_to(request.user), pk=pk)
    return render(
        request,
        "postings/bureau_map.html",
        {
            "on_map": one_bureau(request.user, bureau),
            "bureau": bureau,
            "here": request.path,
            "crumbs": _crumbs(
                Crumb("局・課室から", reverse("postings:ministry_map")), Crumb(bureau.name)
            ),
        },
    )


@require_GET
def skill_list(request: StaffHttpRequest) -> HttpResponse:
    """The skills of the framework, with numbers of posts in which they are gained."""
    return render(
        request,
        "postings/skill_list.html",
        {"kinds": skills_gained(request.user), "crumbs": _crumbs(Crumb("スキルから"))},
    )


@require_GET
def skill_posts(request: StaffHttpRequest, code: str) -> HttpResponse:
    """The posts in which one skill is gained: those of one strength by bureau, first those that are all about it."""
    skills = Skill.objects.visible_to(request.user).in_use()
    skill = get_object_or_404(skills, code=code)
    strengths = strengths_of(request.user, skill.code)
    asked_for = request.GET.get("strength", "")
    chosen = next(
        (each for each in strengths if str(each.strength) == asked_for),
        strengths[0] if strengths else None,
    )
    bureaus = posts_gaining(request.user, skill.code, chosen.strength) if chosen else []
    return render(
        request,
        "postings/skill_posts.html",
        {
            "skill": skill,
            "strengths": strengths,
            "chosen": chosen,
            "bureaus": bureaus,
            "count": sum(each.count for each in strengths),
            "here": request.get_full_path(),
            "crumbs": _crumbs(
                Crumb("スキルから", reverse("postings:skill_list")), Crumb(skill.name)
            ),
        },
    )


@require_GET
def news_list(request: StaffHttpRequest) -> HttpResponse:
    """What was published, changed or ended since the person last looked, on a day before today."""
    visit = keeping_services.record_visit(by=request.user)
    since = visit.before_on or visit.last_on - datetime.timedelta(days=DAYS_AT_FIRST)
    posts = published_since(request.user, since)
    page = Paginator(posts, NEWS_PER_PAGE).get_page(request.GET.get("page"))
    gone = archived_since(request.user, since)
    return render(
        request,
        "postings/news_list.html",
        {
            "since": date_in_words(since),
            "is_first": visit.before_on is None,
            "days": DAYS_AT_FIRST,
            "page": page,
            "news": told(request.user, page, since),
            "gone": [(post, date_in_words(post.archived_on)) for post in gone if post.archived_on]
            if page.number == 1
            else [],
            "here": request.get_full_path(),
            "crumbs": _crumbs(Crumb("新着")),
        },
    )
