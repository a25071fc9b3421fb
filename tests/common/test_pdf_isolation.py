"""A PDF is made from what people wrote: whatever it asks for, nothing is fetched or attached."""

import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pypdf
import pytest
from weasyprint import HTML

from career_portal.common import pdf, pdf_engine


@pytest.fixture
def outside():
    """A server that remembers every path asked of it."""

    class Recorder(BaseHTTPRequestHandler):
        def do_GET(self):
            server.paths.append(self.path)
            self.send_response(302 if self.path == "/secret" else 404)
            self.send_header("Location", "/redirected")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    server.paths = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


HOSTILE = {
    "image": '<img src="{url}" alt="">',
    "image set": '<img srcset="{url} 1x" src="{url}" alt="">',
    "object": '<object data="{url}"></object>',
    "embed": '<embed src="{url}">',
    "stylesheet": '<link rel="stylesheet" href="{url}">',
    "import": '<style>@import url("{url}");</style>',
    "font": '<style>@font-face{{font-family:x;src:url("{url}")}}p{{font-family:x}}</style><p>a</p>',
    "background": '<p style="background:url({url})">a</p>',
    "list style": '<ul style="list-style-image:url({url})"><li>a</li></ul>',
    "content": '<style>p::before{{content:url("{url}")}}</style><p>a</p>',
    "svg image": '<svg width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
    "attachment": '<link rel="attachment" href="{url}">',
    "attachment link": '<a rel="attachment" href="{url}">a</a>',
}


def test_engine_by_itself_would_ask_the_server(outside):
    """Proves that the tests below are able to fail."""
    html = HOSTILE["image"].format(url=f"http://127.0.0.1:{outside.server_port}/secret")

    HTML(string=html).write_pdf()

    assert outside.paths == ["/secret", "/redirected"]


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_html_reaches_no_server(kind, outside):
    html = HOSTILE[kind].format(url=f"http://127.0.0.1:{outside.server_port}/secret")

    content = rendered_or_refused(html)

    assert outside.paths == []
    assert attachments(content) == []


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("url", ["file:///etc/passwd", "data:text/plain,secret", "asset:../pdf.py"])
def test_hostile_html_reads_no_file(kind, url):
    content = rendered_or_refused(HOSTILE[kind].format(url=url))

    assert attachments(content) == []


@pytest.mark.parametrize("kind", ["image", "stylesheet", "import", "background", "attachment"])
def test_refusal_is_an_error_and_the_next_document_is_whole(kind):
    with pytest.raises(pdf_engine.ForbiddenUrlError):
        pdf.render_pdf(HOSTILE[kind].format(url="https://example.invalid/"), title="控え")

    assert pdf.render_pdf('<html lang="ja"><p>次</p></html>', title="控え").startswith(b"%PDF-")


def test_named_assets_are_served():
    fetcher = pdf_engine.AssetFetcher()

    for name, (path, content_type) in pdf_engine.ASSETS.items():
        response = fetcher.fetch(f"asset:{name}")
        assert response.read() == path.read_bytes()
        assert response.content_type == content_type


def rendered_or_refused(body: str) -> bytes | None:
    """The PDF of that body, or None where the engine refused to make one."""
    html = f'<html lang="ja"><head><title>控え</title></head><body>{body}</body></html>'
    try:
        return pdf.render_pdf(html, title="控え")
    except pdf_engine.ForbiddenUrlError:
        return None


def attachments(content: bytes | None) -> list[str]:
    """Names of the files that a PDF carries along."""
    return list(pypdf.PdfReader(io.BytesIO(content)).attachments) if content else []
