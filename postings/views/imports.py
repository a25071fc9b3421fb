"""The catalogue as a file: written out, read in, looked at before and after it is confirmed, undone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from career_portal.common.clock import today
from career_portal.common.era import date_in_words, moment
from career_portal.common.errors import RuleViolation
from career_portal.common.packages import TOO_LARGE
from career_portal.common.uploads import was_too_large
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from career_portal.staff.models import Bureau
from postings import permissions
from postings.forms import ApprovalForm
from postings.models import PostDescription, PostImport, PostImportRow, PostVersion
from postings.models.imports import PostImportQuerySet
from postings.views.pages import manage_crumb
from postings.workbook import handing_services, services, undo_services
from postings.workbook.forms import ExportForm, UploadForm
from postings.workbook.showing import (
    KINDS,
    StageCount,
    grouped,
    row_pages,
    row_tabs,
    stages,
)
from postings.workbook.writing import ExportFilters, posts_to_write, write_posts

IMPORTS_PER_PAGE = 20
ROWS_PER_PAGE = 20
TITLE = "ファイルから取り込む"
State = PostImport.State


def _imports_crumb() -> Crumb:
    return Crumb(TITLE, reverse("postings:import_list"))


# Out --------------------------------------------------------------------------------------------


@require_GET
def post_export(request: StaffHttpRequest) -> HttpResponseBase:
    """The posts in one's care as a file, once it is chosen which and how."""
    require(permissions.can_run_catalogue(request.user))
    posts = posts_to_write(ExportFilters(), by=request.user)
    cared = PostDescription.objects.visible_to(request.user).in_care_of(request.user)
    bureaus = Bureau.objects.visible_to(request.user).filter(pk__in=cared.values("section__bureau"))
    # Without a format nothing has been chosen yet, whatever else the address says.
    chosen = request.GET if "file_format" in request.GET else None
    form = ExportForm(chosen, bureaus=bureaus, back=reverse("postings:manage_list"))
    if form.is_bound and form.is_valid():
        return _file(request, form)
    return render(
        request,
        "postings/post_export.html",
        {
            "form": form,
            "posts": posts.count(),
            "crumbs": [manage_crumb(), Crumb("ファイルに書き出す")],
        },
        status=422 if form.errors else 200,
    )


def _file(request: StaffHttpRequest, form: ExportForm) -> FileResponse:
    file_format = form.cleaned_data["file_format"]
    # Closed by the response.
    target = tempfile.TemporaryFile()  # noqa: SIM115
    write_posts(target, file_format=file_format, filters=form.filters, by=request.user)
    target.seek(0)
    return FileResponse(
        target, as_attachment=True, filename=f"ポスト_{today():%Y%m%d}.{file_format}"
    )


# In ---------------------------------------------------------------------------------------------


def _visible(request: StaffHttpRequest) -> PostImportQuerySet:
    require(permissions.can_run_catalogue(request.user))
    found = PostImport.objects.visible_to(request.user)
    return found.select_related("uploaded_by", "confirmed_by", "undone_by")


@require_GET
def import_list(request: StaffHttpRequest) -> HttpResponse:
    """One's own imports and, for HR of the whole ministry, those of others."""
    page = Paginator(_visible(request), IMPORTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "postings/import_list.html",
        {
            "rows": [(found, KINDS[found.state], moment(found.uploaded_at)) for found in page],
            "page": page,
            "crumbs": [manage_crumb(), Crumb(TITLE)],
        },
    )


@require_http_methods(["GET", "POST"])
def import_new(request: StaffHttpRequest) -> HttpResponse:
    """Choose a file; what is no table at first sight is refused beside the field."""
    require(permissions.can_run_catalogue(request.user))
    is_post = request.method == "POST"
    form = UploadForm(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        back=reverse("postings:import_list"),
    )
    if was_too_large(request):
        form.errors["file"] = form.error_class([TOO_LARGE])
    elif is_post and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            found = services.request_import(upload, upload.name, by=request.user)
        except RuleViolation as broken:
            form.add_error("file", broken.sentence)
        else:
            return redirect("postings:import_detail", found.pk)
    return render(
        request,
        "postings/import_new.html",
        {"form": form, "crumbs": [manage_crumb(), _imports_crumb(), Crumb("ファイルを選ぶ")]},
        status=422 if form.errors else 200,
    )


@require_GET
def import_detail(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """An import: how far it is, what it would do or did row by row, and what can be done now."""
    return _detail(request, get_object_or_404(_visible(request), pk=pk))


def _detail(
    request: StaffHttpRequest, found: PostImport, approval: ApprovalForm | None = None
) -> HttpResponse:
    tabs = row_tabs(found, request.GET.get("show", ""))
    chosen = next((tab.name for tab in tabs if tab.is_current), "")
    rows = PostImportRow.objects.visible_to(request.user).filter(source=found, kind=chosen)
    page = Paginator(rows.select_related("made", "section__bureau"), ROWS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    is_own = permissions.can_confirm_import(request.user, found)
    made = _stages(request, found)
    return render(
        request,
        "postings/import_detail.html",
        {
            "found": found,
            "uploaded": moment(found.uploaded_at),
            "confirmed": moment(found.confirmed_at) if found.confirmed_at else "",
            "undone": moment(found.undone_at) if found.undone_at else "",
            "is_under_way": found.is_under_way,
            "is_own": is_own,
            "can_confirm": is_own and found.state == State.CHECKED and found.added + found.changed,
            "waits_for_owner": found.state == State.CHECKED and not is_own,
            "made": made,
            "undoing": grouped(_undone(request, found)),
            "approval": approval or _approval_form(found),
            "form": approval,
            "can_approve": found.state == State.CONFIRMED
            and made.in_review
            and permissions.can_approve_import(request.user, found),
            "tabs": tabs,
            "chosen": chosen,
            "rows": row_pages(page),
            "page": page,
            "crumbs": [manage_crumb(), _imports_crumb(), Crumb(found.file_name)],
        },
        status=422 if approval else 200,
    )


def _stages(request: StaffHttpRequest, found: PostImport) -> StageCount:
    """How many versions that the import made or wrote in stand where."""
    made = found.rows.applied().values("made")
    versions = PostVersion.objects.visible_to(request.user).filter(pk__in=made)
    return stages(versions.values_list("stage", flat=True))


def _undone(
    request: StaffHttpRequest, found: PostImport
) -> list[tuple[PostImportRow, PostImportRow.Undoing]]:
    rows = PostImportRow.objects.visible_to(request.user).filter(source=found)
    return [(row, PostImportRow.Undoing(row.undoing)) for row in rows.exclude(undoing="")]


def _approval_form(found: PostImport, data: object = None) -> ApprovalForm:
    return ApprovalForm(
        data,
        initial={"publish_on": today()},
        submits_to=reverse("postings:import_approve", args=[found.pk]),
    )


def _moved(request: StaffHttpRequest, found: PostImport, move: Callable[[], str]) -> HttpResponse:
    """The import again after a move, with what it did or why it was refused."""
    try:
        done = move()
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    else:
        if done:
            messages.success(request, done)
    return redirect("postings:import_detail", found.pk)


@require_POST
def import_confirm(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Have the drafts made."""
    found = get_object_or_404(_visible(request), pk=pk)
    require(permissions.can_confirm_import(request.user, found))

    def move() -> str:
        services.confirm_import(found, by=request.user)
        return ""

    return _moved(request, found, move)


@require_POST
def import_submit(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Hand all drafts of an import over for review."""
    found = get_object_or_404(_visible(request), pk=pk)
    require(permissions.can_confirm_import(request.user, found))

    def move() -> str:
        number = handing_services.submit_all(found, by=request.user)
        return f"{number:,}件を確認に出しました。書いた人ではない、別の人事の人が承認すると公開されます。"

    return _moved(request, found, move)


@require_POST
def import_approve(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Approve all versions of an import that wait for it, to be shown from a day."""
    found = get_object_or_404(_visible(request), pk=pk)
    require(permissions.can_approve_import(request.user, found))
    form = _approval_form(found, request.POST)
    if not form.is_valid():
        return _detail(request, found, form)
    day = form.cleaned_data["publish_on"]

    def move() -> str:
        number, stage = handing_services.approve_all(found, publish_on=day, by=request.user)
        if stage == PostVersion.Stage.RELEASED:
            return f"{number:,}件を公開しました。"
        when = (
            f"{date_in_words(day)}に公開されます。"
            if day > today()
            else "数分のうちに公開されます。"
        )
        return f"{number:,}件を承認しました。{when}"

    return _moved(request, found, move)


@require_http_methods(["GET", "POST"])
def import_undo(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """What would become of each row, and taking the import back."""
    found = get_object_or_404(_visible(request), pk=pk)
    require(permissions.can_undo_import(request.user, found))
    if request.method == "POST":

        def move() -> str:
            undo_services.undo_import(found, by=request.user)
            return "取り込みを取り消しました。"

        return _moved(request, found, move)
    if found.state != State.CONFIRMED:
        return redirect("postings:import_detail", pk)
    return render(
        request,
        "postings/import_undo.html",
        {
            "found": found,
            "undoing": grouped(undo_services.plan_undo(found, by=request.user)),
            "crumbs": [
                manage_crumb(),
                _imports_crumb(),
                Crumb(found.file_name, reverse("postings:import_detail", args=[pk])),
                Crumb("取り消す"),
            ],
        },
    )
