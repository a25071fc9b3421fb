"""Pages with a working copy: shown, saved while one types and by buttons, compared where two windows wrote."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpResponse, JsonResponse

from career_portal.common.era import clock_time
from career_portal.common.errors import RuleViolation
from career_portal.design.components import ErrorLink
from career_portal.staff.http import StaffHttpRequest
from interviews.records.asked import Answers
from interviews.records.forms import DraftForm
from interviews.records.services import SavedDraft, StaleSave
from interviews.records.windows import basis, chosen_answers, differences
from surveys.pages import saved_in_words
from surveys.windows import WrittenByAnother, has_choices

Words = dict[str, object]


@dataclass(frozen=True)
class WorkingCopy:
    """What is stored: answers by field, how often it was saved (0: never), and when last."""

    answers: Answers
    version: int = 0
    saved_at: datetime.datetime | None = None


@dataclass(frozen=True)
class Desk:
    """One page with a working copy: its fields by label, and how it is loaded, stored, judged, shown and left."""

    labels: Mapping[str, str]
    load: Callable[[], WorkingCopy]
    store: Callable[[Answers, int], SavedDraft]
    remarks: Callable[[Answers], dict[str, str]]
    in_words: Callable[[str, str], str]
    show: Callable[[DraftForm, Words, int], HttpResponse]
    leave: Callable[[SavedDraft], HttpResponse]

    @property
    def codes(self) -> list[str]:
        """The names of the fields in order."""
        return list(self.labels)


def open_desk(
    request: StaffHttpRequest, desk: Desk, form: DraftForm, copy: WorkingCopy
) -> HttpResponse:
    """The page as it is stored, with what is too long to be published."""
    return desk.show(form, _stored_words(request, desk, copy, desk.remarks(copy.answers)), 200)


def take_save(request: StaffHttpRequest, desk: Desk, form: DraftForm) -> HttpResponse:
    """Store what a page posted, and answer its script or its button."""
    if not form.is_valid():
        return _refused(request, desk, form)
    try:
        if request.POST.get("writer") != str(request.user.pk):
            raise WrittenByAnother
        answers = _with_choices(request, desk, form)
        saved = desk.store(answers, _version(request))
    except RuleViolation as broken:
        return _not_saved(request, desk, form, broken)
    if _wants_json(request):
        return _told(request, _saved_answer(desk, answers, saved))
    if desk.remarks(answers):
        copy = desk.load()
        return desk.show(form, _stored_words(request, desk, copy, desk.remarks(answers)), 422)
    return desk.leave(saved)


def _with_choices(request: StaffHttpRequest, desk: Desk, form: DraftForm) -> Answers:
    """The posted answers, with the stored ones where a page that compared both was told so."""
    if not has_choices(request.POST):
        return form.answers()
    stored = desk.load()
    if stored.version != _version(request):
        raise StaleSave
    return chosen_answers(desk.codes, form.answers(), stored.answers, request.POST)


def _stored_words(
    request: StaffHttpRequest, desk: Desk, copy: WorkingCopy, remarks: Mapping[str, str]
) -> Words:
    return {
        "version": copy.version,
        "base": basis(desk.codes, copy.answers),
        "writer": request.user.pk,
        "saved": saved_in_words(copy.saved_at),
        "remarks": remarks,
        "error_links": [ErrorLink(said, f"id_{code}") for code, said in remarks.items()],
        "done": _done(copy.answers),
        "total": _total(desk),
    }


def _refused(request: StaffHttpRequest, desk: Desk, form: DraftForm) -> HttpResponse:
    """The sentences for what cannot be stored; nothing was."""
    problems = {code: str(errors[0]) for code, errors in form.errors.items()}
    if _wants_json(request):
        return _told(request, {"problems": problems}, 422)
    return desk.show(form, {**_typed_words(request, desk, problems), "is_failed": True}, 422)


def _not_saved(
    request: StaffHttpRequest, desk: Desk, form: DraftForm, broken: RuleViolation
) -> HttpResponse:
    """The page again with what was typed, and the rule that kept it out."""
    reason = {StaleSave: "stale", WrittenByAnother: "writer"}.get(type(broken), "closed")
    if _wants_json(request):
        return _told(request, {"reason": reason, "sentence": broken.sentence}, 409)
    words = {**_typed_words(request, desk, {}), "broken": broken, "reason": reason}
    if reason == "stale":
        copy, here = desk.load(), form.answers()
        words |= {
            "version": copy.version,
            "base": basis(desk.codes, here),
            "is_compared": True,
            "differences": differences(
                desk.labels, here, copy.answers, request.POST, desk.in_words
            ),
        }
    return desk.show(form, words, 409)


def _typed_words(request: StaffHttpRequest, desk: Desk, remarks: Mapping[str, str]) -> Words:
    """A page that does not compare keeps what it came with: it must not pass for one that showed the stored copy."""
    typed = {} if has_choices(request.POST) else request.POST
    return {
        "version": typed.get("version", ""),
        "base": typed.get("base", ""),
        "writer": request.POST.get("writer", ""),
        "remarks": remarks,
        "error_links": [ErrorLink(said, f"id_{code}") for code, said in remarks.items()],
        "done": _done(request.POST),
        "total": _total(desk),
    }


def _saved_answer(desk: Desk, answers: Answers, saved: SavedDraft) -> dict[str, object]:
    return {
        "version": saved.version,
        "base": basis(desk.codes, answers),
        "saved_at": clock_time(saved.saved_at),
        "done": _done(answers),
        "total": _total(desk),
        "remarks": desk.remarks(answers),
    }


def _told(request: StaffHttpRequest, said: Mapping[str, object], status: int = 200) -> HttpResponse:
    """An answer to the page's script, with how long the sign-in lasts: it may have been prolonged."""
    answer = JsonResponse(said, status=status)
    answer["Session-Seconds-Left"] = str(request.session.seconds_left or 0)
    return answer


def _done(answers: Mapping[str, str]) -> int:
    return sum(bool(text) for code, text in answers.items() if _is_counted(code))


def _total(desk: Desk) -> int:
    return sum(_is_counted(code) for code in desk.labels)


def _is_counted(code: str) -> bool:
    """Headings are counted: not every talk ends with an agreement."""
    return code == "memo" or (code.startswith("h") and code[1:].isdigit())


def _wants_json(request: StaffHttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _version(request: StaffHttpRequest) -> int:
    """The version of the working copy that the page was made from; nonsense counts as stale."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1
