"""Deadlines that HR moved: in the open round for a section and for two people, last year for one form."""

from __future__ import annotations

import datetime
from random import Random

from django.db.models import Count, Exists, F, FloatField, OuterRef, Q
from django.db.models.functions import Cast

from career_portal.home.demonstration.seats import PERSONNEL_SECTION
from career_portal.home.demonstration.sign_ins import Officers
from career_portal.home.demonstration.survey_rows import RoundInUse
from career_portal.home.demonstration.timeline import Timeline
from career_portal.staff.models import Assignment, Section, User
from surveys.models import DeadlineExtension, HopeSurvey

Kind = DeadlineExtension.Kind

FOR_A_SECTION, FOR_A_PERSON = datetime.timedelta(days=5), datetime.timedelta(days=7)
SMALL_SECTION = 3
FOR_THE_DIET = "国会対応のため"
AFTER_LEAVE = "休業から復帰したばかりのため"
FOR_A_JOURNEY = "長期の出張のため"
AFTER_AN_ENQUIRY = "受付番号の照会により、本人の記入漏れを直すため"


def write_extensions(
    rounds: list[RoundInUse],
    timeline: Timeline,
    officers: Officers,
    reopened: int,
    random: Random,
) -> int:
    """Write all extensions, `reopened` being whose form of last year was opened again; gives who is back from leave."""
    now, last_year, reopening = rounds[-1], rounds[-2], timeline.reopening
    section = _section_behind(now, timeline.today)
    back, traveller = random.sample(_people_behind(now, section, timeline.today), 2)
    DeadlineExtension.objects.bulk_create(
        [
            DeadlineExtension(
                round_id=last_year.pk,
                kind=Kind.REOPENING,
                person_id=reopened,
                until=reopening.until,
                reason=AFTER_AN_ENQUIRY,
                granted_by_id=officers.first,
                granted_at=reopening.granted_at,
            ),
            _taken_back(now, traveller, officers, timeline),
            DeadlineExtension(
                round_id=now.pk,
                kind=Kind.SECTION,
                section=section,
                until=now.dates.deadline_at + FOR_A_SECTION,
                reason=FOR_THE_DIET,
                granted_by_id=officers.second,
                granted_at=timeline.workday(4, datetime.time(15, 20)),
            ),
            DeadlineExtension(
                round_id=now.pk,
                kind=Kind.PERSON,
                person_id=back,
                until=now.dates.deadline_at + FOR_A_PERSON,
                reason=AFTER_LEAVE,
                granted_by_id=officers.first,
                granted_at=timeline.workday(3, datetime.time(11, 40)),
            ),
        ]
    )
    return back


def _taken_back(
    round_: RoundInUse, person: int, officers: Officers, timeline: Timeline
) -> DeadlineExtension:
    return DeadlineExtension(
        round_id=round_.pk,
        kind=Kind.PERSON,
        person_id=person,
        until=round_.dates.deadline_at + FOR_A_PERSON,
        reason=FOR_A_JOURNEY,
        granted_by_id=officers.first,
        granted_at=timeline.workday(9, datetime.time(9, 50)),
        revoked_by_id=officers.second,
        revoked_at=timeline.workday(9, datetime.time(16, 10)),
    )


def _taken(round_: RoundInUse, person: str) -> Exists:
    forms = HopeSurvey.objects.taking_part().filter(round=round_.pk, user=OuterRef(person))
    return Exists(forms)


def _section_behind(round_: RoundInUse, day: datetime.date) -> Section:
    """The section of which the fewest have handed in; of several, the biggest."""
    rates = (
        Assignment.objects.on(day)
        .main()
        .filter(section__kind=Section.Kind.SECTION, user__state=User.State.ACTIVE)
        .exclude(section__code=PERSONNEL_SECTION)
        .values("section")
        .annotate(people=Count("pk"), taken=Count("pk", filter=Q(_taken(round_, "user"))))
        .filter(people__gte=SMALL_SECTION)
        .alias(rate=Cast(F("taken"), FloatField()) / F("people"))
        .order_by("rate", "-people", "section")
    )
    return Section.objects.get(pk=rates.values_list("section", flat=True)[0])


def _people_behind(round_: RoundInUse, section: Section, day: datetime.date) -> list[int]:
    """Members of other sections in service who have not handed in, no sign-in among them."""
    posts = (
        Assignment.objects.on(day)
        .main()
        .filter(position=Assignment.Position.MEMBER, user__state=User.State.ACTIVE)
        .exclude(section=section)
        .exclude(user__is_demonstration=True)
        .exclude(_taken(round_, "user"))
    )
    return list(posts.order_by("user").values_list("user", flat=True))
