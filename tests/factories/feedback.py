"""Frozen rounds with exact figures, their releases, and sheets as a worker leaves them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from unittest.mock import patch

from django.utils import timezone

from career_portal.common.clock import fiscal_year, today
from career_portal.staff.models import Bureau, Section, User
from career_portal.staff.roles import Role
from surveys.feedback_sheets import engine, making_services, preparing_services, publish_services
from surveys.feedback_sheets.figures import Sheet
from surveys.models import (
    FeedbackRelease,
    FrozenFigure,
    RoundFreeze,
    RoundMember,
    RoundQuestion,
    RoundUnit,
    SurveyRound,
)
from tests.factories.staff import BureauFactory, RoleGrantFactory, SectionFactory
from tests.factories.surveys import SurveyRoundFactory, days_from_now

QUESTIONS = (("growth_felt", "reflection"), ("a1", "competency"), ("b1_01_wish", "wish"))

DRAW = engine.render_sheet


def fake_pdf(sheet: Sheet) -> bytes:
    """What stands for the PDF of a sheet: drawing real ones takes a second each."""
    return f"%PDF-1.7 {sheet.unit.name}".encode()


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


SMALL = {"大臣官房": {"秘書課": 20, "総務課": 30}}
WIDE = {
    "大臣官房": {"秘書課": 20, "総務課": 30, "会計課": 4},
    "商務情報政策局": {"総務課（商）": 25, "情報経済課": 15},
}


def release(made: Ministry, by: User | None = None) -> FeedbackRelease:
    """A release whose sheets wait for workers."""
    return preparing_services.start_release(made.freeze, by=by or feedback_admin())


def make_all(found: FeedbackRelease) -> FeedbackRelease:
    """As workers do, with PDFs in name only unless a test has another way to draw them."""
    is_real = engine.render_sheet is DRAW
    with patch.object(engine, "render_sheet", fake_pdf if is_real else engine.render_sheet):
        for pk in making_services.sheets_to_make(found.pk):
            making_services.make_sheet(pk)
    found.refresh_from_db()
    return found


def published(made: Ministry, by: User | None = None) -> FeedbackRelease:
    """A published release."""
    by = by or feedback_admin()
    return publish_services.publish_release(make_all(release(made, by)), by=by)


def opened(found: FeedbackRelease, opens_on=None) -> FeedbackRelease:
    """A release that is published, as it is from that day on (by default today)."""
    FeedbackRelease.objects.filter(pk=make_all(found).pk).update(
        published_at=timezone.now(), opens_on=opens_on or today(), published_by=found.started_by
    )
    found.refresh_from_db()
    return found
