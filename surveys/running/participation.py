"""Who has taken part in a round: yes or no, by bureau, by section and by name. Answers are never looked at.

Expected is whoever is in service and holds a main post; people on leave are not counted while the round runs. Of a closed
round everybody counts who held a main post when it was closed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.staff.models import Assignment, Section, User
from career_portal.staff.models.assignments import AssignmentQuerySet
from career_portal.staff.models.grants import sections_in_hr_scope
from surveys.models import HopeSurvey, Submission, SurveyRound

State = User.State
KEPT_SECONDS = 60


@dataclass(frozen=True)
class Participation:
    """How many of the expected have taken part, now and a year ago at the same distance from the deadline."""

    expected: int
    taken: int
    expected_before: int = 0
    taken_before: int = 0

    def __add__(self, other: Participation) -> Participation:
        """Both units together."""
        return Participation(
            self.expected + other.expected,
            self.taken + other.taken,
            self.expected_before + other.expected_before,
            self.taken_before + other.taken_before,
        )

    @property
    def missing(self) -> int:
        """How many have not taken part yet."""
        return self.expected - self.taken

    @property
    def rate(self) -> int:
        """The share that has taken part, in per cent, rounded down, so that 100 means everybody."""
        return self.taken * 100 // self.expected if self.expected else 0

    @property
    def rate_before(self) -> int | None:
        """The share a year ago, in per cent; None where the unit did not exist then."""
        return self.taken_before * 100 // self.expected_before if self.expected_before else None


NOBODY = Participation(0, 0)


@dataclass(frozen=True)
class UnitParticipation:
    """A section with its own figures, or a bureau with its sections."""

    pk: int
    code: str
    name: str
    sections: list[UnitParticipation]
    own: Participation = NOBODY

    @cached_property
    def figures(self) -> Participation:
        """Of the unit with everything in it."""
        return sum((section.figures for section in self.sections), self.own)


@dataclass(frozen=True)
class PersonParticipation:
    """One member of a section."""

    person: User
    post_title: str
    has_taken_part: bool
    is_on_leave: bool


def day_of(survey_round: SurveyRound) -> datetime.date:
    """The day (JST) whose organisation a round is followed by: today, of a closed round the day of closing."""
    return timezone.localdate(survey_round.closed_at) if survey_round.closed_at else today()


def expected_posts(survey_round: SurveyRound, posts: AssignmentQuerySet) -> AssignmentQuerySet:
    """Of posts held, the main ones of everybody who is expected to take part."""
    held = posts.on(day_of(survey_round)).main()
    return held if survey_round.closed_at else held.filter(user__state=State.ACTIVE)


def participation_by_bureau(survey_round: SurveyRound, *, viewer: User) -> list[UnitParticipation]:
    """The bureaus and sections in the viewer's HR scope, in the order of the organisation."""
    taken = HopeSurvey.objects.taking_part().filter(round=survey_round).values("user")
    sections = sections_in_hr_scope(viewer, day_of(survey_round)).select_related("bureau")
    rows = (
        expected_posts(survey_round, Assignment.objects.visible_to(viewer))
        .filter(section__in=sections.values("pk"))
        .values("section")
        .annotate(expected=Count("pk"), taken=Count("pk", filter=Q(user__in=taken)))
        .values_list("section", "expected", "taken")
    )
    now = {section: (expected, taken) for section, expected, taken in rows}
    before = _a_year_ago(survey_round, viewer)
    bureaus: dict[int, UnitParticipation] = {}
    for section in sections:
        # A section without people has nobody to follow.
        if section.pk not in now:
            continue
        unit = section.bureau
        bureau = bureaus.setdefault(unit.pk, UnitParticipation(unit.pk, unit.code, unit.name, []))
        figures = Participation(*now[section.pk], *before.get(section.code, (0, 0)))
        name = section.name_in_bureau
        bureau.sections.append(UnitParticipation(section.pk, section.code, name, [], figures))
    return list(bureaus.values())


def total(units: Iterable[UnitParticipation]) -> Participation:
    """All units together."""
    return sum((unit.figures for unit in units), NOBODY)


def _a_year_ago(survey_round: SurveyRound, viewer: User) -> dict[str, tuple[int, int]]:
    """Expected and taken part by section code in the round before, as long before its deadline as now before this one's.

    Who was on leave then is not known: everybody counts who had a main post on that round's reference date.
    """
    rounds = SurveyRound.objects.visible_to(viewer).filter(fiscal_year=survey_round.fiscal_year - 1)
    before = rounds.first()
    if before is None:
        return {}
    # What was in force then does not change any more: each minute it is counted once, for everybody who looks.
    distance = survey_round.deadline_at - timezone.now()
    then = (before.deadline_at - distance).replace(second=0, microsecond=0)
    key = f"participation-{before.pk}-{then.timestamp():.0f}"
    found: dict[str, tuple[int, int]] | None = cache.get(key)
    if found is None:
        found = _counted_at(before, then, viewer)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _counted_at(
    before: SurveyRound, then: datetime.datetime, viewer: User
) -> dict[str, tuple[int, int]]:
    handed_in = Submission.objects.in_force_at(then).filter(survey__round=before)
    rows = (
        Assignment.objects.visible_to(viewer)
        .on(before.reference_date)
        .main()
        .values("section__code")
        .annotate(
            expected=Count("pk"),
            taken=Count("pk", filter=Q(user__in=handed_in.values("survey__user"))),
        )
    )
    return {row["section__code"]: (row["expected"], row["taken"]) for row in rows}


def people_of_section(
    survey_round: SurveyRound, section: Section, *, viewer: User
) -> list[PersonParticipation]:
    """The members of a section by name, each with whether he has taken part; those on leave last."""
    taken = set(
        HopeSurvey.objects.taking_part()
        .filter(round=survey_round, user__assignments__section=section)
        .values_list("user", flat=True)
    )
    posts = (
        Assignment.objects.visible_to(viewer)
        .on(day_of(survey_round))
        .main()
        .filter(section=section)
        .exclude(user__state=State.ENDED)
        .select_related("user")
        .order_by("user__family_name_kana", "user__given_name_kana", "pk")
    )
    people = [
        PersonParticipation(
            person=post.user,
            post_title=post.post_title,
            has_taken_part=post.user_id in taken,
            is_on_leave=post.user.state == State.ON_LEAVE,
        )
        for post in posts
    ]
    return sorted(people, key=lambda one: one.is_on_leave)
