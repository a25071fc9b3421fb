"""Who has taken part, as a workbook: names and yes or no, nothing of what was written."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO

from django.db.models import Exists, OuterRef
from django.utils import timezone

from career_portal.common.era import fiscal_year_full, moment
from career_portal.common.spreadsheets import Column, Sheet, Value, write_workbook
from career_portal.staff.models import Assignment, User
from career_portal.staff.models.grants import sections_in_hr_scope
from surveys.models import HopeSurvey, SurveyRound
from surveys.running.participation import day_of, expected_posts

COLUMNS = [
    Column("局・庁", 28),
    Column("課室", 32),
    Column("職員番号", 14),
    Column("氏名", 20),
    Column("職名", 28),
    Column("提出", 10),
]


def participation_sheet(survey_round: SurveyRound, *, viewer: User) -> IO[bytes]:
    """The workbook, at its beginning, of everybody expected in the viewer's HR scope."""
    # Six short cells a person: half a megabyte for the whole ministry.
    target = io.BytesIO()
    made = moment(timezone.now())
    write_workbook(
        target,
        [Sheet("提出の状況", COLUMNS, _rows(survey_round, viewer))],
        facts=[
            ("内容", f"{fiscal_year_full(survey_round.fiscal_year)} 希望調書の提出の有無"),
            ("作成", f"{made}　{viewer.display_name}"),
            ("取扱い", "機密性2情報。督促のほかには使わないでください。"),
        ],
    )
    target.seek(0)
    return target


def _rows(survey_round: SurveyRound, viewer: User) -> Iterator[list[Value]]:
    taken = HopeSurvey.objects.taking_part().filter(round=survey_round, user=OuterRef("user"))
    scope = sections_in_hr_scope(viewer, day_of(survey_round)).select_related("bureau")
    sections = {section.pk: section for section in scope}
    posts = (
        expected_posts(survey_round, Assignment.objects.visible_to(viewer))
        .filter(section__in=sections)
        .annotate(has_taken_part=Exists(taken))
        .order_by(
            "section__bureau__sort_order",
            "section__sort_order",
            "section__code",
            "user__family_name_kana",
            "user__given_name_kana",
        )
        .values_list(
            "section",
            "user__staff_number",
            "user__family_name",
            "user__given_name",
            "post_title",
            "has_taken_part",
        )
    )
    for section, number, family, given, title, has_taken_part in posts.iterator():
        yield [
            sections[section].bureau.name,
            sections[section].name_in_bureau,
            number,
            f"{family} {given}",
            title,
            "提出済み" if has_taken_part else "未提出",
        ]
