"""The gap map: wishes to grow across, what the unit's posts offer down; names of skills in the cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from surveys.feedback_sheets.figures import Asked, Kind, Level, Measure, Released, Sheet
from surveys.feedback_sheets.words import WISH_WORDS, clip, wish_step

ROWS = (("どのポスト", "にもない"), ("一部の", "ポスト"), ("半数以上の", "ポスト"))
# Much wished, little offered: the fields that the sheet asks to talk about, as row and column.
TO_TALK_ABOUT = frozenset({(0, 2), (0, 3), (1, 3)})
# How many lines of names the page holds before they must stand in a row; a line holds so many signs.
MOST_LINES, MANY_LINES, LINE_SIGNS = 17, 15, 9
LONGEST_NAME = 26


@dataclass(frozen=True)
class Wish:
    """A skill with its released wish; `step` is its band, `offered` its row, `beside` ▲ or ▽ against others."""

    asked: Asked
    name: str
    group: str
    step: int
    offered: int
    beside: str

    @property
    def parts(self) -> list[str]:
        """The name in pieces that are not torn apart: after each ・, and nothing wider than a line."""
        pieces = re.findall("[^・]*・|[^・]+", self.name)
        return [
            piece[start : start + LINE_SIGNS]
            for piece in pieces
            for start in range(0, len(piece), LINE_SIGNS)
        ]


@dataclass(frozen=True)
class Field:
    """One cell of the map."""

    band: str
    wishes: tuple[Wish, ...]
    is_to_talk_about: bool


@dataclass(frozen=True)
class GapMap:
    """The map in rows; `hidden` are the skills that are not shown; `lines` is how high it stands on paper."""

    rows: tuple[tuple[tuple[str, ...], tuple[Field, ...]], ...]
    hidden: tuple[str, ...]
    lines: int
    beside: str
    wishes: tuple[Wish, ...] = field(default_factory=tuple)

    @property
    def is_asked(self) -> bool:
        """Whether the year asked for wishes."""
        return bool(self.wishes or self.hidden)

    @property
    def is_dense(self) -> bool:
        """Whether the names must stand close."""
        return self.lines > MOST_LINES

    @property
    def is_full(self) -> bool:
        """Whether there is little room below."""
        return self.lines > MANY_LINES

    @property
    def bands(self) -> tuple[str, ...]:
        """The heads of the columns."""
        return WISH_WORDS

    @property
    def to_talk_about(self) -> list[Wish]:
        """Wishes in the marked fields, the strongest first."""
        marked = [wish for wish in self.wishes if (wish.offered, wish.step) in TO_TALK_ABOUT]
        return sorted(marked, key=lambda wish: (-wish.step, wish.offered))


def name_of(asked: Asked, names: Mapping[str, str], limit: int = LONGEST_NAME) -> str:
    """A short name of a question on one line."""
    return clip(names.get(asked.skill, "") or asked.short or asked.text, limit)


def gap_map(sheet: Sheet) -> GapMap:
    """The map of a sheet, in the order of the questionnaire."""
    asked = [question for question in sheet.questions if question.kind is Kind.WISH]
    shown, hidden = [], []
    for question in asked:
        released = _wish_of(sheet.figures, question)
        if released.is_shown:
            shown.append(_placed(sheet, question, released))
        else:
            hidden.append(name_of(question, sheet.skill_names))
    rows = tuple(
        (
            name,
            tuple(
                Field(
                    WISH_WORDS[step],
                    tuple(w for w in shown if (w.offered, w.step) == (row, step)),
                    (row, step) in TO_TALK_ABOUT,
                )
                for step in range(4)
            ),
        )
        for row, name in enumerate(ROWS)
    )
    beside = "前年" if sheet.unit.level is Level.MINISTRY else "省全体"
    lines = sum(max(map(_lines, fields)) for _, fields in rows) + _lines_of_hidden(hidden)
    return GapMap(rows, tuple(hidden), lines, beside, tuple(shown))


def _wish_of(figures: Mapping[tuple[str, Measure], Released], asked: Asked) -> Released:
    return figures.get((asked.code, Measure.WISH_SHARE), Released())


def _placed(sheet: Sheet, asked: Asked, released: Released) -> Wish:
    step = wish_step(released.value)
    return Wish(
        asked,
        name_of(asked, sheet.skill_names),
        asked.skill.partition("-")[0],
        step,
        _offered(sheet, asked.skill),
        _beside(sheet, asked, step),
    )


def _offered(sheet: Sheet, skill: str) -> int:
    """The row of a skill: in no post, in some, in half of them or more."""
    posts = sum(offer.posts for offer in sheet.offers if offer.skill == skill)
    whole = max([sheet.posts, *(offer.posts for offer in sheet.offers)], default=0)
    return 0 if not posts else 2 if posts * 2 >= whole else 1


def _beside(sheet: Sheet, asked: Asked, step: int) -> str:
    """▲ where the band is a step or more above the ministry's, on the ministry's own sheet above last year's."""
    if sheet.unit.level is Level.MINISTRY:
        before = sheet.last_year
        if before is None or asked.code in before.not_compared:
            return ""
        other = _wish_of(before.figures, asked)
    else:
        other = _wish_of(sheet.ministry, asked)
    if not other.is_shown:
        return ""
    return "▲" if step > wish_step(other.value) else "▽" if step < wish_step(other.value) else ""


def _lines(one: Field) -> int:
    lines = sum(_lines_of(wish) for wish in one.wishes)
    return max(lines + one.is_to_talk_about, 4)


def _lines_of(wish: Wish) -> int:
    """How many lines a name takes, put together of its pieces."""
    lines, room = 1, LINE_SIGNS
    for piece in [*wish.parts, wish.beside]:
        if len(piece) > room:
            lines, room = lines + 1, LINE_SIGNS
        room -= len(piece)
    return lines


def _lines_of_hidden(names: Sequence[str]) -> int:
    return max(sum(len(name) + 1 for name in names) // 40 - 1, 0)
