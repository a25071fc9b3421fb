"""Writing and reading private memos, and sealing them anew when the key changes."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from career_portal.common.errors import RuleViolation
from career_portal.staff.models import User
from interviews import permissions
from interviews.models import Interview, PrivateMemo
from interviews.records.sealing import SealBroken, Sealed, seal, sealing_key, unseal
from interviews.records.services import SavedDraft, StaleSave

AT_ONCE = 100


class NotTheAuthor(RuleViolation):
    """Somebody else wants to write, or the talk was called off."""

    sentence = "この面談のメモは書けません。"


class MemoLocked(RuleViolation):
    """The memo that is there cannot be opened; nothing may be written over it."""

    sentence = (
        "書かれているメモを、いま開けません。メモは消えていません。"
        "上書きもできません。システム管理の担当者に連絡してください。"
    )


@dataclass(frozen=True)
class Rotation:
    """What became of a rotation: memos sealed anew, and the numbers of those that could not be opened."""

    resealed: int
    broken: tuple[int, ...]


def open_memo(memo: PrivateMemo) -> str:
    """The text of a memo. Raises SealBroken."""
    sealed = Sealed(memo.key_name, bytes(memo.nonce), bytes(memo.sealed))
    return unseal(sealed, interview=memo.interview_id, author=memo.author_id)


@transaction.atomic
def save_memo(interview: Interview, text: str, *, version: int, by: User) -> SavedDraft:
    """Store the memo, if `version` is the one that the page was made from; the same again changes nothing.

    Raises NotTheAuthor, MemoLocked or StaleSave; then nothing is stored.
    """
    held = Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
    if not permissions.can_write_record(by, held):
        raise NotTheAuthor
    memo = PrivateMemo.objects.filter(interview=held, author=by).first()
    stored = "" if memo is None else _opened(memo)
    if memo is not None and memo.version == version + 1 and stored == text:
        return SavedDraft(memo.version, memo.saved_at)
    if version != (memo.version if memo else 0):
        raise StaleSave
    memo = memo or PrivateMemo(interview=held, author=by)
    _put(memo, text)
    memo.version, memo.saved_at = version + 1, timezone.now()
    memo.save()
    return SavedDraft(memo.version, memo.saved_at)


def reseal_memos() -> Rotation:
    """Seal every memo with the first key of the ring; those that cannot be opened stay as they are."""
    broken: list[int] = []
    resealed, last = 0, 0
    while True:
        with transaction.atomic():
            others = PrivateMemo.objects.exclude(key_name=sealing_key()).filter(pk__gt=last)
            memos = list(others.select_for_update().order_by("pk")[:AT_ONCE])
            if not memos:
                return Rotation(resealed, tuple(broken))
            for memo in memos:
                try:
                    text = open_memo(memo)
                except SealBroken:
                    broken.append(memo.pk)
                    continue
                _put(memo, text)
                memo.save(update_fields=["key_name", "nonce", "sealed"])
                resealed += 1
            last = memos[-1].pk


def _opened(memo: PrivateMemo) -> str:
    try:
        return open_memo(memo)
    except SealBroken as error:
        raise MemoLocked from error


def _put(memo: PrivateMemo, text: str) -> None:
    sealed = seal(text, interview=memo.interview_id, author=memo.author_id)
    memo.key_name, memo.nonce, memo.sealed = sealed.key_name, sealed.nonce, sealed.sealed
