"""The shared record: written, published, read, answered; and the private memo beside it."""

from __future__ import annotations

import logging
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from career_portal.common.era import clock_time, moment
from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb
from career_portal.staff.http import StaffHttpRequest, require
from interviews import permissions
from interviews.models import (
    Interview,
    PrivateMemo,
    RecordDraft,
    RecordResponse,
    RecordTemplate,
    SharedRecord,
)
from interviews.records import asked, memo_services, services
from interviews.records.agreements import open_agreements
from interviews.records.forms import DraftForm, MemoForm, RecordForm, ResponseForm
from interviews.records.pages import (
    agreements_of,
    answer_to,
    changed_between,
    heading_of,
    names_of,
    shown_actions,
    shown_responses,
    texts_of,
)
from interviews.records.sealing import SealBroken
from interviews.views.pages import crumbs
from interviews.views.writing import Desk, Words, WorkingCopy, open_desk, take_save

logger = logging.getLogger(__name__)


def _interview(request: StaffHttpRequest, pk: int) -> Interview:
    found = Interview.objects.visible_to(request.user).select_related("interviewer", "interviewee")
    return get_object_or_404(found, pk=pk)


def _readable(request: StaffHttpRequest, interview: Interview) -> list[SharedRecord]:
    """All published versions, the first one first."""
    found = SharedRecord.objects.visible_to(request.user).filter(interview=interview)
    records = found.select_related("template", "interview__interviewer", "interview__interviewee")
    return list(records.prefetch_related("template__headings", "responses").order_by("number"))


# Writing ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def record_edit(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """The record as its interviewer writes it, saved while he types."""
    interview = _interview(request, pk)
    require(permissions.can_write_record(request.user, interview))
    draft = _draft(request, interview)
    template = draft.template if draft else _template_for(request, interview)
    desk = _record_desk(request, interview, template)
    make = partial(RecordForm, template=template, names=names_of(interview))
    if request.method == "POST":
        return take_save(request, desk, make(request.POST))
    copy = _as_copy(draft)
    return open_desk(request, desk, make(initial=copy.answers), copy)


def _record_desk(request: StaffHttpRequest, interview: Interview, template: RecordTemplate) -> Desk:
    fields, names = asked.fields_of(template), names_of(interview)
    here = reverse("interviews:record_edit", args=[interview.pk])

    def show(form: DraftForm, words: Words, status: int) -> HttpResponse:
        open_ones = open_agreements(interview, request.user)
        page = {
            "form": form,
            "template_version": template.version,
            "interview": interview,
            "heading": heading_of(interview, request.user),
            "is_published": interview.records.exists(),
            "open_actions": shown_actions(open_ones, here),
            "crumbs": crumbs(Crumb("面談記録を書く")),
        }
        return render(request, "interviews/record_edit.html", {**page, **words}, status=status)

    def leave(saved: services.SavedDraft) -> HttpResponse:
        if request.POST.get("then") == "check":
            return redirect("interviews:record_publish", interview.pk)
        messages.success(request, f"{clock_time(saved.saved_at)} 下書きを保存しました")
        return redirect(here)

    return Desk(
        labels=asked.labels_of(template),
        load=lambda: _as_copy(_draft(request, interview)),
        store=lambda answers, version: services.save_record_draft(
            interview, template, answers, version=version, by=request.user
        ),
        remarks=partial(asked.too_long, fields),
        in_words=lambda code, answer: asked.in_words(code, answer, names),
        show=show,
        leave=leave,
    )


def _draft(request: StaffHttpRequest, interview: Interview) -> RecordDraft | None:
    drafts = RecordDraft.objects.visible_to(request.user).select_related("template")
    found = drafts.prefetch_related("template__headings").filter(interview=interview)
    return found.first()


def _as_copy(draft: RecordDraft | None) -> WorkingCopy:
    return WorkingCopy(draft.answers, draft.version, draft.saved_at) if draft else WorkingCopy({})


def _template_for(request: StaffHttpRequest, interview: Interview) -> RecordTemplate:
    """The headings of a record that is begun: those that the page had shown, else today's. Raises Http404 without any."""
    known = RecordTemplate.objects.visible_to(request.user).filter(kind=interview.kind)
    known = known.prefetch_related("headings").order_by("-version")
    shown = request.POST.get("template", "")
    if shown.isascii() and shown.isdigit() and len(shown) < 5:
        known = known.filter(version=int(shown)) or known
    template = known.first()
    if template is None:
        raise Http404
    return template


# Publishing -------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def record_publish(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """The working copy as the interviewee will read it, and the press that publishes it."""
    interview = _interview(request, pk)
    require(permissions.can_write_record(request.user, interview))
    draft = _draft(request, interview)
    if draft is None or not draft.answers:
        messages.error(request, services.NothingWritten.sentence)
        return redirect("interviews:record_edit", pk)
    if request.method == "POST":
        return _publish(request, interview)
    last = _readable(request, interview)[-1:]
    as_record = SharedRecord(interview=interview, template=draft.template, answers=draft.answers)
    found = asked.hindrances(asked.fields_of(draft.template), draft.answers)
    edit = reverse("interviews:record_edit", args=[pk])
    words = {
        "interview": interview,
        "heading": heading_of(interview, request.user),
        "version": draft.version,
        "texts": texts_of(as_record),
        "agreements": agreements_of(as_record) if not found else [],
        "hindrances": [(sentence, f"{edit}#id_{code}") for code, sentence in found.items()],
        "last": last[0] if last else None,
        "changes": changed_between(last[0], as_record) if last else [],
        "crumbs": crumbs(Crumb("面談記録を書く", edit), Crumb("公開する")),
    }
    return render(request, "interviews/record_publish.html", words)


def _publish(request: StaffHttpRequest, interview: Interview) -> HttpResponse:
    version = request.POST.get("version", "")
    shown = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1
    try:
        record = services.publish_record(interview, version=shown, by=request.user)
    except RuleViolation as broken:
        messages.error(request, broken.sentence)
        return redirect("interviews:record_publish", interview.pk)
    name = interview.interviewee.display_name
    messages.success(request, f"第{record.number}版を公開しました。{name}さんに知らせました。")
    return redirect("interviews:record_detail", interview.pk)


# Reading ----------------------------------------------------------------------------------------


@require_GET
def record_detail(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """The published record as both read it, with its actions and what was said to it."""
    interview = _interview(request, pk)
    return _shown(request, interview, _readable(request, interview))


@require_POST
def record_respond(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """The interviewee confirms, does not, or comments."""
    interview = _interview(request, pk)
    records = _readable(request, interview)
    if not records:
        raise Http404
    require(permissions.can_respond(request.user, records[-1]))
    form = _response_form(interview, records[-1], request.POST)
    if not form.is_valid():
        return _shown(request, interview, records, form)
    typed = form.cleaned_data
    read = next((each for each in records if each.number == typed["number"]), None)
    if read is None:
        raise Http404
    try:
        services.respond_to_record(
            read, RecordResponse.Answer(typed["answer"]), typed["comment"], by=request.user
        )
    except RuleViolation as broken:
        form.add_error("comment", broken.sentence)
        return _shown(request, interview, records, form)
    messages.success(request, f"{interview.interviewer.display_name}さんに伝えました。")
    return redirect("interviews:record_detail", pk)


def _response_form(interview: Interview, last: SharedRecord, data: object = None) -> ResponseForm:
    address = reverse("interviews:record_respond", args=[interview.pk])
    return ResponseForm(data, initial={"number": last.number}, submits_to=address)


def _shown(
    request: StaffHttpRequest,
    interview: Interview,
    records: list[SharedRecord],
    form: ResponseForm | None = None,
) -> HttpResponse:
    heading = heading_of(interview, request.user)
    last = records[-1] if records else None
    here = reverse("interviews:record_detail", args=[interview.pk])
    if last and not heading.is_interviewer:
        form = form or _response_form(interview, last)
    actions = interview.actions.select_related("interview__interviewer", "interview__interviewee")
    words = {
        "interview": interview,
        "heading": heading,
        "last": last,
        "published": moment(last.published_at) if last else "",
        "texts": texts_of(last) if last else [],
        "actions": shown_actions(actions, here),
        "open_actions": shown_actions(open_agreements(interview, request.user), here),
        "answer": answer_to(last.responses.all()) if last else None,
        "versions": _versions(records),
        "form": form,
        "can_write": permissions.can_write_record(request.user, interview),
        "crumbs": crumbs(Crumb("面談記録")),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "interviews/record_detail.html", words, status=status)


def _versions(records: list[SharedRecord]) -> list[dict[str, object]]:
    """Every version, the newest first: what was said to it, and what it changed."""
    shown = []
    for before, record in zip([None, *records], records, strict=False):
        shown.append(
            {
                "number": record.number,
                "published": moment(record.published_at),
                "texts": texts_of(record),
                "agreements": agreements_of(record),
                "responses": shown_responses(record.responses.all()),
                "changes": changed_between(before, record) if before else [],
            }
        )
    return shown[::-1]


# The private memo -------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def memo_edit(request: StaffHttpRequest, pk: int) -> HttpResponse:
    """The interviewer's own memo. For everybody else, the interviewee too, there is no such page."""
    interview = _interview(request, pk)
    if not permissions.can_write_record(request.user, interview):
        raise Http404
    desk = _memo_desk(request, interview)
    try:
        copy = desk.load()
        if request.method == "POST":
            return take_save(request, desk, MemoForm(request.POST))
    except SealBroken:
        logger.exception("memo_cannot_be_opened", extra={"interview": pk})
        words = {
            "sentence": memo_services.MemoLocked.sentence,
            "crumbs": crumbs(Crumb("面談者メモ")),
        }
        return render(request, "interviews/memo_locked.html", words, status=503)
    return open_desk(request, desk, MemoForm(initial=copy.answers), copy)


def _memo_desk(request: StaffHttpRequest, interview: Interview) -> Desk:
    def load() -> WorkingCopy:
        memo = PrivateMemo.objects.visible_to(request.user).filter(interview=interview).first()
        if memo is None:
            return WorkingCopy({})
        text = memo_services.open_memo(memo)
        return WorkingCopy({"memo": text} if text else {}, memo.version, memo.saved_at)

    def show(form: DraftForm, words: Words, status: int) -> HttpResponse:
        page = {
            "form": form,
            "interview": interview,
            "heading": heading_of(interview, request.user),
            "crumbs": crumbs(Crumb("面談者メモ")),
        }
        return render(request, "interviews/memo_edit.html", {**page, **words}, status=status)

    def leave(saved: services.SavedDraft) -> HttpResponse:
        messages.success(request, f"{clock_time(saved.saved_at)} メモを保存しました")
        return redirect("interviews:memo_edit", interview.pk)

    return Desk(
        labels={"memo": "面談者メモ"},
        load=load,
        store=lambda answers, version: memo_services.save_memo(
            interview, answers.get("memo", ""), version=version, by=request.user
        ),
        remarks=lambda answers: {},
        in_words=lambda code, answer: answer,
        show=show,
        leave=leave,
    )
