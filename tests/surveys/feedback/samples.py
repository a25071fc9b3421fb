"""Invented sheets: every figure in them is made up."""

import csv
import datetime
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

from surveys.feedback_sheets.figures import (
    MEASURES,
    Action,
    Asked,
    Kind,
    LastYear,
    Level,
    Measure,
    Offer,
    Released,
    Sheet,
    Spread,
    Unit,
)

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
ITEMS = (
    "growth_felt",
    "meaning_felt",
    "valued_felt",
    "mission_sympathy",
    "career_talk",
    "future_picture",
)
OWN = ("70 20 10", "85 10 <5", "55 30 15", "75 20 5", "70 20 10", "35 35 30")
OWN_BEFORE = ("65 20 15", "80 15 5", "55 30 15", "65 25 10", "45 30 25", "40 30 30")
BUREAU = ("65 25 10", "75 20 5", "60 25 15", "70 20 10", "60 25 20", "45 30 25")
MINISTRY = ("60 25 15", "70 20 10", "60 25 15", "65 25 10", "55 25 20", "45 30 25")
MINISTRY_BEFORE = ("55 25 20", "70 20 10", "60 20 15", "65 20 10", "40 35 25", "45 30 25")
SPREADS = ("55 60 70", "65 70 80", "50 60 65", "60 65 70", "45 55 65", "40 45 50")
MEANS = ("3.6", "3.3", "3.9", "3.4", "2.7")
MEANS_BEFORE = ("3.5", "3.2", "3.4", "3.4", "2.8")
BUREAU_MEANS = ("3.5", "3.4", "3.6", "3.4", "3.0")
MINISTRY_MEANS = ("3.5", "3.3", "3.6", "3.3", "2.9")
MEAN_SPREADS = ("3.3 3.5 3.6", "3.1 3.3 3.5", "3.4 3.6 3.7", "3.2 3.3 3.5", "2.7 2.9 3.1")
WISHES = (
    *("<20", "20-39", "40-59", "20-39", "40-59", "40-59", ">=60"),
    *("<20", "40-59", "<20", "20-39", "40-59", "20-39", "<20"),
    *("<20", ">=60", "<20", "40-59", "<20", "<20", "20-39"),
)
MINISTRY_WISHES = (
    *("20-39", "20-39", "20-39", "20-39", "40-59", "40-59", "<20"),
    *("<20", "20-39", "<20", "20-39", "40-59", "20-39", "<20"),
    *("<20", "40-59", "<20", "40-59", "<20", "<20", "20-39"),
)
POSTS = (0, 3, 4, 6, 8, 0, 7, 2, 6, 3, 0, 3, 6, 5, 1, 3, 0, 0, 6, 2, 3)
ACTIONS = (
    Action("月に一度、仕事の手を止めて話す15分を全員と持つ", "career_talk", "done"),
    Action("新しく来た人に、担当業務の「なぜ」を一枚で渡す", "meaning_felt", "done"),
    Action("化学の基礎を学ぶ会を四半期に一度開く", "growth_felt", "under_way"),
)


@cache
def questions():
    """The questions of the real questionnaire that are released."""
    parts = json.loads((FIXTURES / "questionnaires/hope_survey.json").read_text("utf-8"))["parts"]
    found = []
    for part in parts[:4]:
        for asked in part["questions"]:
            kind = _kind(asked)
            if kind:
                code, skill = asked["code"], asked["skill"]
                found.append(Asked(code, kind, asked["label"], asked["summary_label"], skill))
    return tuple(found)


def _kind(asked):
    if asked["kind"] == "scale":
        return Kind.REFLECTION
    if asked["kind"] == "level":
        return Kind.COMPETENCY
    return Kind.WISH if asked["skill"].startswith("B") and asked["code"].endswith("_wish") else None


@cache
def skill_names():
    """Names of skills by code."""
    found = {}

    def walk(node):
        if isinstance(node, dict):
            if "code" in node and "name" in node:
                found[node["code"]] = node["name"]
            node = list(node.values())
        if isinstance(node, list):
            for one in node:
                walk(one)

    walk(json.loads((FIXTURES / "skills/framework.json").read_text("utf-8")))
    return found


@cache
def longest_section():
    """The longest name of a section that there is."""
    with (FIXTURES / "organisation/sections.csv").open(encoding="utf-8") as lines:
        return max((row["section"] for row in csv.DictReader(lines)), key=len)


def figures(band, shares, means, wishes=()):
    """Released values by question and measure, in the order of the questionnaire."""
    rows = {
        Kind.REFLECTION: [row.split() for row in shares],
        Kind.COMPETENCY: [[mean] for mean in means],
        Kind.WISH: [[wish] for wish in wishes],
    }
    return {
        (asked.code, measure): Released(value, band)
        for kind, values in rows.items()
        for asked, row in zip(of_kind(kind), values, strict=False)
        for measure, value in zip(MEASURES[kind], row, strict=True)
    }


def of_kind(kind):
    """The questions of one kind."""
    return [asked for asked in questions() if asked.kind is kind]


def spreads():
    """Quartiles of all shown sections."""
    found = {}
    for kind, rows in ((Kind.REFLECTION, SPREADS), (Kind.COMPETENCY, MEAN_SPREADS)):
        for asked, row in zip(of_kind(kind), rows, strict=True):
            found[asked.code, MEASURES[kind][0]] = Spread(*row.split())
    return found


def offers(posts=POSTS):
    """How many posts offer each skill."""
    return tuple(
        Offer(asked.skill, skill_names()[asked.skill], number)
        for asked, number in zip(of_kind(Kind.WISH), posts, strict=True)
        if number
    )


def large(**changes):
    """A section of 20 to 24 answers with everything shown."""
    ministry_before = figures(">=1000", MINISTRY_BEFORE, MINISTRY_MEANS)
    sheet = Sheet(
        fiscal_year=2026,
        unit=Unit("S100", Level.SECTION, "素材産業課", "製造産業局"),
        minimum=10,
        release_number=1,
        questions=questions(),
        response=Released("85", "20-24"),
        count_band="20-24",
        figures=figures("20-24", OWN, MEANS, WISHES),
        bureau=figures("200-499", BUREAU, BUREAU_MEANS),
        ministry=figures(">=1000", MINISTRY, MINISTRY_MEANS, MINISTRY_WISHES),
        spread=spreads(),
        last_year=LastYear(
            figures("20-24", OWN_BEFORE, MEANS_BEFORE), frozenset({"future_picture"})
        ),
        offers=offers(),
        actions=ACTIONS,
        skill_names=skill_names(),
        posts=9,
        bureau_before=LastYear(
            figures("200-499", BUREAU, BUREAU_MEANS), frozenset({"future_picture"})
        ),
        ministry_before=LastYear(ministry_before, frozenset({"future_picture"})),
        reference_date=datetime.date(2026, 10, 1),
        published_on=datetime.date(2027, 1, 15),
    )
    return replace(sheet, **changes)


def hide(found, codes):
    """The same figures with those of some questions hidden."""
    return {key: Released() if key[0] in codes else value for key, value in found.items()}


def small():
    """A section of 10 to 14 answers of which several figures are hidden, with end bands."""
    shares = ("60 25 15", "85 <=10 <=10", "50 30 20", "65 25 <=10", "60 20 20", "40 30 30")
    own = figures("10-14", shares, ("3.5", "3.4", "3.7", "3.3", "2.8"), WISHES)
    hidden = {"valued_felt", "career_talk", "a5_level", "b1_07_wish", "b1_10_wish", "b2_03_wish"}
    return large(
        unit=Unit("S101", Level.SECTION, longest_section(), "製造産業局"),
        response=Released("80", "10-14"),
        count_band="10-14",
        figures=hide(own, hidden),
        last_year=LastYear(
            hide(figures("10-14", OWN_BEFORE, MEANS_BEFORE), hidden), frozenset({"future_picture"})
        ),
        actions=(replace(ACTIONS[0], status="dropped"), replace(ACTIONS[1], status="planned")),
        posts=5,
        offers=offers([number // 2 for number in POSTS]),
    )


def joint():
    """A joint unit named for the section with the longest name there is, and three others."""
    members = (longest_section(), "自動車課", "航空機武器産業課", "宇宙産業課")
    unit = Unit("J1", Level.SECTION, f"{longest_section()}ほか", "製造産業局", members)
    long = "会議の資料を前日の正午までに共有し、当日は説明を省いて意見だけを交わす。" * 4
    return large(
        unit=unit, actions=tuple(Action(long[:120], a.question, a.status) for a in ACTIONS)
    )


def bureau():
    """A bureau."""
    return large(
        unit=Unit("B06", Level.BUREAU, "製造産業局", "経済産業省"),
        response=Released("85", "200-499"),
        count_band="200-499",
        figures=figures("200-499", BUREAU, BUREAU_MEANS, WISHES),
        bureau={},
        last_year=LastYear(figures("200-499", OWN_BEFORE, MEANS_BEFORE), frozenset()),
        posts=120,
        offers=offers([number * 10 for number in POSTS]),
        bureau_before=None,
    )


def ministry():
    """The ministry, from 1 to 5 on its axis as another sheet of the release asks for it."""
    return large(
        unit=Unit("M", Level.MINISTRY, "省全体", "経済産業省"),
        response=Released("90", ">=1000"),
        count_band=">=1000",
        figures=figures(">=1000", MINISTRY, MINISTRY_MEANS, MINISTRY_WISHES),
        bureau={},
        ministry={},
        last_year=LastYear(
            figures(">=1000", MINISTRY_BEFORE, MINISTRY_MEANS, WISHES),
            frozenset({"future_picture"}),
        ),
        posts=900,
        offers=offers([number * 80 for number in POSTS]),
        wide_scale=True,
        bureau_before=None,
        ministry_before=None,
    )


def first_year():
    """A section in the first year: nothing to compare with, no actions."""
    return large(last_year=None, bureau_before=None, ministry_before=None, actions=())


def all_hidden():
    """A section of which nothing is shown."""
    return large(
        unit=Unit("S102", Level.SECTION, "総務課", "製造産業局"),
        response=Released(),
        count_band="－",
        figures={key: Released() for key in large().figures},
        last_year=LastYear({}, frozenset()),
        actions=(),
    )


def fullest_map():
    """A section whose wishes all fall into one field of the map."""
    wishes = [">=60"] * 21
    return large(figures=figures("20-24", OWN, MEANS, wishes), offers=(), posts=0)


SAMPLES = {
    "large": large,
    "small": small,
    "joint": joint,
    "bureau": bureau,
    "ministry": ministry,
    "first_year": first_year,
    "all_hidden": all_hidden,
    "fullest_map": fullest_map,
}

HOSTILE = (
    "<script>alert(1)</script><img src=file:///etc/passwd>",
    "<svg><image href='http://127.0.0.1:9/x.png'/></svg><link rel=attachment href=file:///etc/passwd>",
    "}*{display:none}@import url(http://127.0.0.1:9/x.css);",
    "𠮷野家葛\U000e0100城{{ sheet }}{% now 'Y' %}%s{}",
    "長" * 10_000,
    "W" * 10_000,
)


def hostile(text):
    """A section in which everything that people or admins wrote is one text."""
    unit = Unit("S103", Level.SECTION, text, text, (text, text))
    actions = tuple(replace(action, text=text) for action in ACTIONS)
    asked = tuple(
        replace(one, text=text, short=text if one.kind is Kind.REFLECTION else one.short)
        for one in questions()
    )
    return large(unit=unit, actions=actions, questions=asked)


MEASURED = {Kind.REFLECTION: Measure.FAVOURABLE, Kind.COMPETENCY: Measure.MEAN}


def asking(items, powers, wishes):
    """A sheet of another questionnaire, as a past year may have had: so many questions of each kind, all shown."""
    asked = [
        *(
            Asked(f"item{n}", Kind.REFLECTION, f"仕事について感じることその{n}")
            for n in range(items)
        ),
        *(Asked(f"power{n}", Kind.COMPETENCY, f"自分で考えて動く力その{n}") for n in range(powers)),
        *(Asked(f"wish{n}", Kind.WISH, f"伸ばしたい分野その{n}") for n in range(wishes)),
    ]
    values = {Kind.REFLECTION: ("60", "25", "15"), Kind.COMPETENCY: ("3.4",), Kind.WISH: ("20-39",)}
    shown = {
        (one.code, measure): Released(value, "20–24")
        for one in asked
        for measure, value in zip(MEASURES[one.kind], values[one.kind], strict=True)
    }
    return replace(
        first_year(), questions=tuple(asked), figures=shown, bureau=shown, ministry=shown
    )
