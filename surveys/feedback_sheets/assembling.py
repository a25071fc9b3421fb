"""What a sheet says, put together from released values and public facts; exact figures never come near it."""

from __future__ import annotations

from django.db.models import Count, Q

from career_portal.skills.models import Skill
from career_portal.staff.models import SectionSuccession
from postings.models import PostDescription
from postings.models.skills import PostSkill
from surveys.feedback_sheets import engine
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
    questions = tuple(
        Asked(row.code, Kind(row.kind), row.text, row.short, row.skill_code)
        for row in release.freeze.questions.all()
    )
    bureau, ministry = _above(unit)
    own = _figures(release, unit)
    last = _last_sheet(sheet)
    return Sheet(
        fiscal_year=release.freeze.round.fiscal_year,
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
        last_year=_last_year(sheet, last) if last else None,
        offers=_offers(unit),
        actions=_actions(last) if last else (),
        skill_names=dict(Skill.objects.in_use().values_list("code", "name")),
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
    if unit.level == RoundUnit.Level.SECTION and unit.parent is not None:
        return unit.parent, unit.parent.parent
    return None, unit.parent


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
    return {key: engine.spread(key[1], found) for key, found in values.items()}


def _last_sheet(sheet: FeedbackSheet) -> FeedbackSheet | None:
    """The sheet of the unit in last year's last published release, by level and code."""
    year = sheet.release.freeze.round.fiscal_year - 1
    before = FeedbackRelease.published_in(year)
    if before is None:
        return None
    same = before.sheets.filter(unit__code=sheet.unit.code, unit__level=sheet.unit.level)
    return same.select_related("release__freeze__round", "unit").first()


def _last_year(sheet: FeedbackSheet, last: FeedbackSheet) -> LastYear:
    """What last year's release showed, and which questions cannot be compared: another wording or another unit (rule 10)."""
    questions = sheet.release.freeze.questions.values_list("code", "wording")
    before = dict(last.release.freeze.questions.values_list("code", "wording"))
    other_wording = {code for code, wording in questions if before.get(code) != wording}
    everything = {code for code, _ in questions} | {""}
    not_compared = other_wording if _is_same_unit(sheet, last) else everything
    return LastYear(_figures(last.release, last.unit), frozenset(not_compared))


def _is_same_unit(sheet: FeedbackSheet, last: FeedbackSheet) -> bool:
    """Whether the same people would be in it: no other members, no split and no merger between the reference dates."""
    now, before = sheet.unit, last.unit
    if now.is_joint != before.is_joint or _members(now) != _members(before):
        return False
    if now.section is None or before.section is None:
        return True
    between = Q(
        effective_on__gt=last.release.freeze.round.reference_date,
        effective_on__lte=sheet.release.freeze.round.reference_date,
        kind__in=[SectionSuccession.Kind.SPLIT, SectionSuccession.Kind.MERGER],
    )
    came, went = now.section.successions_in, before.section.successions_out
    return not (came.filter(between).exists() or went.filter(between).exists())


def _members(unit: RoundUnit) -> set[str]:
    return set(unit.children.filter(is_member=True).values_list("code", flat=True))


def _offers(unit: RoundUnit) -> tuple[Offer, ...]:
    """How many published posts of the unit's sections offer each skill."""
    posts = PostDescription.objects.published().filter(
        section__in=sections_of(unit), shown__skills__relation=PostSkill.Relation.GAINED
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


def _actions(last: FeedbackSheet) -> tuple[Action, ...]:
    short = dict(last.release.freeze.questions.values_list("code", "short"))
    return tuple(
        Action(row.text, short.get(row.question_code, ""), row.get_status_display())
        for row in last.actions.all()
    )
