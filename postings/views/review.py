"""The review of a version: what is said about it, and each move from draft to publication."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from career_portal.common.clock import today
from career_portal.common.era import date_in_words
from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from postings import permissions, services
from postings.content import LABELS, content_of
from postings.forms import ApprovalForm, ReasonForm, RemarkForm
from postings.models import PostDescription, PostVersion
from postings.services import NotReviewable
from postings.views.pages import (
    KINDS,
    Remark,
    post_crumb,
    remarks_on,
    said_by,
    stage_in_words,
)
from postings.views.versions import post_to_read, rows_of, versions_to_read

Stage = PostVersion.Stage


@dataclass(frozen=True)
class ReviewPanel:
    """What somebody who cares for a post reads and may do beside one of its versions."""

    written: str
    submitted: str
    approved: str
    remarks: tuple[Remark, ...]
    is_draft: bool
    can_review: bool
    can_take_back: bool
    waits_for_another: bool
    approval: ApprovalForm
    refusal: ReasonForm
    takes_remarks: bool
    remark: RemarkForm


def _panel(
    request: StaffHttpRequest,
    version: PostVersion,
    *,
    approval: ApprovalForm | None = None,
    refusal: ReasonForm | None = None,
    remark: RemarkForm | None = None,
) -> ReviewPanel:
    """The panel, with a form in place of a fresh one where it was refused."""
    is_in_review = version.stage == Stage.IN_REVIEW
    can_review = permissions.can_review(request.user, version)
    return ReviewPanel(
        written=said_by(version.edited_at, version.edited_by),
        submitted=said_by(version.submitted_at, version.submitted_by),
        approved=said_by(version.approved_at, version.approved_by),
        remarks=remarks_on(request.user, version),
        is_draft=version.stage == Stage.DRAFT,
        can_review=can_review,
        can_take_back=version.stage in {Stage.IN_REVIEW, Stage.APPROVED},
        waits_for_another=is_in_review and not can_review,
        approval=approval or _approval_form(version),
        refusal=refusal or _refusal_form(version),
        takes_remarks=version.stage in {Stage.DRAFT, Stage.IN_REVIEW},
        remark=remark or _remark_form(version),
    )


def _approval_form(version: PostVersion, posted: QueryDict | None = None) -> ApprovalForm:
    return ApprovalForm(
        posted, initial={"publish_on": today()}, submits_to=_address(version, "version_approve")
    )


def _refusal_form(version: PostVersion, posted: QueryDict | None = None) -> ReasonForm:
    return ReasonForm(
        posted,
        button="差し戻す",
        help_text="書いた人の画面に、そのまま表示されます。",
        prefix="back",
        submits_to=_address(version, "version_send_back"),
    )


def _remark_form(version: PostVersion, posted: QueryDict | None = None) -> RemarkForm:
    return RemarkForm(posted, labels=LABELS, submits_to=_address(version, "version_comment"))


def _address(version: PostVersion, move: str) -> str:
    return reverse(f"postings:{move}", args=[version.post_id, version.number])


@require_GET
def version_detail(request: StaffHttpRequest, pk: int, number: int) -> HttpResponse:
    """One version as it reads, marked against the one shown while it is on its way; with its review for those who care."""
    return _page(request, pk, number)


def _page(
    request: StaffHttpRequest, pk: int, number: int, *, status: int = 200, **refused: Any
) -> HttpResponse:
    """The page of a version, with those forms of its review that were refused."""
    post = post_to_read(request, pk)
    version = get_object_or_404(versions_to_read(request, post), number=number)
    is_open = version.stage != Stage.RELEASED
    base = None
    if is_open and post.shown_id is not None:
        shown = versions_to_read(request, post).filter(pk=post.shown_id).first()
        base = content_of(shown) if shown else None
    return render(
        request,
        "postings/version_detail.html",
        {
            "post": post,
            "version": version,
            "state": stage_in_words(version, post),
            "kind": KINDS[version.stage],
            "is_open": is_open,
            "is_compared": base is not None,
            "rows": rows_of(base, content_of(version)),
            "released": date_in_words(version.released_on) if version.released_on else "",
            "panel": _panel(request, version, **refused)
            if permissions.can_write(request.user, post)
            else None,
            "crumbs": [
                post_crumb(post),
                Crumb("版の一覧", reverse("postings:version_list", args=[post.pk])),
                Crumb(f"第{version.number}版"),
            ],
        },
        status=status,
    )


def _version(request: StaffHttpRequest, pk: int, number: int) -> PostVersion:
    """The version that the address names, of a post that the person writes. Raises Http404 and PermissionDenied."""
    post = get_object_or_404(PostDescription.objects.visible_to(request.user), pk=pk)
    versions = PostVersion.objects.visible_to(request.user).filter(post=post)
    version = get_object_or_404(versions.select_related("post__section"), number=number)
    require(permissions.can_write(request.user, post))
    return version


def _moved(
    request: StaffHttpRequest, version: PostVersion, move: Callable[[], object], done: str
) -> HttpResponse:
    """Make a move, say so, and show the version again."""
    try:
        move()
    except NotReviewable as broken:
        reasons = "".join(problem.sentence for problem in broken.problems)
        messages.error(request, f"{broken.sentence}{reasons}")
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, done)
    return redirect("postings:version_detail", version.post_id, version.number)


@require_POST
def version_submit(request: StaffHttpRequest, pk: int, number: int) -> HttpResponse:
    """Hand a draft over for review."""
    version = _version(request, pk, number)
    return _moved(
        request,
        version,
        lambda: services.submit_for_review(version, by=request.user),
        "確認に出しました。ほかの人が確認すると公開できます。",
    )


@require_POST
def version_take_back(request: StaffHttpRequest, pk: int, number: int) -> HttpResponse:
    """Make a version that waits a draft again."""
    version = _version(request, pk, number)
    return _moved(
        request,
        version,
        lambda: services.take_back(version, by=request.user),
        "下書きに戻しました。直してから、もう一度確認に出せます。",
    )


@require_POST
def version_approve(request: StaffHttpRequest, pk: int, number: int) -> HttpResponse:
    """Approve a version to be shown from a day."""
    version = _version(request, pk, number)
    require(permissions.can_publish(request.user, version.post))
    form = _approval_form(version, request.POST)
    if not form.is_valid():
        return _refused(request, version, approval=form)
    day = form.cleaned_data["publish_on"]
    done = (
        "公開しました。"
        if day <= today()
        else f"承認しました。{date_in_words(day)}に公開されます。"
    )
    return _moved(
        request, version, lambda: services.approve(version, publish_on=day, by=request.user), done
    )


@require_POST
def version_send_back(request: StaffHttpRequest, pk: int, number: int) -> HttpResponse:
    """Return a version to its writers with a reason."""
    version = _version(request, pk, number)
    require(permissions.can_publish(request.user, version.post))
    form = _refusal_form(version, request.POST)
    if not form.is_valid():
        return _refused(request, version, refusal=form)
    reason = form.cleaned_data["reason"]
    return _moved(
        request,
        version,
        lambda: services.send_back(version, reason, by=request.user),
        "差し戻しました。書いた人の下書きに戻っています。",
    )


@require_POST
def version_comment(request: StaffHttpRequest, pk: int, number: int) -> HttpResponse:
    """Say something about a version."""
    version = _version(request, pk, number)
    form = _remark_form(version, request.POST)
    if not form.is_valid():
        return _refused(request, version, remark=form)
    said = form.cleaned_data
    return _moved(
        request,
        version,
        lambda: services.comment_on(version, said["text"], field=said["field"], by=request.user),
        "コメントを書きました。",
    )


def _refused(request: StaffHttpRequest, version: PostVersion, **forms: object) -> HttpResponse:
    """The page of the version with what was typed and what is wrong with it."""
    return _page(request, version.post_id, version.number, status=422, **forms)
