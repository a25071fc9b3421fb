"""The preparation sheet on one page of paper."""

from __future__ import annotations

from django.template.loader import render_to_string

from career_portal.common.clock import today
from career_portal.common.era import date_in_words
from career_portal.common.pdf import render_pdf
from interviews.models import Interview
from interviews.preparation.sheet import Sheet
from interviews.preparation.words import facts_of

# Up to how many characters a size of type keeps the sheet on one page.
SIZES = ((350, "large"), (700, "medium"), (1900, "small"))
# For what is as long as can be.
SMALLEST = "tiny"


def size_of(sheet: Sheet) -> str:
    """The largest size of type in which all of it stands on one page."""
    return next((size for limit, size in SIZES if sheet.length <= limit), SMALLEST)


def sheet_as_pdf(interview: Interview, sheet: Sheet) -> bytes:
    """The sheet as a PDF, made now. Raises PdfUnavailable."""
    context = {
        "sheet": sheet,
        "size": size_of(sheet),
        "interview": interview,
        "facts": facts_of(interview),
        "made": date_in_words(today()),
    }
    return render_pdf(
        render_to_string("interviews/interview_prepare_pdf.html", context),
        title="面談の準備",
        stylesheet="css/preparation.css",
    )
