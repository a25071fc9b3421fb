"""What the page of a part shows, put together from the working copy, last year's answers and the readers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.common.era import clock_time, moment, month_and_day, time_left
from career_portal.common.errors import RuleViolation
from career_portal.design.components import Crumb, ErrorLink, PartState
from career_portal.staff.models import User
from postings.models import PostDescription
from surveys.answers import PostedAnswers, post_in_words
from surveys.asked import AskedPart
from surveys.fragments import blocks
from surveys.models import SurveyRound
from surveys.readers import shown_audience
from surveys.services import StaleSave
from surveys.summary import summary_rows
from surveys.windows import WrittenByAnother, basis, differences, has_choices
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
class Returned:
    """A posted part that was not stored: as it was read, as it came, and which rule kept it out, if one did."""

    posted: PostedAnswers
    typed: QueryDict
    broken: RuleViolation | None = None

    @property
    def is_compared(self) -> bool:
        """Whether the page shows what differs from the stored copy, and lets choose."""
        if isinstance(self.broken, WrittenByAnother):
            return False
        return isinstance(self.broken, StaleSave) or has_choices(self.typed)


def part_page(
    user: User,
    year: int,
    number: int,
    *,
    opened: str = "",
    errors: dict[str, str] | None = None,
    returned: Returned | None = None,
) -> dict[str, object]:
    """The context of a part's page: as it is stored, or again with what came back and what is wrong with it.

    Raises Http404 where the year or the part is nowhere.
    """
    errors = errors or {}
    form = load_part(user, year, number)
    stored = form.copies[number]
    part = stored.part
    copy = _as_typed(stored, part, returned, user) if returned else stored
    before = last_year(user, form.round, part)
    broken = returned.broken if returned else None
    is_shown = form.is_writable or broken is not None
    return {
        "part": part,
        "year": year,
        "copy": copy,
        "progress": copy.progress,
        # What cannot be written is shown as text: a field would invite typing in vain.
        "rows": [] if is_shown else summary_rows(part, copy.words),
        "blocks": blocks(copy, before, errors, opened) if is_shown else [],
        "audience": shown_audience(user, form, part),
        "is_writable": form.is_writable,
        "is_closed": not form.round.accepts_writing,
        **deadline_left(form.round),
        "saved": saved_in_words(stored.saved_at),
        "broken": broken,
        **_windows(user, copy, stored, returned),
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


def deadline_left(survey_round: SurveyRound) -> dict[str, object]:
    """Until when the person can write, how long that is, in words, and in seconds for a page that counts down."""
    deadline_at, now = survey_round.own_deadline_at, timezone.now()
    return {
        "deadline": moment(deadline_at),
        "time_left": time_left(deadline_at, now),
        "seconds_left": max(0, int((deadline_at - now).total_seconds())),
    }


def _windows(
    user: User, copy: PartCopy, stored: PartCopy, returned: Returned | None
) -> dict[str, object]:
    """What the form carries to be told from other windows, and what differs from another one.

    A page that does not compare keeps the version it came with: it must not pass for one that showed the stored copy.
    """
    if returned and not returned.is_compared:
        # Choices that are not shown again are lost: a page without version and basis is compared anew.
        typed = {} if has_choices(returned.typed) else returned.typed
        return {
            "writer": returned.typed.get("writer", user.pk),
            "version": typed.get("version", ""),
            "base": typed.get("base", ""),
            "is_compared": False,
            "differences": [],
        }
    part, posts = copy.part, {code: post.pk for code, post in copy.posts.items()}
    return {
        "writer": user.pk,
        "version": stored.version,
        "base": basis(part, copy.answers, posts),
        "is_compared": returned is not None,
        "differences": differences(part, copy, stored, returned.posted, returned.typed)
        if returned
        else [],
    }


def _as_typed(stored: PartCopy, part: AskedPart, returned: Returned, user: User) -> PartCopy:
    """The working copy with what a form posted in place of what is stored, also where it could not be stored."""
    posted, typed = returned.posted, returned.typed
    answers = dict(posted.answers)
    for question in part.questions:
        if question.is_text and question.code not in answers and typed.get(question.code):
            answers[question.code] = typed.get(question.code, "")
    known = {post.pk: post for post in stored.posts.values()}
    for post in (
        PostDescription.objects.visible_to(user)
        .filter(pk__in=set(posted.posts.values()) - known.keys())
        .in_words()
    ):
        known[post.pk] = PostHopedFor(post.pk, post_in_words(post))
    posts = {code: known[pk] for code, pk in posted.posts.items() if pk in known}
    return replace(stored, answers=answers, posts=posts)


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
