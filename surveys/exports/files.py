"""The files of exports: one row per form, one column per question that HR reads, written in little memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone

from career_portal.common.clock import today
from career_portal.common.era import fiscal_year_full, moment
from career_portal.common.spreadsheets import Column, Sheet, Value, write_csv, write_workbook
from career_portal.staff.models import Assignment
from surveys.answers import in_words
from surveys.asked import AskedPart, AskedQuestion, AskedQuestionnaire, asked
from surveys.models import FormExport, Submission, SubmittedPart
from surveys.models.exports import PEOPLE_WITHOUT_APPROVAL
from surveys.reading_filters import FormFilters

FORMS_AT_ONCE = 250
ABOUT_PEOPLE = [
    Column("出力番号", 10),
    Column("年度", 8),
    Column("職員番号", 12),
    Column("氏名", 18),
    Column("局・庁", 24),
    Column("課室", 28),
    Column("職名", 24),
    Column("職層", 12),
    Column("受付番号", 18),
    Column("提出日時", 18),
]


def write_file(export: FormExport, *, on_progress: Callable[[int], None]) -> None:
    """Write the file of an order into the storage under its name: whole, or not at all.

    `on_progress` is told now and then how many forms are written.
    """
    questionnaire = asked(export.round.questionnaire)
    columns = [
        *ABOUT_PEOPLE,
        *(_column(part, question) for part, question in _asked(questionnaire)),
    ]
    rows = _rows(export, questionnaire, on_progress)
    with tempfile.TemporaryFile() as target:
        if export.format == FormExport.Format.XLSX:
            sheet = Sheet("提出された調書", columns, rows)
            write_workbook(target, [sheet], facts=_facts(export))
        else:
            write_csv(target, [column.title for column in columns], rows)
        target.seek(0)
        _store(export.file, target)


def _store(name: str, content: IO[bytes]) -> None:
    stored = default_storage.save(name, File(content))
    if stored != name:
        default_storage.delete(stored)
        raise FileExistsError(name)


def _asked(questionnaire: AskedQuestionnaire) -> Iterator[tuple[AskedPart, AskedQuestion]]:
    for part in questionnaire.parts:
        if part.hr_reads or part.listener_reads:
            yield from ((part, question) for question in part.questions)


def _column(part: AskedPart, question: AskedQuestion) -> Column:
    name = question.label if question.skill else question.summary_label
    return Column(f"{part.mark} {name}", 40 if question.is_text else 20)


def _facts(export: FormExport) -> list[tuple[str, Value]]:
    conditions = FormFilters.from_query(export.filters).in_words()
    approval = f"要しません（{PEOPLE_WITHOUT_APPROVAL}人以下）"
    if export.decided_by is not None and export.decided_at is not None:
        approval = f"{export.decided_by.display_name}　{moment(export.decided_at)}"
    return [
        ("出力番号", export.pk),
        ("内容", f"{fiscal_year_full(export.round.fiscal_year)} 希望調書（人事が読める部分）"),
        ("出力した人", export.requested_by.display_name),
        ("依頼した日時", export.requested_at),
        ("目的", export.purpose),
        ("条件", "、".join(conditions) or "担当範囲のすべて"),
        ("人数", export.people),
        ("承認", approval),
        ("作成した日時", timezone.now()),
        ("受け取れる期間", f"できてから{settings.EXPORT_KEPT_HOURS}時間"),
        ("格付", "機密性2情報"),
        (
            "取扱い",
            "目的のほかに使わず、用が済んだら消してください。だれの何を出力したかは、本人に表示されます。",
        ),
    ]


def _rows(
    export: FormExport, questionnaire: AskedQuestionnaire, on_progress: Callable[[int], None]
) -> Iterator[list[Value]]:
    person = "submission__survey__user__"
    order = (f"{person}family_name_kana", f"{person}given_name_kana", f"{person}staff_number")
    forms = iter(list(export.forms.order_by(*order).values_list("submission", flat=True)))
    done = 0
    while some := list(islice(forms, FORMS_AT_ONCE)):
        yield from _some_rows(export, questionnaire, some)
        done += len(some)
        on_progress(done)


def _some_rows(
    export: FormExport, questionnaire: AskedQuestionnaire, forms: Sequence[int]
) -> Iterator[list[Value]]:
    """The rows of some forms, in their order; one that was replaced or taken back since has none."""
    by = export.requested_by
    submissions = (
        Submission.objects.visible_to(by)
        .in_hr_scope_of(by)
        .select_related("survey__user")
        .in_bulk(forms)
    )
    readable = (
        SubmittedPart.objects.visible_to(by)
        .read_as_hr(by)
        .filter(submission__in=forms)
        .with_post_titles()
    )
    parts: dict[int, dict[int, SubmittedPart]] = {}
    for row in readable:
        parts.setdefault(row.submission_id, {})[row.part_id] = row
    writers = [found.survey.user_id for found in submissions.values()]
    posts = Assignment.objects.visible_to(by).main_posts(writers, today())
    for form in forms:
        if submission := submissions.get(form):
            # Of somebody who kept everything from HR it is known that he took part.
            answers = _answers(questionnaire, parts.get(form, {}))
            yield [*_person(export, submission, posts), *answers]


def _person(
    export: FormExport, submission: Submission, posts: dict[int, Assignment]
) -> list[Value]:
    person = submission.survey.user
    post = posts.get(person.pk)
    place: list[Value] = ["", "", "", ""]
    if post is not None:
        unit = post.section
        place = [
            unit.bureau.name,
            unit.name_in_bureau,
            post.post_title,
            post.get_grade_display(),
        ]
    return [
        export.pk,
        export.round.fiscal_year,
        person.staff_number,
        person.display_name,
        *place,
        submission.receipt_number,
        submission.submitted_at,
    ]


def _answers(questionnaire: AskedQuestionnaire, parts: dict[int, SubmittedPart]) -> Iterator[Value]:
    for part, question in _asked(questionnaire):
        row = parts.get(part.pk)
        yield in_words(question, row.answers, row.post_titles) if row else ""
