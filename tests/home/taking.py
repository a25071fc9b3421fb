"""What a person gets who takes his own data along, and all that can be kept about one."""

import io
import json
import zipfile

from axes.models import AccessLog
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from career_portal.audit.models import AccessEvent
from surveys.models import DeadlineExtension, ExportedForm, FormExport, Reminder, ReminderRun
from tests.factories.surveys import days_from_now

ADDRESS = "/me/data/download/"
ALWAYS = {
    "README.txt",
    "アカウント.json",
    "在職と役割.json",
    "サインイン.json",
    "ポスト/保存したポスト.json",
    "ポスト/新着を見た日.json",
    "希望調書/締切の延長.json",
    "希望調書/提出のお知らせ.json",
    "希望調書/ファイルへの出力.json",
    "面談/面談記録.json",
    "面談/面談者メモ.json",
    "面談/合意事項.json",
    "自分の記録を読んだ人.json",
}


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def taken(person):
    """The files that the person gets, by name."""
    answer = browser(person).post(ADDRESS)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def of_year(files, survey_round):
    """The form of one year, out of the files."""
    return json.loads(files[f"希望調書/{survey_round.fiscal_year}年度/希望調書.json"])


def loaded(files, name):
    return json.loads(files[f"{name}.json"])


def answers(parts, key="値"):
    """Answers by question code."""
    return {each["コード"]: each[key] for part in parts for each in part["回答"]}


def copy_name(year, number):
    return f"希望調書/{year}年度/希望調書の控え_{year}年度_第{number}版.pdf"


def concern(person, survey_round, officer, submission, words):
    """Have HR extend, remind and export, and somebody read: what is kept about a person besides his form."""
    DeadlineExtension.objects.create(
        round=survey_round,
        kind=DeadlineExtension.Kind.PERSON,
        person=person,
        until=days_from_now(20),
        reason=f"{words}・延長",
        granted_by=officer,
    )
    run = ReminderRun.objects.create(
        round=survey_round, started_by=officer, note=f"{words}・お知らせ"
    )
    Reminder.objects.create(run=run, person=person, sent_on=timezone.localdate())
    export = FormExport.objects.create(
        round=survey_round,
        format=FormExport.Format.XLSX,
        purpose=f"{words}・目的",
        people=1,
        state=FormExport.State.QUEUED,
        requested_by=officer,
    )
    ExportedForm.objects.create(export=export, submission=submission)
    AccessEvent.objects.create(
        reader_id=officer.pk,
        reader_name=officer.display_name,
        capacity="人事当局",
        subject_id=person.pk,
        object_kind="hope_survey",
        object_id=submission.pk,
        part="reflection",
    )
    AccessLog.objects.create(
        username=person.username,
        ip_address="192.0.2.7",
        user_agent=f"{words}・ブラウザー",
        path_info="/",
        http_accept="",
    )


def words_of(files):
    """All that can be read in the files: texts, and pages of PDFs without their line breaks."""
    found = []
    for name, content in files.items():
        if name.endswith(".pdf"):
            reader = PdfReader(io.BytesIO(content))
            found.append("".join("".join(page.extract_text() for page in reader.pages).split()))
        else:
            found.append(content.decode())
    return "\n".join([*files, *found])
