"""The least server that speaks as much of the S3 protocol as storing a file takes; signatures are demanded, not checked."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MISSING = b"<Error><Code>NoSuchKey</Code><Message>missing</Message></Error>"


@contextmanager
def object_store():
    """Its address and what lies in it, by path; ended with the block."""
    kept: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

        def answer(self, status: int, body: bytes = b"") -> None:
            if "Authorization" not in self.headers:
                status, body = 403, b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", '"1"')
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def do_PUT(self) -> None:
            kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(200)

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            self.answer(200, kept[path]) if path in kept else self.answer(404, MISSING)

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_DELETE(self) -> None:
            kept.pop(self.path, None)
            self.answer(204)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", kept
    finally:
        server.shutdown()
        server.server_close()
