"""What the portal holds about a person's hope surveys, as files for himself: answers in words and as they are stored.

Everything is read in a fixed number of statements, however many years and versions there are, and only rows that name the
person as their writer: what he reads as supervisor, HR or mentor is not his.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Q

from career_portal.audit.history import change_in_words, changes
from career_portal.common.clock import today
from career_portal.common.era import fiscal_year_full
from career_portal.common.own_data import OwnFile, json_file
from career_portal.common.pdf import PdfUnavailable
from career_portal.staff.models import User
from surveys.answers import Answers, post_in_words
from surveys.asked import AskedPart, asked
from surveys.copies import copy_as_pdf, copy_name, copy_of, post_on_cover
from surveys.models import (
    DeadlineExtension,
    DraftPart,
    DraftPostWish,
    ExportedForm,
    HopeSurvey,
    MentorRelease,
    ReaderChoice,
    Reminder,
    Submission,
    SubmittedPart,
)
from surveys.submitted import shown_parts
from surveys.working_copy import spoken

FOLDER = "希望調書"

Row = TypeVar("Row")
Entry = dict[str, Any]
# By question code: the post's id, and how it reads.
Wishes = Mapping[str, tuple[int, str]]


def files(user: User) -> Iterator[OwnFile]:
    """A folder for each year with the form and the copies of its versions; deadlines, reminders and exports."""
    forms = _OwnForms(user)
    for survey in forms.surveys:
        year = survey.round.fiscal_year
        yield json_file(
            f"{FOLDER}/{year}年度/希望調書.json",
            f"{fiscal_year_full(year)}の下書き、提出したすべての版、読む人の選択、状態が変わった履歴。",
            forms.form(survey),
        )
        yield from _copies(forms, survey)
    yield json_file(
        f"{FOLDER}/締切の延長.json",
        "あなたの締切を延ばしたり、調書をもう一度書けるようにしたりした手続きと、その理由。",
        _extensions(user),
    )
    yield json_file(
        f"{FOLDER}/提出のお知らせ.json", "提出をお願いするメールを送った日。", _reminders(user)
    )
    yield json_file(
        f"{FOLDER}/ファイルへの出力.json",
        "あなたの調書が入ったファイルを、人事がいつ、何のためにつくったか。",
        _exports(user),
    )


def _copies(forms: _OwnForms, survey: HopeSurvey) -> Iterator[OwnFile]:
    for submission in forms.submissions.get(survey.pk, []):
        year, number = survey.round.fiscal_year, submission.number
        copy = copy_of(
            submission,
            shown_parts(forms.parts.get(submission.pk, [])),
            {row.part_id: row.supervisor_reads for row in forms.choices.get(survey.pk, [])},
            {row.part_id for row in forms.releases.get(survey.pk, [])},
        )
        try:
            pdf = copy_as_pdf(copy, person=forms.user, post=forms.post)
        except PdfUnavailable:
            pdf = None
        about = f"{fiscal_year_full(year)}に提出した第{number}版の控え。"
        yield OwnFile(f"{FOLDER}/{year}年度/{copy_name(year, number)}", about, pdf)


def _grouped(rows: Iterable[Row], key: Callable[[Row], int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


@dataclass(frozen=True)
class _OwnForms:
    """All forms of one person; rows by the id of their form, submitted parts by the id of their version."""

    user: User

    @cached_property
    def surveys(self) -> list[HopeSurvey]:
        own = HopeSurvey.objects.visible_to(self.user).filter(user=self.user)
        return list(own.select_related("round__questionnaire").order_by("-round__fiscal_year"))

    @cached_property
    def drafts(self) -> dict[int, list[DraftPart]]:
        own = DraftPart.objects.visible_to(self.user).filter(survey__user=self.user)
        return _grouped(own.order_by("part__number"), lambda row: row.survey_id)

    @cached_property
    def draft_wishes(self) -> dict[int, list[DraftPostWish]]:
        own = DraftPostWish.objects.visible_to(self.user).filter(survey__user=self.user)
        return _grouped(
            own.select_related("post__section__bureau", "post__shown"), lambda row: row.survey_id
        )

    @cached_property
    def choices(self) -> dict[int, list[ReaderChoice]]:
        own = ReaderChoice.objects.visible_to(self.user).filter(survey__user=self.user)
        return _grouped(own.order_by("part__number"), lambda row: row.survey_id)

    @cached_property
    def releases(self) -> dict[int, list[MentorRelease]]:
        own = MentorRelease.objects.visible_to(self.user).filter(survey__user=self.user)
        rows = own.select_related("mentor").order_by("part__number")
        return _grouped(rows, lambda row: row.survey_id)

    @cached_property
    def submissions(self) -> dict[int, list[Submission]]:
        own = Submission.objects.own(self.user).select_related("survey__round")
        return _grouped(own.order_by("number"), lambda row: row.survey_id)

    @cached_property
    def parts(self) -> dict[int, list[SubmittedPart]]:
        own = SubmittedPart.objects.own(self.user).select_related("part__questionnaire")
        return _grouped(own.with_post_titles(), lambda row: row.submission_id)

    @cached_property
    def post(self) -> Any:
        return post_on_cover(self.user)

    @cached_property
    def history(self) -> dict[int, list[Entry]]:
        """What changed in each form and when: its state, its versions, the writer's decisions about readers."""
        found: dict[int, list[Entry]] = defaultdict(list)
        for event in changes(HopeSurvey, user=self.user.pk):
            facts = {"状態": event.get_state_display(), "訂正中": event.is_correcting}
            found[event.id].append(change_in_words(event) | {"対象": "調書"} | facts)
        for event in changes(Submission, survey__user=self.user.pk):
            found[event.survey_id].append(
                change_in_words(event) | {"対象": "提出した版"} | _receipt(event)
            )
        whose = {"survey__user": self.user.pk}
        for events, what, words in (
            (changes(ReaderChoice, **whose), "上司が読むかどうか", self._choice),
            (
                changes(MentorRelease, **whose).select_related("mentor"),
                "メンターへの開示",
                self._release,
            ),
        ):
            for event in events:
                entry = change_in_words(event) | {"対象": what} | words(event)
                found[event.survey_id].append(entry)
        return {
            key: sorted(entries, key=lambda entry: entry["日時"]) for key, entries in found.items()
        }

    @cached_property
    def asked_parts(self) -> dict[int, AskedPart]:
        """The parts of all questionnaires that were asked, by id."""
        questionnaires = [survey.round.questionnaire for survey in self.surveys]
        return {part.pk: part for each in questionnaires for part in asked(each).parts}

    def form(self, survey: HopeSurvey) -> Entry:
        """One form."""
        survey_round = survey.round
        return {
            "年度": survey_round.fiscal_year,
            "開始": survey_round.opens_at,
            "締切（延長の前）": survey_round.deadline_at,
            "状態": survey.get_state_display(),
            "訂正中": survey.is_correcting,
            "書きはじめた日時": survey.created_at,
            "下書き": self._draft(survey),
            "提出した版": [
                self._version(survey, row) for row in self.submissions.get(survey.pk, [])
            ],
            "上司が読むかどうかの選択": [
                self._choice(row) for row in self.choices.get(survey.pk, [])
            ],
            "メンターへの開示": [self._release(row) for row in self.releases.get(survey.pk, [])],
            "履歴": self.history.get(survey.pk, []),
        }

    def _draft(self, survey: HopeSurvey) -> list[Entry]:
        wishes = {
            wish.question_code: (wish.post_id, post_in_words(wish.post))
            for wish in self.draft_wishes.get(survey.pk, [])
        }
        return [
            {
                **self._part(row.part_id),
                "保存した日時": row.saved_at,
                "保存した回数": row.version,
                "回答": _answers(self.asked_parts[row.part_id], row.answers, wishes),
            }
            for row in self.drafts.get(survey.pk, [])
        ]

    def _version(self, survey: HopeSurvey, submission: Submission) -> Entry:
        rows = sorted(
            self.parts.get(submission.pk, []), key=lambda row: self.asked_parts[row.part_id].number
        )
        return {
            **_receipt(submission),
            "提出した日時": submission.submitted_at,
            "いま有効": submission.pk == survey.current_submission_id,
            "パート": [
                {
                    **self._part(row.part_id),
                    "回答": _answers(self.asked_parts[row.part_id], row.answers, _wishes(row)),
                }
                for row in rows
            ],
        }

    def _part(self, pk: int) -> Entry:
        part = self.asked_parts[pk]
        return {"パート": part.name, "コード": part.code}

    def _choice(self, row: Any) -> Entry:
        return self._part(row.part_id) | {"上司が読む": row.supervisor_reads}

    def _release(self, row: Any) -> Entry:
        mentor = {"メンター": row.mentor.display_name, "開示した日時": row.released_at}
        return self._part(row.part_id) | mentor


def _receipt(row: Any) -> Entry:
    """A version, or what a change left of it."""
    return {
        "版": row.number,
        "受付番号": row.receipt_number,
        "取り下げた日時": row.withdrawn_at,
    }


def _wishes(row: SubmittedPart) -> Wishes:
    return {wish["code"]: (wish["post"], wish["title"]) for wish in row.post_title_rows}


def _answers(part: AskedPart, answers: Answers, wishes: Wishes) -> list[Entry]:
    """What was answered: the question with its code, the answer as stored and in words."""
    words = spoken(part, answers, {code: title for code, (_, title) in wishes.items()})
    stored: dict[str, object] = {**answers, **{code: pk for code, (pk, _) in wishes.items()}}
    return [
        {
            "コード": question.code,
            **({"スキル": question.skill.name} if question.skill else {}),
            "設問": question.label,
            "値": stored[question.code],
            "ことば": words.get(question.code, ""),
        }
        for question in part.questions
        if question.code in stored
    ]


def _extensions(user: User) -> list[Entry]:
    """Deadlines moved for him by name, and those moved for all or for a section of his."""
    seen = DeadlineExtension.objects.visible_to(user)
    concerned = Q(person=user) | Q(pk__in=seen.applying_to(user, today()).values("pk"))
    rows = seen.filter(concerned).select_related(
        "round", "section__bureau", "granted_by", "revoked_by"
    )
    return [
        {
            "年度": row.round.fiscal_year,
            "対象": row.get_kind_display(),
            "課室": row.section.full_name if row.section else None,
            "いつまで": row.until,
            "理由": row.reason,
            "認めた人": row.granted_by.display_name,
            "認めた日時": row.granted_at,
            "取り消した人": row.revoked_by.display_name if row.revoked_by else None,
            "取り消した日時": row.revoked_at,
        }
        for row in rows
    ]


def _reminders(user: User) -> list[Entry]:
    own = Reminder.objects.visible_to(user).filter(person=user)
    return [
        {
            "年度": row.run.round.fiscal_year,
            "日": row.sent_on,
            "締切までの日数": row.run.days_left,
            "人事のひとこと": row.run.note,
        }
        for row in own.select_related("run__round").order_by("-sent_on")
    ]


def _exports(user: User) -> list[Entry]:
    own = ExportedForm.objects.visible_to(user).filter(submission__survey__user=user)
    rows = own.select_related(
        "submission__survey__round", "export__requested_by", "export__decided_by"
    )
    return [
        {
            "年度": row.submission.survey.round.fiscal_year,
            "版": row.submission.number,
            "依頼した人": row.export.requested_by.display_name,
            "依頼した日時": row.export.requested_at,
            "目的": row.export.purpose,
            "形式": row.export.get_format_display(),
            "状態": row.export.get_state_display(),
            "判断した人": row.export.decided_by.display_name if row.export.decided_by else None,
            "判断した日時": row.export.decided_at,
            "できた日時": row.export.ready_at,
            "受け取った回数": row.export.downloads,
        }
        for row in rows.order_by("-export__requested_at", "-pk")
    ]
