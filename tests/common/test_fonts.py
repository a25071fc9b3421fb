"""The browser's font slices: every character in one slice, the usual ones in the first, all small."""

import json
import re
from itertools import chain
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

PROJECT = Path(__file__).resolve().parents[2]
STYLESHEET = PROJECT / "static" / "css" / "fonts.css"
RULE = re.compile(
    r'@font-face\{font-family:"Noto Sans JP";font-style:normal;font-weight:(?P<weight>\d+);'
    r'font-display:swap;src:url\("(?P<url>[^"]+)"\) format\("woff2"\);'
    r"unicode-range:(?P<ranges>[^}]+)\}"
)
WEIGHTS = ("400", "700")
CORE_BUDGET = 465_000
FIRST_STYLESHEET_BUDGET = 100_000
COMMON_NAMES = "佐藤鈴木高橋田中髙﨑𠮷濵邉邊齋齊德嶋澤廣瀬葛城陽翔結愛蓮葵凛湊"


def parse(ranges: str) -> set[int]:
    """Code points of a CSS unicode-range."""
    bounds = [part.removeprefix("U+").partition("-") for part in ranges.split(",")]
    runs = [range(int(first, 16), int(last or first, 16) + 1) for first, _, last in bounds]
    codes = set(chain.from_iterable(runs))
    assert len(codes) == sum(map(len, runs))
    return codes


@pytest.fixture(scope="module")
def slices():
    """File and code points of each slice, by weight; the core comes first."""
    found = {weight: [] for weight in WEIGHTS}
    for rule in RULE.finditer(STYLESHEET.read_text(encoding="utf-8")):
        path = (STYLESHEET.parent / rule["url"]).resolve()
        found[rule["weight"]].append((path, parse(rule["ranges"])))
    return found


def outside(core: set[int], text: str) -> str:
    """Kanji of the text that the core lacks. Add them to career_portal/design/kanji/core_*.txt
    and run career_portal.design.font_slices again."""
    return "".join(sorted(sign for sign in kanji(text) if ord(sign) not in core))


def kanji(text: str) -> set[str]:
    return set(re.findall(r"[々㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]", text))


def text_of(*patterns: str) -> str:
    files = chain.from_iterable(sorted(PROJECT.glob(pattern)) for pattern in patterns)
    return "".join(path.read_text(encoding="utf-8") for path in files if path.is_file())


def test_every_rule_is_read_and_every_file_is_used(slices):
    rules = STYLESHEET.read_text(encoding="utf-8").count("@font-face")
    named = [path for listed in slices.values() for path, _ in listed]

    assert len(named) == rules
    assert sorted(named) == sorted((PROJECT / "static" / "fonts").glob("*.woff2"))
    assert (PROJECT / "static" / "fonts" / "OFL.txt").is_file()


@pytest.mark.parametrize("weight", WEIGHTS)
def test_no_character_lies_in_two_slices(slices, weight):
    ranges = [codes for _, codes in slices[weight]]

    assert len(set().union(*ranges)) == sum(map(len, ranges))


@pytest.mark.parametrize("weight", WEIGHTS)
def test_each_file_draws_what_its_range_offers(slices, weight):
    """Ranges run on over code points that no slice holds, so that the stylesheet stays short."""
    held = {}
    for path, codes in slices[weight]:
        with TTFont(path, lazy=True) as font:
            held[path] = set(font.getBestCmap())
        assert held[path] <= codes

    everything = set().union(*held.values())
    assert len(everything) == 16732
    for path, codes in slices[weight]:
        assert codes & everything == held[path]


@pytest.mark.parametrize("weight", WEIGHTS)
def test_core_draws_every_kanji_of_our_own_pages(slices, weight):
    _, core = slices[weight][0]
    pages = text_of(
        "templates/**/*",
        *(f"{folder}/templates/**/*" for folder in ("*", "career_portal/*")),
        "fixtures/questionnaires/*.json",
        "fixtures/skills/*.json",
    )

    assert outside(core, pages + COMMON_NAMES) == ""


@pytest.mark.parametrize("weight", WEIGHTS)
def test_core_draws_the_names_of_the_organisation_and_of_its_invented_people(slices, weight):
    _, core = slices[weight][0]
    people = json.loads((PROJECT / "fixtures/demo/names.json").read_text(encoding="utf-8"))
    sections = text_of("fixtures/organisation/bureaus.csv") + json.dumps(people, ensure_ascii=False)

    assert outside(core, sections) == ""


def test_regular_core_draws_the_duties_of_sections_and_the_sentences_of_the_demonstration(slices):
    _, core = slices["400"][0]

    # What section after section writes about its posts goes beyond it.
    prose = text_of("fixtures/organisation/*", "fixtures/demo/*.json", "fixtures/demo/sentences/*")

    assert outside(core, prose) == ""


def test_first_page_loads_little(slices):
    cores = [listed[0][0] for listed in slices.values()]

    assert [path.name for path in cores] == [
        "noto-sans-jp-400-core.woff2",
        "noto-sans-jp-700-core.woff2",
    ]
    assert sum(path.stat().st_size for path in cores) < CORE_BUDGET
    assert STYLESHEET.stat().st_size < FIRST_STYLESHEET_BUDGET
