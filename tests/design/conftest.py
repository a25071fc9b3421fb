"""The gallery as HTML and in a real browser, without a server or a database."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles import finders
from django.test import RequestFactory

from career_portal.design.views import gallery

AXE = Path(__file__).parents[1] / "vendor" / "axe"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ADDRESS = "http://gallery.test/local/gallery/"
CONTENT_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'"


@pytest.fixture(scope="session")
def gallery_html():
    """A function that renders the gallery for a signed-in person, with a query."""

    def render(query=""):
        request = RequestFactory().get(f"/local/gallery/{query}")
        request.user = SimpleNamespace(
            is_authenticated=True,
            display_name="佐伯 遥",
            leads=False,
            supervises=False,
            has_role=lambda role: False,
        )
        return gallery(request).content.decode()

    return render


@pytest.fixture
def open_gallery(chromium, gallery_html):
    """A function that opens the gallery at a width; scripts that fail fail the test."""
    contexts, failures = [], []

    def answer(route):
        path = route.request.url.removeprefix("http://gallery.test/")
        if path.startswith("static/"):
            found = finders.find(path.removeprefix("static/"))
            kind = CONTENT_TYPES.get(Path(found).suffix, "font/woff2")
            route.fulfill(path=found, content_type=kind)
        else:
            query = "?errors=1" if path.endswith("?errors=1") else ""
            headers = {
                "Content-Type": "text/html; charset=utf-8",
                "Content-Security-Policy": POLICY,
            }
            route.fulfill(body=gallery_html(query), headers=headers)

    def open_page(width=1280, query="", **options):
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, locale="ja-JP", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on(
            "console",
            lambda message: failures.append(message.text) if message.type == "error" else None,
        )
        page.route("**/*", answer)
        page.goto(ADDRESS + query)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert failures == []


@pytest.fixture
def axe_findings():
    """A function that lists what axe-core objects to on a page."""

    def run(page):
        page.evaluate((AXE / "axe.min.js").read_text(encoding="utf-8"))
        locale = json.loads((AXE / "ja.json").read_text(encoding="utf-8"))
        result = page.evaluate(
            """([locale, tags]) => {
                axe.configure({ locale });
                return axe.run(document, { runOnly: { type: "tag", values: tags } });
            }""",
            [locale, AXE_TAGS],
        )
        return [
            f"{violation['id']}: {node['html']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    return run
