"""Colours that can be read, classes that exist, and markup that the content policy lets through."""

import re
from pathlib import Path

import pytest

from tests.design.pages import read_page

ROOT = Path(__file__).parents[2]
SHEETS = [
    ROOT / "static" / "css" / f"{name}.css"
    for name in (
        "portal",
        "components",
        "forms",
        "survey",
        "sign_in",
        "importing",
        "release",
        "running",
        "reading",
        "describing",
        "posts",
        "search",
        "feedback",
        "preparing",
        "records",
        "interviews",
    )
]
CODE = ["career_portal", "surveys", "postings", "interviews"]

TEXT_ON = [
    ("grey-800", "white"),
    ("grey-700", "grey-50"),
    ("grey-700", "blue-50"),
    ("grey-600", "white"),
    ("grey-900", "grey-100"),
    ("blue-1000", "white"),
    ("blue-1000", "blue-50"),
    ("blue-1000", "blue-100"),
    ("blue-1000", "yellow-300"),
    ("blue-900", "white"),
    ("white", "blue-900"),
    ("white", "blue-1000"),
    ("blue-1000", "blue-200"),
    ("red-900", "white"),
    ("red-1000", "red-50"),
    ("grey-900", "red-50"),
    ("grey-900", "yellow-50"),
    ("magenta-900", "white"),
    ("orange-800", "white"),
]
SHAPES_ON = [
    ("grey-600", "white"),
    ("grey-420", "white"),
    ("blue-900", "blue-50"),
    ("red-800", "white"),
    ("green-800", "white"),
    ("yellow-900", "white"),
]


def tokens():
    declared = re.findall(r"--([a-z]+-\d+): (#[0-9a-f]{6});", SHEETS[0].read_text(encoding="utf-8"))
    return {"white": "#ffffff", **dict(declared)}


def luminance(colour):
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(first, second):
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def templates():
    found = list((ROOT / "templates").rglob("*.html"))
    for folder in CODE:
        found += (ROOT / folder).rglob("templates/**/*.html")
    return sorted(set(found))


def classes_in(sheets):
    return {
        name
        for sheet in sheets
        for name in re.findall(r"\.(cp-[a-z]+(?:__[a-z]+)?(?:-[a-z]+)*)", sheet.read_text("utf-8"))
    }


@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_has_enough_contrast(text, ground):
    known = tokens()

    assert contrast(known[text], known[ground]) >= 4.5


@pytest.mark.parametrize(("shape", "ground"), SHAPES_ON)
def test_lines_and_icons_have_enough_contrast(shape, ground):
    known = tokens()

    assert contrast(known[shape], known[ground]) >= 3


def test_stylesheets_use_only_declared_tokens():
    declared = set(re.findall(r"(--[a-z0-9-]+):", "".join(s.read_text("utf-8") for s in SHEETS)))
    used = {
        name
        for sheet in SHEETS
        for name in re.findall(r"var\((--[a-z0-9-]+)", sheet.read_text("utf-8"))
    }

    assert used - declared == set()


def test_templates_use_only_classes_that_are_drawn():
    drawn = classes_in(SHEETS)
    blocks = {name.split("__")[0] for name in drawn}
    used = {
        (name, template.name)
        for template in templates()
        if "pdf" not in template.name
        for name in re.findall(
            r"(?<![\w-])(cp-[a-z]+(?:__[a-z]+)?(?:-[a-z]+)*)", template.read_text("utf-8")
        )
    }
    ids = {"cp-drawer"}

    assert {(name, where) for name, where in used if name not in drawn | blocks | ids} == set()


def test_stylesheets_draw_only_classes_that_are_used():
    sources = [*templates(), *(ROOT / "static" / "js").glob("*.js")]
    for folder in CODE:
        sources += (ROOT / folder).rglob("*.py")
    text = "".join(source.read_text("utf-8") for source in sources)

    assert {name for name in classes_in(SHEETS) if name not in text} == set()


def test_templates_hold_no_inline_style_or_script():
    offending = re.compile(
        r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:|\|\s*safe\b|mark_safe",
        re.IGNORECASE,
    )
    pages = [template for template in templates() if "pdf" not in template.name]

    found = {
        f"{template.relative_to(ROOT)}: {match.group()}"
        for template in pages
        for match in offending.finditer(template.read_text("utf-8"))
    }

    assert found == set()


@pytest.mark.parametrize("query", ["", "?errors=1"])
def test_gallery_is_well_formed_and_has_unique_ids(gallery_html, query):
    page = read_page(gallery_html(query))

    ids = [element.attributes["id"] for element in page.walk() if "id" in element.attributes]

    assert len(ids) == len(set(ids))
    assert len(page.all("h1")) == 1
    assert page.one("title").text.startswith("エラー：") is bool(query)


def test_gallery_references_only_ids_that_exist(gallery_html):
    page = read_page(gallery_html("?errors=1"))
    ids = {element.attributes.get("id") for element in page.walk()}

    wanted = {
        name
        for element in page.walk()
        for attribute in ("aria-describedby", "aria-labelledby", "for", "form", "commandfor")
        for name in element.attributes.get(attribute, "").split()
    }
    anchors = {
        element.attributes["href"][1:]
        for element in page.all("a")
        if element.attributes["href"].startswith("#")
    }

    assert (wanted | anchors) - ids == set()
