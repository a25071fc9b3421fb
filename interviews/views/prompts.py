"""The bank of prompts: HR of the whole ministry looks after it, and sees when a prompt fits before it is stored."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from interviews import permissions
from interviews.models import Prompt
from interviews.models.prompts import PromptQuerySet
from interviews.preparation import prompt_services
from interviews.preparation.forms import PromptForm
from interviews.preparation.preview import preview

TITLE = "問いかけ"


def _bank(request: StaffHttpRequest) -> PromptQuerySet:
    require(permissions.can_edit_prompts(request.user))
    return Prompt.objects.visible_to(request.user)


@require_GET
def prompt_list(request: StaffHttpRequest) -> HttpResponse:
    """All prompts in their order, questions first; the retired ones apart."""
    prompts = list(_bank(request))
    used = [prompt for prompt in prompts if prompt.retired_at is None]
    groups = [(form.label, [each for each in used if each.form == form]) for form in Prompt.Form]
    return render(
        request,
        "interviews/prompt_list.html",
        {
            "groups": groups,
            "retired": [prompt for prompt in prompts if prompt.retired_at is not None],
            "crumbs": [_interviews_crumb(), Crumb(TITLE)],
        },
    )


@require_http_methods(["GET", "POST"])
def prompt_new(request: StaffHttpRequest) -> HttpResponse:
    """One more prompt."""
    _bank(request)
    return _write(request, None)


@require_http_methods(["GET", "POST"])
def prompt_edit(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """A prompt in use: what it says and when it fits."""
    return _write(request, get_object_or_404(_bank(request).in_use(), pk=pk))


@require_POST
def prompt_retire(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """Use a prompt no longer."""
    prompt = get_object_or_404(_bank(request), pk=pk)
    try:
        prompt_services.retire_prompt(prompt, by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
    else:
        messages.success(
            request, f"「{prompt.text}」を使うのをやめました。予約済みの面談のシートには残ります。"
        )
    return redirect("interviews:prompt_list")


def _write(request: StaffHttpRequest, prompt: Prompt | None) -> HttpResponse:
    initial = PromptForm.initial_of(prompt) if prompt else {"form": Prompt.Form.QUESTION}
    posted = request.POST if request.method == "POST" else None
    form = PromptForm(posted, initial=initial, back=reverse("interviews:prompt_list"))
    shown = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("step") == "store" and form.was_previewed:
            try:
                prompt_services.store_prompt(prompt, form.content, by=request.user)
            except RuleViolation as broken:
                form.add_error(None, broken.sentence)
            else:
                messages.success(
                    request, "保存しました。これから予約される面談のシートに使われます。"
                )
                return redirect("interviews:prompt_list")
        else:
            shown = preview(_bank(request).in_use(), prompt, form.content)
            form.show_preview()
    return render(
        request,
        "interviews/prompt_edit.html",
        {
            "form": form,
            "prompt": prompt,
            "preview": shown,
            "crumbs": [
                _interviews_crumb(),
                Crumb(TITLE, reverse("interviews:prompt_list")),
                Crumb("問いかけを直す" if prompt else "新しい問いかけ"),
            ],
        },
        status=422 if form.errors else 200,
    )


def _interviews_crumb() -> Crumb:
    return Crumb("面談", reverse("interviews:interview_list"))
