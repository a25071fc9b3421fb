"""What makes sheets quick to draw: pages that are XHTML, and the core of the fonts."""

import io
from dataclasses import replace

import pypdf
import pytest

from career_portal.common import pdf_engine
from surveys.feedback_sheets.rendering import render_sheet, sheet_html
from tests.surveys.feedback.samples import SAMPLES, large


def fonts(sheet):
    """The names of the fonts of the first page."""
    page = pypdf.PdfReader(io.BytesIO(render_sheet(sheet))).pages[0]
    return {font["/BaseFont"].split("+")[1] for font in page["/Resources"]["/Font"].values()}


@pytest.mark.parametrize("name", SAMPLES)
def test_page_of_every_sheet_is_read_the_short_way(name):
    assert pdf_engine.xhtml(sheet_html(SAMPLES[name]())) is not None


def test_whole_font_is_asked_only_for_signs_that_are_not_usual():
    core = {"Career-Portal-PDF-Core", "Career-Portal-PDF-Core-Bold"}
    assert fonts(large()) == core

    rare = large(unit=replace(large().unit, name="𠮷野課"))

    assert fonts(rare) == core | {"Career-Portal-PDF", "Career-Portal-PDF-Bold"}
