"""What a sheet says, put together from released values and public facts; exact figures never come near it."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils import timezone

from career_portal.skills.models import Skill
from career_portal.staff.models import SectionSuccession
from postings.models import PostDescription
from postings.models.skills import PostSkill
from surveys.feedback_sheets.disclosure.spread import spread
from surveys.feedback_sheets.figures import (
    HIDDEN,
    Action,
    Asked,
    Figures,
    Kind,
    LastYear,
    Level,
    Measure,
    Offer,
    Released,
    Sheet,
    Spread,
    Unit,
)
from surveys.models import FeedbackRelease, FeedbackSheet, RoundUnit

RATE = ("", Measure.RESPONSE_RATE)


def assemble(sheet: FeedbackSheet) -> Sheet:
    """Everything that a unit's sheet says."""
    release, unit = sheet.release, sheet.unit
    survey_round = release.freeze.round
    questions = tuple(
        Asked(row.code, Kind(row.kind), row.text, row.short, row.skill_code)
        for row in release.freeze.questions.all()
    )
    bureau, ministry = _above(unit)
    own = _figures(release, unit)
    before = FeedbackRelease.released_in(survey_round.fiscal_year - 1)
    last = _same_unit(before, unit)
    sections = sections_of(unit)
    published = release.published_at
    return Sheet(
        fiscal_year=survey_round.fiscal_year,
        unit=_unit(unit),
        minimum=release.minimum,
        release_number=release.number,
        questions=questions,
        response=own.get(RATE, Released()),
        count_band=own.get(RATE, Released()).count_band,
        figures=own,
        bureau=_figures(release, bureau) if bureau else {},
        ministry=_figures(release, ministry) if ministry else {},
        spread=_spread(release),
        last_year=_last_year(release, unit, before, last),
        offers=_offers(sections),
        actions=_actions(before, last),
        skill_names=dict(Skill.objects.in_use().values_list("code", "name")),
        posts=PostDescription.objects.published().filter(section__in=sections).count(),
        bureau_before=_last_year(release, bureau, before, _same_unit(before, bureau)),
        ministry_before=_last_year(release, ministry, before, _same_unit(before, ministry)),
        wide_scale=_wide_scale(release),
        reference_date=survey_round.reference_date,
        published_on=timezone.localdate(published) if published else None,
    )


def _unit(unit: RoundUnit) -> Unit:
    return Unit(
        code=unit.code,
        level=Level(unit.level),
        name=unit.name,
        parent_name=unit.parent.name if unit.parent else "",
        members=tuple(unit.children.filter(is_member=True).values_list("name", flat=True)),
    )


def _above(unit: RoundUnit) -> tuple[RoundUnit | None, RoundUnit | None]:
    """The unit's bureau and its ministry; on their own sheets they are not above themselves."""
    above = unit.parent
    if above is not None and above.level == RoundUnit.Level.BUREAU:
        return above, above.parent
    return None, above


def _figures(release: FeedbackRelease, unit: RoundUnit) -> Figures:
    rows = release.figures.filter(unit=unit)
    return {
        (code, Measure(measure)): Released(value, band)
        for code, measure, value, band in rows.values_list(
            "question_code", "measure", "value", "count_band"
        )
    }


def _spread(release: FeedbackRelease) -> dict[tuple[str, Measure], Spread]:
    """Of every question the quartiles of all shown sections, the own one included (rule 9)."""
    shown = release.figures.filter(unit__level=RoundUnit.Level.SECTION).exclude(value=HIDDEN)
    counted = shown.values_list("question_code", "measure", "value").annotate(number=Count("pk"))
    values: dict[tuple[str, Measure], list[str]] = {}
    for code, measure, value, number in counted.order_by():
        values.setdefault((code, Measure(measure)), []).extend([value] * number)
    return {key: spread(key[1], found) for key, found in values.items()}


def _wide_scale(release: FeedbackRelease) -> bool:
    """Whether a mean of the release lies outside of 2.0 to 4.5."""
    means = release.figures.filter(measure=Measure.MEAN).exclude(value=HIDDEN)
    found = means.order_by().values_list("value", flat=True).distinct()
    return any(value[0] in "<>" or not 2.0 <= float(value) <= 4.5 for value in found)


def _same_unit(before: FeedbackRelease | None, unit: RoundUnit | None) -> RoundUnit | None:
    """The unit of the same level and code in last year's tree, if it had figures."""
    if before is None or unit is None:
        return None
    return before.freeze.units.with_figures().filter(level=unit.level, code=unit.code).first()


def _last_year(
    release: FeedbackRelease,
    unit: RoundUnit | None,
    before: FeedbackRelease | None,
    last: RoundUnit | None,
) -> LastYear | None:
    """What last year's release showed, and which questions cannot be compared: another wording or another unit (rule 10)."""
    if before is None or unit is None or last is None:
        return None
    then = {question.code: question for question in before.freeze.questions.all()}
    asked = {question.code: question for question in release.freeze.questions.all()}
    not_compared = {
        code
        for code, question in asked.items()
        if code not in then or not question.is_asked_like(then[code])
    }
    if not _is_same_unit(release, unit, before, last):
        not_compared = {"", *asked}
    return LastYear(_figures(before, last), frozenset(not_compared))


def _is_same_unit(
    release: FeedbackRelease, unit: RoundUnit, before: FeedbackRelease, last: RoundUnit
) -> bool:
    """Whether it is the same section: no other members, no split and no merger between the reference dates."""
    if unit.is_joint != last.is_joint or _members(unit) != _members(last):
        return False
    if unit.section is None or last.section is None:
        return True
    between = Q(
        effective_on__gt=before.freeze.round.reference_date,
        effective_on__lte=release.freeze.round.reference_date,
        kind__in=[SectionSuccession.Kind.SPLIT, SectionSuccession.Kind.MERGER],
    )
    came, went = unit.section.successions_in, last.section.successions_out
    return not (came.filter(between).exists() or went.filter(between).exists())


def _members(unit: RoundUnit) -> set[str]:
    return set(unit.children.filter(is_member=True).values_list("code", flat=True))


def _offers(sections: list[int]) -> tuple[Offer, ...]:
    """How many published posts of the sections offer each skill."""
    posts = PostDescription.objects.published().filter(
        section__in=sections, shown__skills__relation=PostSkill.Relation.GAINED
    )
    code, name = "shown__skills__skill__code", "shown__skills__skill__name"
    counted = posts.order_by().values_list(code, name).annotate(posts=Count("pk", distinct=True))
    return tuple(Offer(*row) for row in counted.order_by(code))


def sections_of(unit: RoundUnit) -> list[int]:
    """The sections of a unit, those within joint units included."""
    units = unit.freeze.units.filter(section__isnull=False)
    if unit.level == RoundUnit.Level.BUREAU:
        units = units.filter(Q(parent=unit) | Q(parent__parent=unit))
    elif unit.level == RoundUnit.Level.SECTION:
        units = units.filter(Q(pk=unit.pk) | Q(parent=unit))
    return list(units.values_list("section", flat=True))


def _actions(before: FeedbackRelease | None, last: RoundUnit | None) -> tuple[Action, ...]:
    """What the section recorded on last year's sheet."""
    sheet = before.sheets.filter(unit=last).first() if before and last else None
    if before is None or sheet is None:
        return ()
    short = dict(before.freeze.questions.values_list("code", "short"))
    return tuple(
        Action(row.text, short.get(row.question_code, ""), row.get_status_display())
        for row in sheet.actions.all()
    )
