"""WeasyPrint behind `pdf.render_pdf`. Importing this module needs the system's Pango and HarfBuzz.

Fonts and the parsed stylesheet live as long as the process: loading them anew costs more than a
page. A PDF is made from what people wrote, so the engine reaches nothing outside: no network, no
file, no `data:` address, only the named assets below.
"""

import logging
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

SCHEME = "asset:"
FOLDER = Path(__file__).parent
ASSETS = {
    "regular.otf": (FOLDER / "fonts" / "career-portal-pdf-regular.otf", "font/otf"),
    "bold.otf": (FOLDER / "fonts" / "career-portal-pdf-bold.otf", "font/otf"),
    "emoji.ttf": (FOLDER / "fonts" / "noto-emoji.ttf", "font/ttf"),
    "eye.svg": (FOLDER / "pdf_images" / "eye.svg", "image/svg+xml"),
}

# Its warnings quote characters of the text, and logs must not carry what people wrote.
logging.getLogger("weasyprint").setLevel(logging.ERROR)


class ForbiddenUrlError(Exception):
    """A document asked for something that is not a named asset; nothing was fetched."""


class AssetFetcher(URLFetcher):
    """Serves the named assets and refuses every other address."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The asset of that address; the refusal is of a kind that the engine does not swallow."""
        asset = ASSETS.get(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
        if asset is None:
            raise FatalURLFetchingError
        path, content_type = asset
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})


_fetcher = AssetFetcher()
_fonts = FontConfiguration()


@cache
def _parsed(stylesheet: str) -> CSS:
    path = finders.find(stylesheet)
    if path is None:
        raise ImproperlyConfigured(f"No static file {stylesheet}")
    source = Path(path).read_text(encoding="utf-8")
    return CSS(string=source, font_config=_fonts, url_fetcher=_fetcher)


def render(html: str, *, title: str, stylesheet: str) -> bytes:
    """One PDF. Not safe to call from two threads at once."""
    try:
        document = HTML(string=html, url_fetcher=_fetcher).render(
            font_config=_fonts, stylesheets=[_parsed(stylesheet)], pdf_variant="pdf/ua-1"
        )
        document.metadata.title = title
        document.metadata.lang = "ja"
        content: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:
        raise ForbiddenUrlError from error
    return content
