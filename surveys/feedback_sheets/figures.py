"""Figures as they are released: rounded, banded, or hidden. Nothing more exact ever reaches a page, a sheet or a file.

A value is the text that the released file holds: 「35」, 「<5」, 「3.4」, 「20-39」, or 「－」 where it is hidden. Shares are
in per cent, means on the scale from 1 to 5. Rules are those of disclosure, by their number.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# One mark, whatever the reason (rule 7).
HIDDEN = "－"
HIDDEN_IN_WORDS = "表示していません"


class Level(StrEnum):
    """A level of the tree of units."""

    MINISTRY = "ministry"
    BUREAU = "bureau"
    SECTION = "section"


class Kind(StrEnum):
    """In which form a question is released: bands, a mean, or the band of a share; never two of them (rule 6)."""

    REFLECTION = "reflection"
    COMPETENCY = "competency"
    WISH = "wish"


class Measure(StrEnum):
    """What a released value says."""

    FAVOURABLE = "favourable"
    NEUTRAL = "neutral"
    UNFAVOURABLE = "unfavourable"
    MEAN = "mean"
    WISH_SHARE = "wish_share"
    RESPONSE_RATE = "response_rate"


MEASURES: Mapping[Kind, tuple[Measure, ...]] = {
    Kind.REFLECTION: (Measure.FAVOURABLE, Measure.NEUTRAL, Measure.UNFAVOURABLE),
    Kind.COMPETENCY: (Measure.MEAN,),
    Kind.WISH: (Measure.WISH_SHARE,),
}


@dataclass(frozen=True)
class Released:
    """One released value with the band of the number of answers; hidden ones differ in nothing."""

    value: str = HIDDEN
    count_band: str = HIDDEN

    @property
    def is_shown(self) -> bool:
        """Whether there is a value."""
        return self.value != HIDDEN


@dataclass(frozen=True)
class Asked:
    """A question of the round as it was asked: its code, how it is released, its wording, a short name, its skill."""

    code: str
    kind: Kind
    text: str
    short: str = ""
    skill: str = ""


@dataclass(frozen=True)
class Spread:
    """Quartiles of all shown sections of a release, the same on every sheet (rule 9); nothing from fewer than five."""

    low: str = HIDDEN
    median: str = HIDDEN
    high: str = HIDDEN


@dataclass(frozen=True)
class Unit:
    """A unit of the frozen tree. `members` are the sections of a joint unit (「〇〇課ほか」)."""

    code: str
    level: Level
    name: str
    parent_name: str = ""
    members: tuple[str, ...] = ()


Figures = Mapping[tuple[str, Measure], Released]


@dataclass(frozen=True)
class LastYear:
    """The figures that last year's release showed, and the questions that cannot be compared (rule 10)."""

    figures: Figures
    not_compared: frozenset[str]


@dataclass(frozen=True)
class Action:
    """An improvement action that the section recorded on last year's sheet."""

    text: str
    question: str
    status: str
    driver: str = ""


@dataclass(frozen=True)
class Offer:
    """How many published posts of the unit offer a skill (gained)."""

    skill: str
    name: str
    posts: int


@dataclass(frozen=True)
class Sheet:
    """Everything that a feedback sheet says, on paper and on screen: released values and public facts alone.

    `bureau` and `ministry` are the same questions one and two levels up (empty on those levels' own sheets). `spread` is
    by question and measure. `response` is the response rate, `count_band` the band of answers of the unit. `posts` is how
    many published posts the unit has; `bureau_before` and `ministry_before` are last year's figures of the levels above;
    with `wide_scale` all means of the release are drawn from 1 to 5, as one of them lies outside of 2.0 to 4.5.
    """

    fiscal_year: int
    unit: Unit
    minimum: int
    release_number: int
    questions: tuple[Asked, ...]
    response: Released
    count_band: str
    figures: Figures
    bureau: Figures
    ministry: Figures
    spread: Mapping[tuple[str, Measure], Spread]
    last_year: LastYear | None
    offers: tuple[Offer, ...]
    actions: tuple[Action, ...] = ()
    skill_names: Mapping[str, str] = field(default_factory=dict)
    posts: int = 0
    bureau_before: LastYear | None = None
    ministry_before: LastYear | None = None
    wide_scale: bool = False
    reference_date: datetime.date | None = None
    published_on: datetime.date | None = None
