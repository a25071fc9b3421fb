"""What the portal holds of a person's talks, as files for himself: records about him, and the memos that he wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from career_portal.common.own_data import OwnFile, json_file
from career_portal.staff.models import User
from interviews.models import ActionUpdate, AgreedAction, PrivateMemo, SharedRecord
from interviews.records.memo_services import open_memo
from interviews.records.pages import agreements_of, texts_of
from interviews.records.sealing import SealBroken

FOLDER = "面談"


def files(user: User) -> Iterator[OwnFile]:
    """The published records of the talks in which he was the interviewee, their actions, and his own memos."""
    yield json_file(
        f"{FOLDER}/面談記録.json",
        "あなたとの面談について公開された記録のすべての版と、あなたの返事。",
        _records(user),
    )
    yield json_file(
        f"{FOLDER}/合意事項.json", "あなたとの面談で決めたことと、その経過。", _actions(user)
    )
    about = "面談者としてあなたが書いたメモ。"
    try:
        yield json_file(f"{FOLDER}/面談者メモ.json", about, _memos(user))
    except SealBroken:
        yield OwnFile(f"{FOLDER}/面談者メモ.json", about, None)


def _records(user: User) -> list[dict[str, Any]]:
    mine = SharedRecord.objects.visible_to(user).filter(interview__interviewee=user)
    found = mine.select_related("template", "interview__interviewer", "interview__interviewee")
    found = found.prefetch_related("template__headings", "responses")
    return [
        {
            "面談の日時": record.interview.period.lower,
            "種類": record.interview.get_kind_display(),
            "面談者": record.interview.interviewer.display_name,
            "版": record.number,
            "公開": record.published_at,
            "内容": dict(texts_of(record)),
            "合意事項": agreements_of(record),
            "返事": [
                {"日時": each.at, "返事": each.get_answer_display(), "コメント": each.comment}
                for each in record.responses.all()
            ],
        }
        for record in found.order_by("interview__period", "number")
    ]


def _actions(user: User) -> list[dict[str, Any]]:
    mine = AgreedAction.objects.visible_to(user).filter(interview__interviewee=user)
    found = mine.select_related("interview__interviewer", "interview__interviewee")
    updates = ActionUpdate.objects.visible_to(user).select_related("by")
    found = found.prefetch_related(Prefetch("updates", updates))
    return [
        {
            "面談の日時": action.interview.period.lower,
            "内容": action.text,
            "だれが": action.owning_person.display_name,
            "いつまでに": action.due_on,
            "状態": action.get_status_display(),
            "どうなりましたか": action.outcome,
            "経過": [
                {
                    "日時": each.at,
                    "だれ": each.by.display_name,
                    "状態": each.get_status_display(),
                    "どうなりましたか": each.outcome,
                }
                for each in action.updates.all()
            ],
        }
        for action in found.order_by("interview__period", "number")
    ]


def _memos(user: User) -> list[dict[str, Any]]:
    """Raises SealBroken where one cannot be opened: a file without it would look whole."""
    memos = PrivateMemo.objects.visible_to(user).select_related("interview__interviewee")
    return [
        {
            "面談の日時": memo.interview.period.lower,
            "相手": memo.interview.interviewee.display_name,
            "保存": memo.saved_at,
            "メモ": open_memo(memo),
        }
        for memo in memos.order_by("interview__period")
    ]
