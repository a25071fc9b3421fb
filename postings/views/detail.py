"""One post as its readers see it, on the screen and as a sheet of paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from career_portal.common.era import date_in_words
from career_portal.common.pdf import PdfUnavailable, render_pdf
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest
from career_portal.staff.models import Section, SectionSuccession, User
from postings.describing import Description, describe
from postings.models import PostDescription
from postings.providers import PostActions, panels_beside


@require_GET
def post_detail(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """The version shown of a post; one that was never shown is not found here, whoever asks."""
    post, description = _shown(request.user, pk)
    same_section = PostDescription.objects.visible_to(request.user).published()
    is_over = post.archived_on is not None
    return render(
        request,
        "postings/post_detail.html",
        {
            "post": post,
            "description": description,
            "actions": PostActions(request.user).on(post),
            "panels": panels_beside(request.user, post, description),
            "others": same_section.filter(section=post.section).exclude(pk=pk).in_words(),
            "archived": date_in_words(post.archived_on) if post.archived_on else "",
            "heirs": _heirs(request.user, post.section) if is_over else [],
            "here": request.path,
            "crumbs": [
                Crumb("ポストを探す", reverse("postings:post_search")),
                Crumb(
                    post.section.bureau.name,
                    reverse("postings:bureau_map", args=[post.section.bureau_id]),
                ),
                Crumb(post.title),
            ],
        },
    )


@require_GET
def post_sheet(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """The same as a PDF, made now."""
    post, description = _shown(request.user, pk)
    html = render_to_string(
        "postings/post_sheet_pdf.html",
        {
            "post": post,
            "description": description,
            "archived": date_in_words(post.archived_on) if post.archived_on else "",
            "made": date_in_words(timezone.localdate()),
        },
    )
    try:
        pdf = render_pdf(html, title=f"{post.title}　{post.section.name}")
    except PdfUnavailable as unavailable:
        messages.error(request, unavailable.sentence)
        return redirect("postings:post_detail", pk)
    name = f"ポスト_{post.code}_第{description.version.number}版.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(True, name) or ""},
    )


def _shown(user: User, pk: int) -> tuple[PostDescription, Description]:
    """A post with the version that readers see. Raises Http404."""
    posts = PostDescription.objects.visible_to(user)
    post = get_object_or_404(posts.in_words(), pk=pk)
    if post.shown is None:
        raise Http404
    return post, describe(post.shown, post.shown.skills.select_related("skill"))


def _heirs(user: User, section: Section) -> list[Section]:
    """The sections in which the work of one that was reorganised goes on."""
    successions = SectionSuccession.objects.visible_to(user).filter(predecessor=section)
    found = successions.select_related("successor__bureau").order_by("successor__sort_order")
    return [succession.successor for succession in found]
