"""What the page of a part shows, put together from the working copy, last year's answers and the readers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.common.era import clock_time, moment, month_and_day
from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb, ErrorLink, PartState
from career_portal.staff.models import User
from postings.models import PostDescription
from surveys.answers import PostedAnswers, post_in_words
from surveys.asked import AskedPart
from surveys.fragments import blocks
from surveys.readers import shown_audience
from surveys.services import StaleSave
from surveys.summary import summary_rows
from surveys.working_copy import OwnForm, PartCopy, PostHopedFor, last_year, load_part

BAR: dict[str, PartState] = {"full": "full", "partial": "half", "empty": "empty"}


def bar(form: OwnForm) -> list[PartState]:
    """The states of the parts, as the bar of the task list draws them."""
    return [BAR[copy.progress.state] for copy in form.copies.values()]


def next_part(form: OwnForm) -> AskedPart | None:
    """Where to go on writing: the first part begun, else the first untouched one."""
    for state in ("partial", "empty"):
        for part in form.questionnaire.parts:
            if form.copies[part.number].progress.state == state:
                return part
    return None


@dataclass(frozen=True)
class Difference:
    """A question that two windows answered differently: the words here and the words that are stored."""

    label: str
    here: str
    stored: str


def part_page(
    user: User,
    year: int,
    number: int,
    *,
    opened: str = "",
    posted: PostedAnswers | None = None,
    typed: QueryDict | None = None,
    errors: dict[str, str] | None = None,
    broken: RuleViolation | None = None,
) -> dict[str, object]:
    """The context of a part's page: fresh, or again with what was typed and what is wrong with it.

    Raises Http404 where the year or the part is nowhere.
    """
    errors = errors or {}
    form = load_part(user, year, number)
    stored = form.copies[number]
    part, survey_round = stored.part, form.round
    copy = _as_typed(stored, part, posted, typed, user) if posted and typed is not None else stored
    before = last_year(user, survey_round, part)
    state = copy.progress
    return {
        "part": part,
        "year": year,
        "copy": copy,
        "progress": state,
        # What cannot be written is shown as text: a field would invite typing in vain.
        "rows": [] if form.is_writable or broken else summary_rows(part, copy.words),
        "blocks": blocks(copy, before, errors, opened) if form.is_writable or broken else [],
        "audience": shown_audience(user, form, part),
        "is_writable": form.is_writable,
        "is_closed": not survey_round.accepts_writing,
        "deadline": moment(survey_round.deadline_at),
        "saved": saved_in_words(stored.saved_at),
        "broken": broken,
        "differences": _differences(part, copy, stored) if isinstance(broken, StaleSave) else [],
        "error_links": [
            ErrorLink(sentence, error_target(part, code)) for code, sentence in errors.items()
        ],
        "following": form.questionnaire.part(part.number + 1),
        "all_open": opened == "all",
        "crumbs": [
            Crumb("希望調書", reverse("surveys:survey_tasklist", args=[year])),
            Crumb(part.name),
        ],
    }


def _as_typed(
    stored: PartCopy, part: AskedPart, posted: PostedAnswers, typed: QueryDict, user: User
) -> PartCopy:
    """The working copy with what a form posted in place of what is stored, also where it could not be stored."""
    answers = dict(posted.answers)
    for question in part.questions:
        if question.is_text and question.code not in answers and typed.get(question.code):
            answers[question.code] = typed.get(question.code, "")
    known = {post.pk: post for post in stored.posts.values()}
    for post in (
        PostDescription.objects.visible_to(user)
        .filter(pk__in=set(posted.posts.values()) - known.keys())
        .select_related("section__bureau")
    ):
        known[post.pk] = PostHopedFor(post.pk, post_in_words(post))
    posts = {code: known[pk] for code, pk in posted.posts.items() if pk in known}
    return replace(stored, answers=answers, posts=posts)


def _differences(part: AskedPart, here: PartCopy, stored: PartCopy) -> list[Difference]:
    found = []
    for question in part.questions:
        mine, theirs = here.words(question), stored.words(question)
        if mine != theirs:
            found.append(Difference(question.summary_label, mine, theirs))
    return found


def saved_in_words(saved_at: datetime.datetime | None) -> str:
    """When something was saved: 今日 14:32, 10月16日（金）14:32, or nothing."""
    if saved_at is None:
        return ""
    day = timezone.localtime(saved_at).date()
    name = "今日" if day == today() else month_and_day(day)
    return f"{name} {clock_time(saved_at)}"


def error_target(part: AskedPart, code: str) -> str:
    """The id of the field that an error of a question leads to."""
    question = next((question for question in part.questions if question.code == code), None)
    return f"id_{code}_0" if question is not None and question.options else f"id_{code}"
