"""PDFs from HTML: tagged (PDF/UA-1), in Japanese, with the portal's own fonts embedded.

The engine needs system libraries that a machine may lack. It is loaded on the first PDF, so that
the portal starts and serves every other page without them.
"""

import importlib
import threading
from functools import cache
from typing import Any

# The engine is not safe to use from two threads at once, and the web process runs several.
_one_at_a_time = threading.Lock()


class PdfUnavailable(Exception):
    """This machine lacks what PDFs need. `sentence` is for the person who asked."""

    sentence = (
        "いまPDFを作れません。書いた内容は失われていません。"
        "この状態が続くときは、システム管理の担当者に知らせてください。"
    )


def render_pdf(html: str, *, title: str, stylesheet: str = "css/pdf.css") -> bytes:
    """Render a whole HTML page as a PDF.

    `title` is what viewers show in place of a file name. `stylesheet` names a static file; it may
    use what `pdf_engine.ASSETS` lists as `url(asset:NAME)`. The page itself must be written with
    classes only and refer to no file or address: anything it asks for stops the rendering with
    `pdf_engine.ForbiddenUrlError`.
    """
    with _one_at_a_time:
        document: bytes = _engine().render(html, title=title, stylesheet=stylesheet)
        return document


@cache
def _engine() -> Any:
    try:
        return importlib.import_module("career_portal.common.pdf_engine")
    except (ImportError, OSError) as error:
        raise PdfUnavailable from error
