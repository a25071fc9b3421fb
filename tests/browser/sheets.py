"""Feedback sheets for a served portal, made in a process of the portal's own.

The small ministry has sections of the demonstration, so that its people read their sheets. Every function takes the
fiscal year that it uses, and says by name where its pages are.
"""

import json
import sys

import pgtrigger
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.staff.models import Assignment, Section, User
from surveys.feedback_sheets import (
    action_services,
    making_services,
    reading_services,
)
from surveys.feedback_sheets.action_services import Draft
from surveys.models import FeedbackRelease, RoundQuestion, SheetDownload
from tests.factories import feedback
from tests.factories.surveys import SurveyRoundFactory, days_from_now
from tests.surveys.feedback import samples

HEAD, NEIGHBOUR = "joushi", "mentor"


def say(what, year):
    """Make what one of the functions below makes, and write what it says."""
    sys.stdout.write(json.dumps(globals()[what](year)))


def published(year):
    """A published release that is open to all, with actions and readers."""
    made, own, joined = _ministry(year)
    release = feedback.opened(feedback.release(made, _person("shukei")))
    sheets = release.sheets.all()
    sheet = sheets.get(unit__section=own)
    drafts = [
        Draft("月に一度、15分ずつ話す", "career_talk", "under_way", "総括班"),
        Draft("朝会をやめる"),
    ]
    action_services.record_actions(sheet, drafts, by=_person(HEAD))
    for username in (HEAD, "shokuin"):
        reading_services.record_opening(sheet, by=_person(username))
    for kind in (SheetDownload.Kind.ALL, SheetDownload.Kind.CERTIFICATE):
        reading_services.record_download(release, kind, by=_person("shukei"))
    return {
        "published": year,
        "sheet": sheet.pk,
        "joint": sheets.get(unit=joined).pk,
        "bureau_sheet": sheets.get(unit__bureau=own.bureau).pk,
        "ministry_sheet": sheets.get(unit__level="ministry").pk,
        "hidden": sheets.get(unit__headcount__lt=10).pk,
    }


def running(year):
    """A release of which one sheet is there, one is being made and one has failed."""
    made, *_ = _ministry(year)
    release = feedback.release(made, _person("shukei"))
    first, second, third, *_ = release.sheets.order_by("unit__sort_order")
    making_services.make_sheet(first.pk)
    others = release.sheets.model.objects
    others.filter(pk=second.pk).update(
        state="failed", attempts=3, problem="PDFをつくれませんでした（MemoryError）"
    )
    others.filter(pk=third.pk).update(state="working", attempts=1, heartbeat_at=timezone.now())
    return {"running": year}


def frozen(year):
    """A closed round whose figures are fixed and that has no release yet."""
    made, own, _ = _ministry(year)
    return {"section": own.pk, "sheets": made.freeze.units.with_figures().count()}


def coming(year):
    """A round that has not begun, without a plan."""
    SurveyRoundFactory(fiscal_year=year, opens_at=days_from_now(20), deadline_at=days_from_now(50))
    return {"coming": year}


def a_day_later(year):
    """The staff's day of a published release has come."""
    with pgtrigger.ignore("surveys.FeedbackRelease:published_release_stays"):
        releases = FeedbackRelease.objects.published().filter(freeze__round__fiscal_year=year)
        assert releases.update(opens_on=today()) == 1
    return {}


def _person(username):
    return User.objects.get(username=username)


def _ministry(year):
    """A frozen round with the real questions: sections of two bureaus, one with too few answers, a joint unit."""
    own, far = _section(HEAD), _section(NEIGHBOUR)
    few, many, joined = own.bureau.sections.filter(valid_until=None).exclude(pk=own.pk)[:3]
    if far.bureau == own.bureau:
        far = _elsewhere(own.bureau)
    sections = {each.name: each for each in (own, few, many, joined, far)}
    asked = {each.code: each for each in samples.questions()}
    made = feedback.freeze(
        {
            own.bureau.name: {own.name: 24, few.name: 4, many.name: 35, joined.name: 16},
            far.bureau.name: {far.name: 26},
        },
        feedback.closed_round(year),
        like=feedback.Ministry(
            None, bureaus={each.bureau.name: each.bureau for each in (own, far)}, sections=sections
        ),
        questions=[(code, each.kind.value) for code, each in asked.items()],
    )
    rows = list(made.freeze.questions.all())
    for row in rows:
        one = asked[row.code]
        row.text, row.short, row.skill_code = one.text, one.short, one.skill
    RoundQuestion.objects.bulk_update(rows, ["text", "short", "skill_code"])
    return made, own, feedback.joint(made, f"{joined.name}ほか", joined.name)


def _section(username):
    return Assignment.objects.on(today()).main().get(user__username=username).section


def _elsewhere(bureau):
    others = Section.objects.exclude(bureau=bureau).filter(valid_until=None)
    return others.order_by("pk").first()
