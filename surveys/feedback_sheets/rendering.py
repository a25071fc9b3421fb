"""A sheet as HTML and as a PDF of four A4 pages."""

from __future__ import annotations

from django.template.loader import render_to_string

from career_portal.common.pdf import render_pdf
from surveys.feedback_sheets.contents import Contents, contents
from surveys.feedback_sheets.figures import Sheet

STYLESHEET = "css/sheet.css"


def render_sheet(sheet: Sheet) -> bytes:
    """The PDF: tagged, PDF/UA-1, fonts embedded; nothing outside is asked for. Raises PdfUnavailable."""
    printed = contents(sheet)
    return render_pdf(_html(printed), title=printed.title, stylesheet=STYLESHEET)


def sheet_html(sheet: Sheet) -> str:
    """The whole page that the PDF is made of."""
    return _html(contents(sheet))


def _html(printed: Contents) -> str:
    return render_to_string("surveys/sheets/sheet_pdf.html", {"sheet": printed})
