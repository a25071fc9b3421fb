"""Words that the search takes for the same: HR looks after them, and sees what a change does before it is stored."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from postings import permissions
from postings.models import SynonymGroup
from postings.search import synonym_services
from postings.synonym_form import SynonymForm


def _groups(request: StaffHttpRequest) -> QuerySet[SynonymGroup]:
    require(permissions.can_run_catalogue(request.user))
    groups = SynonymGroup.objects.visible_to(request.user)
    return groups.prefetch_related("synonyms").select_related("updated_by")


@require_GET
def synonym_list(request: StaffHttpRequest) -> HttpResponse:
    """All groups, those in use first, by their first word."""
    groups = sorted(_groups(request), key=lambda group: (not group.is_used, str(group)))
    return render(
        request,
        "postings/synonym_list.html",
        {"groups": groups, "crumbs": [_search_crumb(), Crumb("同じ意味の言葉")]},
    )


@require_http_methods(["GET", "POST"])
def synonym_new(request: StaffHttpRequest) -> HttpResponse:
    """One more group."""
    _groups(request)
    return _write(request, None)


@require_http_methods(["GET", "POST"])
def synonym_edit(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """The words of a group, and whether the search uses it."""
    return _write(request, get_object_or_404(_groups(request), pk=pk))


@require_POST
def synonym_remove(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Take a group away."""
    group = get_object_or_404(_groups(request), pk=pk)
    words = "」「".join(synonym.term for synonym in group.synonyms.all())
    synonym_services.remove_group(group, by=request.user)
    messages.success(request, f"「{words}」の組をなくしました。")
    return redirect("postings:synonym_list")


def _write(request: StaffHttpRequest, group: SynonymGroup | None) -> HttpResponse:
    initial = SynonymForm.initial_of(group) if group else {"is_used": True}
    form = SynonymForm(
        request.POST or None, initial=initial, group=group, back=reverse("postings:synonym_list")
    )
    effects = []
    if request.method == "POST" and form.is_valid():
        if request.POST.get("step") == "store" and form.was_previewed:
            return _store(request, form, group)
        effects = synonym_services.effects(group, form.typed, is_used=form.cleaned_data["is_used"])
        form.show_preview()
    return render(
        request,
        "postings/synonym_edit.html",
        {
            "form": form,
            "group": group,
            "effects": effects,
            "crumbs": [
                _search_crumb(),
                Crumb("同じ意味の言葉", reverse("postings:synonym_list")),
                Crumb(str(group) if group else "新しい組"),
            ],
        },
        status=422 if form.errors else 200,
    )


def _store(
    request: StaffHttpRequest, form: SynonymForm, group: SynonymGroup | None
) -> HttpResponse:
    try:
        synonym_services.store_group(
            group,
            form.typed,
            note=form.cleaned_data["note"],
            is_used=form.cleaned_data["is_used"],
            by=request.user,
        )
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(request, "保存しました。次の検索から使われます。")
    return redirect("postings:synonym_list")


def _search_crumb() -> Crumb:
    return Crumb("ポストを探す", reverse("postings:post_search"))
