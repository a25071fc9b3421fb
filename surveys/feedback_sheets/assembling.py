"""What a sheet says, put together from released values and public facts; exact figures never come near it."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils import timezone

from career_portal.skills.models import Skill
from career_portal.staff.models import SectionSuccession
from postings.models import PostDescription
from postings.models.skills import PostSkill
from surveys.feedback_sheets import shared
from surveys.feedback_sheets.figures import (
    Action,
    LastYear,
    Level,
    Measure,
    Offer,
    Released,
    Sheet,
    Unit,
)
from surveys.models import FeedbackRelease, FeedbackSheet, RoundUnit

RATE = ("", Measure.RESPONSE_RATE)


def assemble(sheet: FeedbackSheet) -> Sheet:
    """Everything that a unit's sheet says."""
    release, unit = sheet.release, sheet.unit
    survey_round = release.freeze.round
    bureau, ministry = _above(unit)
    own = shared.figures(release, unit)
    before = FeedbackRelease.released_in(survey_round.fiscal_year - 1)
    last = _same_unit(before, unit)
    sections = sections_of(unit)
    published = release.published_at
    return Sheet(
        fiscal_year=survey_round.fiscal_year,
        unit=_unit(unit),
        minimum=release.minimum,
        release_number=release.number,
        questions=shared.questions(release.freeze),
        response=own.get(RATE, Released()),
        count_band=own.get(RATE, Released()).count_band,
        figures=own,
        bureau=shared.figures(release, bureau) if bureau else {},
        ministry=shared.figures(release, ministry) if ministry else {},
        spread=shared.spread(release),
        last_year=_last_year(release, unit, before, last),
        offers=_offers(sections),
        actions=_actions(before, last),
        skill_names=dict(Skill.objects.in_use().values_list("code", "name")),
        posts=PostDescription.objects.published().filter(section__in=sections).count(),
        bureau_before=_last_year(release, bureau, before, _same_unit(before, bureau)),
        ministry_before=_last_year(release, ministry, before, _same_unit(before, ministry)),
        wide_scale=shared.wide_scale(release),
        reference_date=survey_round.reference_date,
        published_on=timezone.localdate(published) if published else None,
    )


def _unit(unit: RoundUnit) -> Unit:
    return Unit(
        code=unit.code,
        level=Level(unit.level),
        name=unit.name,
        parent_name=unit.parent.name if unit.parent else "",
        members=tuple(_members(unit, "name")),
    )


def _above(unit: RoundUnit) -> tuple[RoundUnit | None, RoundUnit | None]:
    """The unit's bureau and its ministry; on their own sheets they are not above themselves."""
    above = unit.parent
    if above is not None and above.level == RoundUnit.Level.BUREAU:
        return above, above.parent
    return None, above


def _same_unit(before: FeedbackRelease | None, unit: RoundUnit | None) -> RoundUnit | None:
    """The unit of the same level and code in last year's tree, if it had figures."""
    if before is None or unit is None:
        return None
    return shared.same_unit(before.freeze, unit.level, unit.code)


def _last_year(
    release: FeedbackRelease,
    unit: RoundUnit | None,
    before: FeedbackRelease | None,
    last: RoundUnit | None,
) -> LastYear | None:
    """What last year's release showed, and which questions cannot be compared: another wording or another unit (rule 10)."""
    if before is None or unit is None or last is None:
        return None
    not_compared = shared.not_comparable(release.freeze, before.freeze)
    if not _is_same_unit(release, unit, before, last):
        asked = shared.questions(release.freeze)
        not_compared = frozenset({"", *(question.code for question in asked)})
    return LastYear(shared.figures(before, last), not_compared)


def _is_same_unit(
    release: FeedbackRelease, unit: RoundUnit, before: FeedbackRelease, last: RoundUnit
) -> bool:
    """Whether it is the same section: no other members, no split and no merger between the reference dates."""
    members, members_then = (set(_members(each, "code")) for each in (unit, last))
    if unit.is_joint != last.is_joint or members != members_then:
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


def _members(unit: RoundUnit, field: str) -> list[str]:
    """The names or codes of the sections of a joint unit; no other has members."""
    if not unit.is_joint:
        return []
    return list(unit.children.filter(is_member=True).values_list(field, flat=True))


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
    if sheet is None:
        return ()
    return tuple(
        Action(row.text, row.question_code, row.status, row.driver) for row in sheet.actions.all()
    )
