"""Places, links and reasons as they may stand in mails and calendars: readable, and on one line where a header would break."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from career_portal.common.errors import RuleViolation
from career_portal.common.text import UnreadableText, readable

PLACE_BREAKS = "場所は、改行や制御文字を入れずに1行で入力してください。"
LINK_IS_NONE = "オンラインのリンクは、http:// か https:// で始まるアドレスを1行で入力してください。"


class NotToBeSent(RuleViolation):
    """What was typed cannot stand in a mail or a calendar; the sentence says why."""


def is_one_line(text: str) -> bool:
    """Whether a text is empty, or one readable line in the eyes of every mail and calendar program."""
    try:
        return readable(text).splitlines() in ([], [text])
    except UnreadableText:
        return False


def refuse_unsendable(*, place: str = "", online_link: str = "", reason: str = "") -> None:
    """Raises NotToBeSent where a place or a link has a line break, a link leads nowhere, or a reason cannot be read."""
    if not is_one_line(place):
        raise NotToBeSent(PLACE_BREAKS)
    try:
        if online_link:
            URLValidator(schemes=["http", "https"])(online_link)
    except ValidationError as error:
        raise NotToBeSent(LINK_IS_NONE) from error
    try:
        readable(reason)
    except UnreadableText as error:
        raise NotToBeSent(error.sentence) from error
