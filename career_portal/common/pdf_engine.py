"""WeasyPrint behind `pdf.render_pdf`. Importing this module needs the system's Pango and HarfBuzz.

Fonts and the parsed stylesheet live as long as the process: loading them anew costs more than a
page. A PDF is made from what people wrote, so the engine reaches nothing outside: no network, no
file, no `data:` address, only the named assets below.
"""

import gc
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import weasyprint
from cssselect2 import ElementWrapper
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from career_portal.common import pdf_pace

SCHEME = "asset:"
XHTML = "http://www.w3.org/1999/xhtml"
FOLDER = Path(__file__).parent
ASSETS = {
    "regular.otf": (FOLDER / "fonts" / "career-portal-pdf-regular.otf", "font/otf"),
    "bold.otf": (FOLDER / "fonts" / "career-portal-pdf-bold.otf", "font/otf"),
    "core-regular.otf": (FOLDER / "fonts" / "career-portal-pdf-core-regular.otf", "font/otf"),
    "core-bold.otf": (FOLDER / "fonts" / "career-portal-pdf-core-bold.otf", "font/otf"),
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


pdf_pace.apply()


class Page(HTML):
    """A page for whose elements no footnotes are prepared; one that is XHTML is read as such.

    The engine's own stylesheet gives every element four kinds of notes and a marker of a list, and to compute them is a
    fifth of the time. Documents of the portal have no notes, and markers in lists only.
    """

    def __init__(self, source: str) -> None:
        root = xhtml(source)
        if root is None:
            super().__init__(string=source, url_fetcher=_fetcher)
            return
        self.base_url = None
        self.url_fetcher = _fetcher
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(root)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_without_notes()]


def xhtml(source: str) -> ElementTree.Element | None:
    """The root of a page that calls itself XHTML and is; reading that takes a twentieth of reading HTML."""
    if f'<html xmlns="{XHTML}"' not in source[:200]:
        return None
    try:
        # Templates escape what people wrote, so that it cannot declare an entity.
        root = ElementTree.fromstring(source)  # noqa: S314
    except ElementTree.ParseError:
        # What people wrote may hold signs that XML forbids; HTML takes any.
        return None
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{XHTML}}}")
    return root


@cache
def _without_notes() -> CSS:
    source = Path(weasyprint.__file__).with_name("css") / "html5_ua.css"
    text = re.sub(r"(?m)^::(foot)?note-.*$", "", source.read_text(encoding="utf-8"))
    text = re.sub(r"(?m)^::marker", "li::marker", text)
    return CSS(string=text, url_fetcher=_fetcher)


@contextmanager
def _garbage_waits() -> Iterator[None]:
    """Collecting garbage in the midst of a page goes over all of its boxes again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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
        with _garbage_waits():
            return _written(html, title, stylesheet)
    except FatalURLFetchingError as error:
        raise ForbiddenUrlError from error


def _written(html: str, title: str, stylesheet: str) -> bytes:
    document = Page(html).render(
        font_config=_fonts, stylesheets=[_parsed(stylesheet)], pdf_variant="pdf/ua-1"
    )
    document.metadata.title = title
    document.metadata.lang = "ja"
    content: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return content
