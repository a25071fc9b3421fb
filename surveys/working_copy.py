"""A person's own form as its pages need it: the working copy, what was handed in, and last year's answers."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from career_portal.common.clock import today
from career_portal.common.era import fiscal_year_name
from career_portal.common.prepared import MARKER_DAY, PreparedQuery
from career_portal.staff.models import User
from surveys.answers import Answer, Answers, Posts, Progress, in_words, post_in_words, progress
from surveys.asked import AskedPart, AskedQuestion, AskedQuestionnaire, asked, asked_revision
from surveys.models import (
    DeadlineExtension,
    DraftPart,
    HopeSurvey,
    MentorRelease,
    Questionnaire,
    ReaderChoice,
    SubmittedPart,
    SurveyRound,
)
from surveys.models.hope_survey import HopeSurveyQuerySet


@dataclass(frozen=True)
class PostHopedFor:
    """A post chosen in a form: its id and how it reads."""

    pk: int
    title: str


@dataclass(frozen=True)
class PartCopy:
    """The working copy of one part; version 0 means that nothing was saved yet."""

    part: AskedPart
    answers: Answers
    posts: Mapping[str, PostHopedFor]
    version: int
    saved_at: datetime.datetime | None

    @property
    def part_id(self) -> int:
        """The part's id."""
        return self.part.pk

    @property
    def progress(self) -> Progress:
        """How far the part is filled in."""
        return progress(self.part, self.answers, self.posts)

    def words(self, question: AskedQuestion) -> str:
        """An answer as a person reads it."""
        titles = {code: post.title for code, post in self.posts.items()}
        return in_words(question, self.answers, titles)


@dataclass(frozen=True)
class LastYear:
    """The answers handed in the year before, by question code.

    `words` has all of them in the words of that year; `answers` those whose options are still the same.
    """

    fiscal_year: int
    answers: Mapping[str, Answer]
    words: Mapping[str, str]
    posts: Mapping[str, int]

    @property
    def name(self) -> str:
        """令和7年度."""
        return fiscal_year_name(self.fiscal_year)


@dataclass(frozen=True)
class OwnForm:
    """A person's form in a round, with the parts that were asked for.

    `choices` are decisions about the supervisor by the part's id; `mentor` is the one named in ⑧, by id, and `mentored`
    the ids of the parts released to him.
    """

    round: SurveyRound
    questionnaire: AskedQuestionnaire
    survey: HopeSurvey | None
    copies: Mapping[int, PartCopy]
    choices: Mapping[int, bool] = field(default_factory=dict)
    mentor: int | None = None
    mentored: Collection[int] = ()

    @property
    def is_writable(self) -> bool:
        """Whether the working copy can be written now: the round is open, and the form not handed in."""
        return self.round.accepts_writing and (self.survey is None or self.survey.has_open_draft)

    @property
    def is_extended(self) -> bool:
        """Whether the person's deadline is later than the round's."""
        return self.round.own_deadline_at > self.round.deadline_at

    @property
    def is_empty(self) -> bool:
        """Whether not a single question of the parts asked for has an answer."""
        return not any(copy.progress.is_touched for copy in self.copies.values())

    @property
    def is_over(self) -> bool:
        """Whether the round has ended with the form handed in and no correction left unfinished."""
        return (
            not self.round.accepts_writing
            and self.survey is not None
            and not self.survey.has_open_draft
        )

    @property
    def last_saved_at(self) -> datetime.datetime | None:
        """When anything of it was saved last."""
        return max((copy.saved_at for copy in self.copies.values() if copy.saved_at), default=None)


# Years and numbers of parts are smaller: what an address may name beyond that is nowhere.
_BEYOND = 32_000
_ROUND_COLUMNS = [
    "pk",
    "fiscal_year",
    "opens_at",
    "deadline_at",
    "own_deadline_at",
    "accepts_writing",
    "questionnaire",
    "questionnaire__revision",
]


def _round_rows(user_pk: int, day: datetime.date, year: int) -> QuerySet[SurveyRound, Any]:
    """The round of a year that has begun; rounds are announced to all staff."""
    rounds = SurveyRound.objects.begun().with_state_for(user_pk, day).filter(fiscal_year=year)
    return rounds.values_list(*_ROUND_COLUMNS)


def _part_rows(
    user_pk: int, day: datetime.date, year: int, number: int
) -> QuerySet[SurveyRound, Any]:
    """A round with the person's form in it and the working copy of one part, in one row."""
    form = HopeSurvey.objects.visible_to(User(pk=user_pk)).filter(round=OuterRef("pk"))
    choice = ReaderChoice.objects.filter(survey=OuterRef("pk"), part__number=number)
    released = MentorRelease.objects.filter(survey=OuterRef("pk"))
    draft = DraftPart.objects.filter(survey=OuterRef("pk"), part__number=number)
    own = JSONObject(
        pk="pk",
        state="state",
        is_correcting="is_correcting",
        current_submission_id="current_submission",
        chosen_reader=Subquery(choice.values("supervisor_reads")),
        named_mentor=Subquery(released.filter(part__listener_reads=True).values("mentor")),
        reading_mentor=Subquery(released.filter(part__number=number).values("mentor")),
        draft=Subquery(
            draft.values(row=JSONObject(answers="answers", version="version", saved_at="saved_at"))
        ),
    )
    return (
        SurveyRound.objects.begun()
        .with_state_for(user_pk, day)
        .filter(fiscal_year=year)
        .annotate(own_form=Subquery(form.values(row=own)))
        .values_list(*_ROUND_COLUMNS, *["own_form"])
    )


_ROUND = PreparedQuery(_round_rows, {"user_pk": 987_654_321, "day": MARKER_DAY, "year": 32_001})
_PART = PreparedQuery(
    _part_rows, {"user_pk": 987_654_321, "day": MARKER_DAY, "year": 32_001, "number": 32_002}
)


def _round(
    pk: int,
    fiscal_year: int,
    opens_at: datetime.datetime,
    deadline_at: datetime.datetime,
    own_deadline_at: datetime.datetime,
    accepts_writing: bool,
    questionnaire: int,
    revision: int,
) -> SurveyRound:
    found = SurveyRound(
        pk=pk,
        fiscal_year=fiscal_year,
        opens_at=opens_at,
        deadline_at=deadline_at,
        questionnaire=Questionnaire(pk=questionnaire, revision=revision),
    )
    found.own_deadline_at = own_deadline_at
    found.accepts_writing = accepts_writing
    return found


def round_of_year(user: User, fiscal_year: int) -> SurveyRound:
    """The round of a year that has begun, with whether it takes the person's answers now. Raises Http404."""
    if fiscal_year >= _BEYOND:
        raise Http404
    rows = _ROUND.rows(user_pk=user.pk, day=today(), year=fiscal_year)
    if not rows:
        raise Http404
    return _round(*rows[0])


def newest_round(user: User) -> SurveyRound | None:
    """The newest round that has begun."""
    rounds = SurveyRound.objects.visible_to(user).begun().with_state_for(user, today())
    return rounds.select_related("questionnaire").order_by("-fiscal_year").first()


def own_extension(user: User, survey_round: SurveyRound) -> DeadlineExtension | None:
    """The extension by which the person can write longest, running or over, if one moves his deadline at all."""
    mine = DeadlineExtension.objects.visible_to(user).applying_to(user, today())
    return mine.filter(round=survey_round).order_by("-until").first()


def load_form(user: User, survey_round: SurveyRound) -> OwnForm:
    """The person's whole form in a round."""
    questionnaire = asked(survey_round.questionnaire)
    survey = _surveys(user, survey_round).first()
    drafts = {draft.part_id: draft for draft in survey.draft_parts.all()} if survey else {}
    posts = _posts(survey) if survey else {}
    choices = (
        dict(survey.reader_choices.values_list("part_id", "supervisor_reads")) if survey else {}
    )
    released = dict(survey.mentor_releases.values_list("part_id", "mentor_id")) if survey else {}
    listening = next((part.pk for part in questionnaire.parts if part.listener_reads), None)
    return OwnForm(
        round=survey_round,
        questionnaire=questionnaire,
        survey=survey,
        copies={
            part.number: _copy(part, drafts.get(part.pk), posts) for part in questionnaire.parts
        },
        choices=choices,
        mentor=released.get(listening) if listening else None,
        mentored=released.keys(),
    )


def load_part(user: User, fiscal_year: int, number: int) -> OwnForm:
    """The person's form in the round of a year, with one part of it. Raises Http404."""
    if fiscal_year >= _BEYOND or number >= _BEYOND:
        raise Http404
    rows = _PART.rows(user_pk=user.pk, day=today(), year=fiscal_year, number=number)
    if not rows:
        raise Http404
    *columns, own_text = rows[0]
    survey_round = _round(*columns)
    questionnaire = asked(survey_round.questionnaire)
    part = questionnaire.part(number)
    if part is None:
        raise Http404
    own = json.loads(own_text) if own_text else {}
    saved, chosen = own.pop("draft", None), own.pop("chosen_reader", None)
    mentor, reading_mentor = own.pop("named_mentor", None), own.pop("reading_mentor", None)
    survey = HopeSurvey(round=survey_round, user=user, **own) if own else None
    draft = None
    if saved:
        at = datetime.datetime.fromisoformat(saved.pop("saved_at"))
        draft = DraftPart(saved_at=at, **saved)
    posts = _posts(survey) if survey and part.post_questions else {}
    return OwnForm(
        round=survey_round,
        questionnaire=questionnaire,
        survey=survey,
        copies={number: _copy(part, draft, posts)},
        choices={} if chosen is None else {part.pk: chosen},
        mentor=mentor,
        mentored={part.pk} if reading_mentor is not None else set(),
    )


_LAST_YEAR_COLUMNS = [
    "part__code",
    "part__number",
    "part__questionnaire",
    "part__questionnaire__revision",
    "answers",
    "post_title_rows",
]


def _last_year_rows(user_pk: int, year: int) -> QuerySet[SubmittedPart, Any]:
    """What a person handed in for a year and did not take back, part by part."""
    return (
        SubmittedPart.objects.own(User(pk=user_pk))
        .filter(
            submission__survey__round__fiscal_year=year,
            submission__survey__current_submission=F("submission"),
        )
        .with_post_titles()
        .values_list(*_LAST_YEAR_COLUMNS)
    )


_LAST_YEAR = PreparedQuery(_last_year_rows, {"user_pk": 987_654_321, "year": 32_001})


def last_year(user: User, survey_round: SurveyRound, part: AskedPart | None = None) -> LastYear:
    """What the person handed in the year before: of one part, or of all; empty where there is nothing."""
    year = survey_round.fiscal_year - 1
    now = asked(survey_round.questionnaire)
    answers: Answers = {}
    words: dict[str, str] = {}
    posts: Posts = {}
    rows = _LAST_YEAR.rows(user_pk=user.pk, year=year)
    for code, number, questionnaire, revision, stored_text, title_rows in rows:
        if part is not None and part.code != code:
            continue
        stored = json.loads(stored_text)
        wishes = [json.loads(row) for row in title_rows]
        titles = {wish["code"]: wish["title"] for wish in wishes}
        posts |= {wish["code"]: wish["post"] for wish in wishes}
        asked_then = asked_revision(questionnaire, revision).part(number)
        if asked_then is not None:
            answers |= _comparable(stored, asked_then, now)
            words |= spoken(asked_then, stored, titles)
    return LastYear(fiscal_year=year, answers=answers, words=words, posts=posts)


def _comparable(answers: Answers, then: AskedPart, now: AskedQuestionnaire) -> Answers:
    """Answers to questions that offer the same in both years: only there does a value mean the same."""
    if then in now.parts:
        return answers
    offered = {question.code: question.labels for part in now.parts for question in part.questions}
    return {
        question.code: answers[question.code]
        for question in then.questions
        if question.code in answers and offered.get(question.code) == question.labels
    }


def spoken(part: AskedPart, answers: Answers, titles: Mapping[str, str]) -> dict[str, str]:
    """Answers in the words of the part that they answer, by question code; what has no answer has no words."""
    found = {question.code: in_words(question, answers, titles) for question in part.questions}
    return {code: text for code, text in found.items() if text}


def _surveys(user: User, survey_round: SurveyRound) -> HopeSurveyQuerySet:
    return HopeSurvey.objects.visible_to(user).filter(round=survey_round)


def _posts(survey: HopeSurvey) -> dict[str, PostHopedFor]:
    wishes = survey.draft_post_wishes.select_related("post__section__bureau", "post__shown")
    return {
        wish.question_code: PostHopedFor(wish.post_id, post_in_words(wish.post)) for wish in wishes
    }


def _copy(part: AskedPart, draft: DraftPart | None, posts: Mapping[str, PostHopedFor]) -> PartCopy:
    codes = {question.code for question in part.post_questions}
    return PartCopy(
        part=part,
        answers=draft.answers if draft else {},
        posts={code: post for code, post in posts.items() if code in codes},
        version=draft.version if draft else 0,
        saved_at=draft.saved_at if draft else None,
    )
