"""Minimal valid rounds and posts, and filled-in forms in every state, with a mark in every answer.

The questionnaire is the real one. Forms are built through the services, in a round that is open while they are built;
`close` ends it afterwards.
"""

import datetime

import factory
from django.db.models import F
from django.utils import timezone

from career_portal.common.clock import fiscal_year, today
from career_portal.home import reference_data
from surveys import reader_services, services
from surveys.answers import PostedAnswers
from surveys.asked import asked
from surveys.models import HopeSurvey, Question, Questionnaire, SurveyRound
from tests.factories.postings import framework

ALL_PARTS = (1, 2, 3, 4, 5, 6, 7, 8)
STATES = ("draft", "submitted", "correcting", "withdrawn")

# Part ③ has no free text: the field of expertise chosen tells one form from another.
FIELDS = {"b1_07": "B1-07", "b1_03": "B1-03"}


def questionnaire() -> Questionnaire:
    """The real questionnaire without the real organisation; loaded where the test's database has none yet."""
    loaded = Questionnaire.objects.order_by("pk").last()
    return loaded or reference_data._load_questionnaire(framework())


def require(*codes: str) -> None:
    """Make questions required, as a questionnaire may have them."""
    Question.objects.filter(code__in=codes).update(is_required=True)
    Questionnaire.objects.update(revision=F("revision") + 1)


class SurveyRoundFactory(factory.django.DjangoModelFactory):
    """A round that is open now, or the one before it or after it."""

    class Meta:
        model = SurveyRound

    class Params:
        closed = factory.Trait(
            fiscal_year=factory.LazyFunction(lambda: fiscal_year(today()) - 1),
            opens_at=factory.LazyFunction(lambda: days_from_now(-380)),
            deadline_at=factory.LazyFunction(lambda: days_from_now(-350)),
        )
        future = factory.Trait(
            fiscal_year=factory.LazyFunction(lambda: fiscal_year(today()) + 1),
            opens_at=factory.LazyFunction(lambda: days_from_now(350)),
            deadline_at=factory.LazyFunction(lambda: days_from_now(380)),
        )

    fiscal_year = factory.LazyFunction(lambda: fiscal_year(today()))
    questionnaire = factory.LazyFunction(questionnaire)
    opens_at = factory.LazyFunction(lambda: days_from_now(-10))
    deadline_at = factory.LazyFunction(lambda: days_from_now(10))
    reference_date = factory.LazyAttribute(lambda row: timezone.localdate(row.opens_at))


def days_from_now(days: int) -> datetime.datetime:
    """An instant."""
    return timezone.now() + datetime.timedelta(days=days)


def close(survey_round: SurveyRound) -> None:
    """End a round a minute ago."""
    survey_round.deadline_at = timezone.now() - datetime.timedelta(minutes=1)
    survey_round.save(update_fields=["deadline_at"])


def canary(mark: str, number: int) -> str:
    """The text that stands in every free-text answer of one part of the form with that mark."""
    return f"《{mark}-{number}》"


def field_name(field: str = "b1_07") -> str:
    """The name of the field of expertise that a form chose in part ③: its mark there."""
    part = asked(questionnaire()).part(3)
    question = next(question for question in part.questions if question.code.startswith(field))
    return question.skill.name


def full_answers(
    part,
    mark: str,
    *,
    listener: str = "supervisor",
    field: str = "b1_07",
    post=None,
    empty: bool = False,
) -> PostedAnswers:
    """Answers to one part: texts hold the part's canary, the first option is chosen, ③ has one field only."""
    posted = PostedAnswers()
    if empty:
        return posted
    for question in part.questions:
        if part.number == 3 and not question.code.startswith(field):
            continue
        if question.kind == Question.Kind.POST:
            if post is not None and not posted.posts:
                posted.posts[question.code] = post.pk
        elif question.kind == Question.Kind.CHOICES:
            posted.answers[question.code] = [question.options[0].value]
        elif question.is_text:
            posted.answers[question.code] = canary(mark, part.number)
        else:
            posted.answers[question.code] = question.options[0].value
    if part.listener_reads:
        posted.answers["listener"] = listener
    return posted


def save_parts(survey_round: SurveyRound, user, numbers=ALL_PARTS, *, mark: str, **answers) -> None:
    """Save the working copies of some parts over whatever is stored there."""
    for number in numbers:
        part = asked(survey_round.questionnaire).part(number)
        stored = HopeSurvey.objects.filter(round=survey_round, user=user).first()
        draft = stored.draft_parts.filter(part=part.pk).first() if stored else None
        services.save_draft_part(
            survey_round,
            part,
            full_answers(part, mark, **answers),
            version=draft.version if draft else 0,
            by=user,
        )


def submit(survey_round: SurveyRound, user):
    """Hand the working copy in."""
    survey = HopeSurvey.objects.get(round=survey_round, user=user)
    seen = services.fingerprint(survey.draft_parts.all())
    return services.submit_hope_survey(survey_round, seen=seen, by=user)


def hope_survey(
    survey_round: SurveyRound,
    user,
    state: str = "submitted",
    *,
    mark: str = "本文",
    numbers=ALL_PARTS,
    **answers,
) -> HopeSurvey:
    """A form in one of `STATES`. A correction holds the mark with 「訂正」, which nobody but its writer may read."""
    save_parts(survey_round, user, numbers, mark=mark, **answers)
    if state != "draft":
        submit(survey_round, user)
    if state == "correcting":
        services.open_correction(survey_round, by=user)
        save_parts(survey_round, user, numbers, mark=f"{mark}訂正", **answers)
    if state == "withdrawn":
        services.withdraw_hope_survey(survey_round, by=user)
    return HopeSurvey.objects.get(round=survey_round, user=user)


def choose_supervisor(survey_round: SurveyRound, user, number: int, *, reads: bool) -> None:
    """Have the writer decide about his supervisor."""
    part = asked(survey_round.questionnaire).part(number)
    reader_services.choose_supervisor_reader(survey_round, part, supervisor_reads=reads, by=user)
