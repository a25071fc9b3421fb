"""One working copy open in two windows: what differs, and the choice between both; nothing is merged without being asked.

As on the pages of the hope survey, the basis tells which fields somebody touched in this window: a checksum of each
answer that the page was made from.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping

from django.http import QueryDict

from interviews.records.asked import STORED_AT_MOST, Answers
from interviews.records.services import StaleSave
from surveys.windows import BOTH, HERE, STORED, Difference

JOINT = "\n\n"


def basis(codes: Iterable[str], answers: Mapping[str, str]) -> str:
    """A number for each field, the same as long as its answer is; 0 where it has none."""
    return ".".join(str(_checksum(answers.get(code, ""))) for code in codes)


def touched(codes: list[str], here: Mapping[str, str], made_from: str) -> set[str]:
    """The fields that differ from what the page was made from; all where it does not say."""
    before, now = made_from.split("."), basis(codes, here).split(".")
    if len(before) != len(now):
        return set(codes)
    return {code for code, old, new in zip(codes, before, now, strict=True) if old != new}


def chosen_answers(
    codes: list[str], here: Answers, stored: Mapping[str, str], data: QueryDict
) -> Answers:
    """What to store: the posted answers, with the stored ones in place or behind where that was chosen.

    Raises StaleSave where a choice would drop text that was typed after both had been shown.
    """
    edited = touched(codes, here, data.get("base", ""))
    result = dict(here)
    for code in codes:
        keep = data.get(f"keep-{code}")
        if keep == STORED:
            if code in edited:
                raise StaleSave
            result[code] = stored.get(code, "")
        elif keep == BOTH and _can_join(code, here, stored):
            result[code] = f"{here[code]}{JOINT}{stored[code]}"
    return {code: text for code, text in result.items() if text}


def differences(
    labels: Mapping[str, str],
    here: Answers,
    stored: Mapping[str, str],
    data: QueryDict,
    in_words: Callable[[str, str], str],
) -> list[Difference]:
    """Every field that this window answered otherwise than the stored copy does, in order."""
    changed = touched(list(labels), here, data.get("base", ""))
    found = []
    for code, label in labels.items():
        mine, theirs = here.get(code, ""), stored.get(code, "")
        if mine == theirs:
            continue
        can_join = _can_join(code, here, stored)
        found.append(
            Difference(
                code=code,
                label=label,
                here=in_words(code, mine),
                stored=in_words(code, theirs),
                chosen=_marked(data.get(f"keep-{code}"), code in changed, can_join),
                can_join=can_join,
                joint=JOINT,
                here_values=_values(mine),
                stored_values=_values(theirs),
            )
        )
    return found


def _checksum(answer: str) -> int:
    return zlib.crc32(answer.encode()) if answer else 0


def _can_join(code: str, here: Mapping[str, str], stored: Mapping[str, str]) -> bool:
    """Texts can be put one behind the other; days and people cannot."""
    if code.endswith(("_owner", "_due")):
        return False
    mine, theirs = here.get(code, ""), stored.get(code, "")
    fits = len(mine) + len(theirs) + len(JOINT) <= STORED_AT_MOST
    return bool(mine.strip() and theirs.strip()) and fits


def _marked(before: str | None, is_touched: bool, can_join: bool) -> str:
    """What was chosen before; else this window's answer, unless nobody touched it here."""
    if before == STORED and is_touched:
        return HERE
    if before in (HERE, STORED) or (before == BOTH and can_join):
        return before
    return HERE if is_touched else STORED


def _values(answer: str) -> str:
    return json.dumps([answer] if answer else [], ensure_ascii=False)
