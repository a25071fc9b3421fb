"""Frozen rounds with exact figures, their releases, and sheets as a worker leaves them."""

from __future__ import annotations

import datetime
import hashlib
import io
from dataclasses import dataclass, field

import pypdf
from django.utils import timezone

from career_portal.common.clock import fiscal_year, today
from career_portal.staff.models import Bureau, Section, User
from career_portal.staff.roles import Role
from surveys import services
from surveys.asked import asked
from surveys.feedback_sheets import making_services, preparing_services, publish_services, storing
from surveys.models import (
    FeedbackRelease,
    FeedbackSheet,
    FrozenFigure,
    HopeSurvey,
    RoundFreeze,
    RoundMember,
    RoundQuestion,
    RoundUnit,
    Submission,
    SurveyRound,
)
from tests.factories.staff import BureauFactory, RoleGrantFactory, SectionFactory, UserFactory
from tests.factories.surveys import (
    SurveyRoundFactory,
    close,
    days_from_now,
    full_answers,
    hope_survey,
    submit,
)

QUESTIONS = (("growth_felt", "reflection"), ("a1", "competency"), ("b1_01_wish", "wish"))


def _blank_page() -> bytes:
    content = io.BytesIO()
    document = pypdf.PdfWriter()
    document.add_blank_page(595, 842)
    document.write(content)
    return content.getvalue()


BLANK = _blank_page()


def feedback_admin() -> User:
    """Somebody who makes releases."""
    return RoleGrantFactory(role=Role.FEEDBACK_ADMIN).user


def closed_round(year: int | None = None) -> SurveyRound:
    """A round that was closed."""
    year = year or fiscal_year(today())
    return SurveyRoundFactory(
        fiscal_year=year,
        reference_date=datetime.date(year, 10, 1),
        opens_at=days_from_now(-40),
        deadline_at=days_from_now(-10),
        closed_at=days_from_now(-9),
    )


@dataclass
class Ministry:
    """A frozen round: the ministry, its bureaus, and their sections by name."""

    freeze: RoundFreeze
    units: dict[str, RoundUnit] = field(default_factory=dict)
    bureaus: dict[str, Bureau] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)

    @property
    def round(self) -> SurveyRound:
        """Its round."""
        return self.freeze.round


def freeze(
    tree: dict[str, dict[str, int]],
    survey_round: SurveyRound | None = None,
    *,
    like: Ministry | None = None,
    questions=QUESTIONS,
    number: int = 1,
) -> Ministry:
    """A frozen round of these answers by bureau and section; `like` takes the units of another freeze of that name."""
    survey_round = survey_round or closed_round()
    frozen = RoundFreeze.objects.create(
        round=survey_round, number=number, reason="" if number == 1 else "集計の誤り"
    )
    made = Ministry(frozen)
    made.bureaus = dict(like.bureaus) if like else {}
    made.sections = dict(like.sections) if like else {}
    asked = [
        RoundQuestion.objects.create(
            freeze=frozen, code=code, kind=kind, text=code, wording="1", sort_order=order
        )
        for order, (code, kind) in enumerate(questions)
    ]
    counts = {name: sum(sections.values()) for name, sections in tree.items()}
    top = _unit(made, "省全体", "ministry", "M", None, sum(counts.values()), asked)
    for bureau_name, sections in tree.items():
        bureau = made.bureaus.get(bureau_name) or BureauFactory(name=bureau_name)
        made.bureaus[bureau_name] = bureau
        above = _unit(
            made, bureau_name, "bureau", bureau.code, top, counts[bureau_name], asked, bureau=bureau
        )
        for name, answers in sections.items():
            section = made.sections.get(name) or SectionFactory(name=name, bureau=bureau)
            made.sections[name] = section
            _unit(made, name, "section", section.code, above, answers, asked, section=section)
    return made


def _unit(made, name, level, code, parent, answers, questions, **where) -> RoundUnit:
    unit = RoundUnit.objects.create(
        freeze=made.freeze,
        level=level,
        code=code,
        name=name,
        parent=parent,
        headcount=answers + 2,
        sort_order=len(made.units),
        **where,
    )
    made.units[name] = unit
    FrozenFigure.objects.bulk_create(_figure(unit, question, answers) for question in questions)
    return unit


def _figure(unit, question, answers):
    exact = {
        "reflection": {"favourable": answers - answers // 3, "neutral": answers // 3},
        "competency": {"points": answers * 3},
        "wish": {"wishes": answers // 2},
    }
    return FrozenFigure(unit=unit, question=question, answers=answers, **exact[question.kind])


def joint(made: Ministry, name: str, *members: str) -> RoundUnit:
    """Put sections of the frozen tree, which lose their figures, below a joint unit that has these."""
    units = [made.units[member] for member in members]
    bureau = units[0].parent
    answers = units[0].figures.first().answers
    whole = _unit(made, name, "section", f"J{made.freeze.pk}", bureau, answers, [])
    whole.is_joint = True
    whole.save()
    for question in made.freeze.questions.all():
        FrozenFigure.objects.create(
            **{
                each.attname: getattr(_figure(whole, question, answers), each.attname)
                for each in FrozenFigure._meta.concrete_fields
                if not each.primary_key
            }
        )
    for unit in units:
        unit.parent, unit.is_member = whole, True
        unit.save()
    return whole


def answered(made: Ministry, unit: str, *people: User, submission=None) -> None:
    """Who was counted where."""
    RoundMember.objects.bulk_create(
        RoundMember(freeze=made.freeze, unit=made.units[unit], user=person, submission=submission)
        for person in people
    )


def two_versions(survey_round: SurveyRound, person: User) -> tuple[Submission, Submission]:
    """What somebody handed in of part ① in an open round, and the version in which he answered its scales otherwise."""
    before = hope_survey(survey_round, person, numbers=[1]).current_submission
    part = asked(survey_round.questionnaire).part(1)
    services.open_correction(survey_round, by=person)
    answers = full_answers(part, "別の答え")
    for question in part.questions:
        if question.kind == "scale":
            answers.answers[question.code] = question.options[-1].value
    draft = HopeSurvey.objects.get(round=survey_round, user=person).draft_parts.get(part=part.pk)
    services.save_draft_part(survey_round, part, answers, version=draft.version, by=person)
    submit(survey_round, person)
    return before, HopeSurvey.objects.get(round=survey_round, user=person).current_submission


def end(survey_round: SurveyRound) -> SurveyRound:
    """End an open round and close it."""
    close(survey_round)
    survey_round.closed_at = timezone.now()
    survey_round.save(update_fields=["closed_at"])
    return survey_round


def refused_correction(by: User | None = None) -> Ministry:
    """A published release, and after it another freeze, in which one person's answer changed: the audit refuses it."""
    survey_round = SurveyRoundFactory()
    person = UserFactory()
    before, after = two_versions(survey_round, person)
    made = freeze(SMALL, end(survey_round))
    answered(made, "総務課", person, submission=before)
    published(made, by)
    again = freeze(SMALL, survey_round, like=made, number=2)
    answered(again, "総務課", person, submission=after)
    return again


TINY = {"大臣官房": {"総務課": 30}}
SMALL = {"大臣官房": {"秘書課": 20, "総務課": 30}}
WIDE = {
    "大臣官房": {"秘書課": 20, "総務課": 30, "会計課": 4},
    "商務情報政策局": {"総務課（商）": 25, "情報経済課": 15},
}


def release(made: Ministry, by: User | None = None) -> FeedbackRelease:
    """A release whose sheets wait for workers."""
    return preparing_services.start_release(made.freeze, by=by or feedback_admin())


def make_all(found: FeedbackRelease) -> FeedbackRelease:
    """Make every waiting sheet, as workers do."""
    for pk in making_services.sheets_to_make(found.pk):
        making_services.make_sheet(pk)
    found.refresh_from_db()
    return found


def finished(found: FeedbackRelease, *, but_for: str = "") -> FeedbackRelease:
    """A release as workers leave it, for tests that only need one: the file of every sheet is a blank page.

    `but_for` names a unit whose sheet still waits.
    """
    for sheet in found.sheets.exclude(state=FeedbackSheet.State.DONE).exclude(unit__name=but_for):
        sheet.attempts += 1
        sheet.file = f"feedback/{found.pk}/{sheet.pk}-{sheet.attempts}.pdf"
        sheet.digest, sheet.size = hashlib.sha256(BLANK).hexdigest(), len(BLANK)
        sheet.state, sheet.made_at = FeedbackSheet.State.DONE, timezone.now()
        storing.put(sheet.file, BLANK)
        sheet.save()
    making_services.finish_release(found)
    found.refresh_from_db()
    return found


def published(made: Ministry, by: User | None = None) -> FeedbackRelease:
    """A published release."""
    by = by or feedback_admin()
    return publish_services.publish_release(finished(release(made, by)), by=by)


def opened(found: FeedbackRelease, opens_on=None) -> FeedbackRelease:
    """A release that is published, as it is from that day on (by default today)."""
    FeedbackRelease.objects.filter(pk=finished(found).pk).update(
        published_at=timezone.now(), opens_on=opens_on or today(), published_by=found.started_by
    )
    found.refresh_from_db()
    return found
