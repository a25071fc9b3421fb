"""Everything that changes a hope survey: saving, handing in, correcting, taking back. Its readers: `reader_services.py`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.common.errors import RuleViolation
from career_portal.common.prepared import MARKER_DAY, PreparedQuery, Value
from career_portal.staff.models import User
from postings.models import PostDescription
from surveys.answers import Answers, PostedAnswers, hindrances, post_in_words, progress
from surveys.asked import AskedPart, asked
from surveys.models import (
    DraftPart,
    DraftPostWish,
    HopeSurvey,
    Submission,
    SubmittedPart,
    SubmittedPostWish,
    SurveyRound,
)
from surveys.receipts import new_receipt_number


class WritingClosed(RuleViolation):
    """The round does not take answers now."""

    sentence = "受付の期間ではないため、保存できませんでした。書いた内容はこの画面に残っています。"


class NotBeingWritten(RuleViolation):
    """The form is submitted and no correction is open."""

    sentence = "この調書は提出済みです。直すときは、一覧の「訂正する」を押してください。"


class StaleSave(RuleViolation):
    """The part was saved elsewhere since the page was opened; nothing was stored."""

    sentence = "別の画面でこのパートが更新されています。この画面の内容はまだ保存されていません。"


class UnknownPost(RuleViolation):
    """Posts were chosen that cannot be hoped for, as answers to the questions `codes`."""

    sentence = "選んだポストは、いま公開されていません。もう一度選んでください。"

    def __init__(self, codes: Iterable[str]) -> None:
        super().__init__()
        self.codes = tuple(codes)


class NotReady(RuleViolation):
    """Something keeps the form from being handed in; `hindrances` has the sentences by part number and question."""

    sentence = "提出の前に、直すところがあります。"

    def __init__(self, found: dict[int, dict[str, str]]) -> None:
        super().__init__()
        self.hindrances = found


class NothingWritten(RuleViolation):
    """Not a single question has an answer."""

    sentence = "まだ何も書かれていません。どれか一つでも書いてから提出してください。"


class ChangedSinceCheck(RuleViolation):
    """The form was changed after the check page had been shown."""

    sentence = (
        "確認画面を開いたあとに、内容が変わっています。もう一度確認してから提出してください。"
    )


class NothingSubmitted(RuleViolation):
    """There is no submission to correct or to take back."""

    sentence = "提出された調書がありません。"


@dataclass(frozen=True)
class SavedDraft:
    """What a save achieved: the new version of the part and when it was stored."""

    version: int
    saved_at: datetime.datetime


class SavedPart(Protocol):
    """A part as it was read: which one, in which version; 0 where nothing was saved."""

    @property
    def part_id(self) -> int:
        """The part's id."""

    @property
    def version(self) -> int:
        """The number of its saves."""


@transaction.atomic
def save_draft_part(
    survey_round: SurveyRound, part: AskedPart, posted: PostedAnswers, *, version: int, by: User
) -> SavedDraft:
    """Store the working copy of one part, if `version` is the one that the page was made from.

    The same again, as of a page that never got the answer, changes nothing. Raises WritingClosed, NotBeingWritten,
    StaleSave or UnknownPost; then nothing is stored.
    """
    survey = lock_for_writing(survey_round, by)
    now = timezone.now()
    try:
        _store_answers(survey, part, posted.answers, version, now)
    except StaleSave:
        if (before := _stored_before(survey, part, posted, version)) is None:
            raise
        return before
    if part.post_questions and (version or posted.posts):
        _store_post_wishes(survey, part, posted.posts, by=by)
    return SavedDraft(version=version + 1, saved_at=now)


@transaction.atomic
def hope_for_post(
    survey_round: SurveyRound, part: AskedPart, code: str, post: PostDescription, *, by: User
) -> None:
    """Put a post into the working copy as the answer to the question `code`, in place of any other.

    The part counts as saved by it, so that an older page of it is stale. Raises WritingClosed, NotBeingWritten or
    UnknownPost.
    """
    survey = lock_for_writing(survey_round, by)
    if not PostDescription.objects.visible_to(by).published().filter(pk=post.pk).exists():
        raise UnknownPost([code])
    now = timezone.now()
    drafts = DraftPart.objects.filter(survey=survey, part=part.pk)
    if not drafts.update(version=F("version") + 1, saved_at=now):
        survey.draft_parts.create(part_id=part.pk, saved_at=now)
    DraftPostWish.objects.update_or_create(
        survey=survey, question_code=code, defaults={"post": post}
    )


def _store_answers(
    survey: HopeSurvey, part: AskedPart, answers: Answers, version: int, now: datetime.datetime
) -> None:
    drafts = DraftPart.objects.filter(survey=survey, part=part.pk)
    if version == 0:
        # The form is locked: from here on nobody else can save the part first.
        if drafts.exists():
            raise StaleSave
        survey.draft_parts.create(part_id=part.pk, answers=answers, saved_at=now)
    elif not drafts.filter(version=version).update(
        answers=answers, version=F("version") + 1, saved_at=now
    ):
        raise StaleSave


def _stored_before(
    survey: HopeSurvey, part: AskedPart, posted: PostedAnswers, version: int
) -> SavedDraft | None:
    """The last save, if it stored exactly this from the same version."""
    codes = [question.code for question in part.post_questions]
    wishes = survey.draft_post_wishes.filter(question_code__in=codes)
    if dict(wishes.values_list("question_code", "post_id")) != dict(posted.posts):
        return None
    same = DraftPart.objects.filter(survey=survey, part=part.pk, answers=posted.answers)
    draft = same.filter(version=version + 1).first()
    return SavedDraft(version=draft.version, saved_at=draft.saved_at) if draft else None


def _store_post_wishes(
    survey: HopeSurvey, part: AskedPart, posts: Mapping[str, int], *, by: User
) -> None:
    """Replace the posts hoped for; one that was chosen before may meanwhile be archived, a new one may not."""
    codes = [question.code for question in part.post_questions]
    kept = {wish.question_code: wish.post_id for wish in survey.draft_post_wishes.all()}
    if dict(posts) == {code: kept[code] for code in codes if code in kept}:
        return
    new = set(posts.values()) - set(kept.values())
    published = PostDescription.objects.visible_to(by).published().filter(pk__in=new)
    if unknown := new - set(published.values_list("pk", flat=True)):
        raise UnknownPost(code for code, post in posts.items() if post in unknown)
    if left_out := [code for code in codes if code in kept and code not in posts]:
        survey.draft_post_wishes.filter(question_code__in=left_out).delete()
    DraftPostWish.objects.bulk_create(
        (
            DraftPostWish(survey=survey, question_code=code, post_id=post)
            for code, post in posts.items()
        ),
        update_conflicts=True,
        unique_fields=["survey", "question_code"],
        update_fields=["post"],
    )


@transaction.atomic
def submit_hope_survey(survey_round: SurveyRound, *, seen: str, by: User) -> Submission:
    """Hand the working copy in as the next version. Handing in again what is already in force changes nothing.

    `seen` is the fingerprint of the working copy that the check page showed. Raises WritingClosed, ChangedSinceCheck,
    NothingWritten or NotReady.
    """
    survey = _lock(survey_round, by)
    if survey.current_submission is not None and not survey.is_correcting:
        return survey.current_submission
    now = _now_if_open(survey_round, by)
    if now is None:
        raise WritingClosed
    drafts = {draft.part_id: draft for draft in survey.draft_parts.all()}
    if seen != fingerprint(drafts.values()):
        raise ChangedSinceCheck
    _refuse_unready(survey, drafts)
    submission = Submission.objects.create(
        survey=survey,
        number=survey.submissions.count() + 1,
        receipt_number=new_receipt_number(survey_round.fiscal_year),
        submitted_at=now,
    )
    _copy_to_submission(survey, submission, drafts)
    survey.current_submission = submission
    survey.state = HopeSurvey.State.SUBMITTED
    survey.is_correcting = False
    survey.save(update_fields=["current_submission", "state", "is_correcting"])
    return submission


@transaction.atomic
def open_correction(survey_round: SurveyRound, *, by: User) -> HopeSurvey:
    """Begin a correction beside the current submission, which stays valid. Twice is once.

    Raises WritingClosed or NothingSubmitted.
    """
    survey = _lock(survey_round, by)
    if _now_if_open(survey_round, by) is None:
        raise WritingClosed
    if survey.current_submission is None:
        raise NothingSubmitted
    survey.is_correcting = True
    survey.save(update_fields=["is_correcting"])
    return survey


@transaction.atomic
def discard_correction(survey_round: SurveyRound, *, by: User) -> HopeSurvey:
    """Give a correction up: the working copy is again what was submitted. Raises NothingSubmitted."""
    survey = _lock(survey_round, by)
    submission = survey.current_submission
    if submission is None or not survey.is_correcting:
        raise NothingSubmitted
    now = timezone.now()
    survey.draft_post_wishes.all().delete()
    submitted = {part.part_id: part for part in submission.parts.prefetch_related("post_wishes")}
    for draft in survey.draft_parts.all():
        part = submitted.get(draft.part_id)
        draft.answers = part.answers if part else {}
        draft.version += 1
        draft.saved_at = now
        draft.save(update_fields=["answers", "version", "saved_at"])
    DraftPostWish.objects.bulk_create(
        DraftPostWish(survey=survey, question_code=wish.question_code, post_id=wish.post_id)
        for part in submitted.values()
        for wish in part.post_wishes.all()
    )
    survey.is_correcting = False
    survey.save(update_fields=["is_correcting"])
    return survey


@transaction.atomic
def withdraw_hope_survey(survey_round: SurveyRound, *, by: User) -> HopeSurvey:
    """Take the current submission back (取り下げ): from now on nobody else reads it; the working copy stays.

    Raises WritingClosed after the deadline and NothingSubmitted where there is none.
    """
    survey = _lock(survey_round, by)
    now = _now_if_open(survey_round, by)
    if now is None:
        raise WritingClosed("締切を過ぎているため、取り下げはできません。")
    submission = survey.current_submission
    if submission is None:
        raise NothingSubmitted
    submission.withdrawn_at = now
    submission.save(update_fields=["withdrawn_at"])
    survey.state = HopeSurvey.State.WITHDRAWN
    survey.current_submission = None
    survey.is_correcting = False
    survey.save(update_fields=["state", "current_submission", "is_correcting"])
    return survey


def fingerprint(parts: Iterable[SavedPart]) -> str:
    """The versions of the saved parts as one text: it differs whenever one of them was saved since."""
    saved = (part for part in parts if part.version)
    return " ".join(sorted(f"{part.part_id}.{part.version}" for part in saved))


def _lock(survey_round: SurveyRound, by: User) -> HopeSurvey:
    """The person's own form, locked until the transaction ends; made if there is none yet."""
    forms = HopeSurvey.objects.visible_to(by).filter(round=survey_round)
    # Nothing joined: whoever waited for the lock gets the new form, but joined rows as they were before the wait.
    locked = forms.select_for_update()
    survey = locked.first()
    if survey is None:
        HopeSurvey.objects.bulk_create(
            [HopeSurvey(round=survey_round, user=by)], ignore_conflicts=True
        )
        survey = locked.get()
    return survey


def _locked_form(user_pk: int, day: datetime.date, round_pk: int) -> QuerySet[HopeSurvey]:
    forms = HopeSurvey.objects.visible_to(User(pk=user_pk)).filter(round=round_pk)
    return forms.select_for_update(of=("self",)).with_open_state(user_pk, day)


_LOCKED_FORM = PreparedQuery(
    _locked_form, {"user_pk": 987_654_321, "day": MARKER_DAY, "round_pk": 987_654_322}
)


def lock_for_writing(survey_round: SurveyRound, by: User) -> HopeSurvey:
    """The person's own form, as `_lock`; raises WritingClosed or NotBeingWritten. One statement asks the round, too."""
    whose: dict[str, Value] = {"user_pk": by.pk, "day": today(), "round_pk": survey_round.pk}
    survey = next(_LOCKED_FORM.objects(**whose), None)
    if survey is None:
        HopeSurvey.objects.bulk_create(
            [HopeSurvey(round=survey_round, user=by)], ignore_conflicts=True
        )
        survey = next(_LOCKED_FORM.objects(**whose))
    if not survey.accepts_writing:
        raise WritingClosed
    if not survey.has_open_draft:
        raise NotBeingWritten
    return survey


def _now_if_open(survey_round: SurveyRound, by: User) -> datetime.datetime | None:
    """The time of the database clock if the round takes the person's answers then: what is stamped is what was judged."""
    now: datetime.datetime | None = (
        SurveyRound.objects.open_to(by, today())
        .filter(pk=survey_round.pk)
        .annotate(now=Now())
        .values_list("now", flat=True)
        .first()
    )
    return now


def _refuse_unready(survey: HopeSurvey, drafts: Mapping[int, DraftPart]) -> None:
    posts = {wish.question_code: wish.post_id for wish in survey.draft_post_wishes.all()}
    found = {}
    is_touched = False
    for part in asked(survey.round.questionnaire).parts:
        draft = drafts.get(part.pk)
        answers = draft.answers if draft else {}
        is_touched = is_touched or (draft is not None and progress(part, answers, posts).is_touched)
        if in_the_way := hindrances(part, answers, posts):
            found[part.number] = in_the_way
    if found:
        raise NotReady(found)
    if not is_touched:
        raise NothingWritten


def _copy_to_submission(
    survey: HopeSurvey, submission: Submission, drafts: Mapping[int, DraftPart]
) -> None:
    wishes = list(survey.draft_post_wishes.select_related("post__section__bureau", "post__shown"))
    hoped = {wish.question_code: wish.post_id for wish in wishes}
    # A part without an answer is left out: its empty place would tell a supervisor, who sees none where the writer
    # hides a part, which of the two it is.
    answered = [
        part
        for part in asked(survey.round.questionnaire).parts
        if part.pk in drafts and progress(part, drafts[part.pk].answers, hoped).is_touched
    ]
    parts = SubmittedPart.objects.bulk_create(
        SubmittedPart(submission=submission, part_id=part.pk, answers=drafts[part.pk].answers)
        for part in answered
    )
    part_of_question = {
        question.code: row
        for part, row in zip(answered, parts, strict=True)
        for question in part.post_questions
    }
    SubmittedPostWish.objects.bulk_create(
        SubmittedPostWish(
            part=part_of_question[wish.question_code],
            question_code=wish.question_code,
            post_id=wish.post_id,
            post_title=post_in_words(wish.post),
        )
        for wish in wishes
        if wish.question_code in part_of_question
    )
