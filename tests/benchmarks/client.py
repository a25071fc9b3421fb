"""The load: one process, one keep-alive connection per visitor, nothing but sockets.

Every visitor waits for his answer before he asks again. Only the loopback is ever asked.
"""

import json
import re
import selectors
import socket
import time
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

HOST = "127.0.0.1"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
LONGEST_WAIT = 30  # seconds for one answer


class BadAnswer(Exception):
    """An answer that no visitor should get: the cell does not count."""


class Answer(NamedTuple):
    status: int
    head: bytes
    body: bytes


def parse(received):
    """Return the answer once all of it has come, None before."""
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return None
    length = LENGTH.search(head)
    if length is None:
        raise BadAnswer(f"no length: {head[:200]!r}")
    if len(body) < int(length[1]):
        return None
    return Answer(int(head[9:12]), head, bytes(body))


@dataclass
class Reader:
    """Asks for the same page again and again; it must hold `marker`."""

    path: str
    cookies: str = ""
    marker: bytes = b"</html>"
    headers: str = ""

    def __post_init__(self):
        self.bytes = (
            f"GET {self.path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {self.cookies}\r\n"
            f"{self.headers}\r\n"
        ).encode()

    def request(self):
        return self.bytes

    def take(self, answer):
        if answer.status != 200 or self.marker not in answer.body:
            raise BadAnswer(f"{self.path}: {answer.status} {answer.head[:300]!r}")


@dataclass
class Writer:
    """Saves the same fields again and again, each time with the version that came back before."""

    path: str
    cookies: str
    csrf_token: str
    fields: dict[str, str]
    version: int | None = None

    def __post_init__(self):
        fields = {"csrfmiddlewaretoken": self.csrf_token, **self.fields}
        self.fields_bytes = urlencode(fields).encode()

    def request(self):
        body = self.fields_bytes
        if self.version is not None:
            body += b"&version=%d" % self.version
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {self.cookies}\r\n"
            "Accept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def take(self, answer):
        if answer.status != 200:
            raise BadAnswer(f"{self.path}: {answer.status} {answer.body[:300]!r}")
        found = json.loads(answer.body)
        if self.version is not None:
            if found["version"] != self.version + 1:
                raise BadAnswer(f"{self.path}: version {found['version']} after {self.version}")
            self.version = found["version"]


@dataclass
class Outcome:
    seconds: float
    milliseconds: list[float] = field(default_factory=list)
    last: Answer | None = None

    @property
    def requests(self):
        return len(self.milliseconds)

    def percentile(self, share):
        ordered = sorted(self.milliseconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


class Line:
    """One visitor's connection."""

    def __init__(self, port, visitor):
        self.visitor = visitor
        self.socket = socket.create_connection((HOST, port), timeout=LONGEST_WAIT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self):
        self.received = bytearray()
        self.asked_at = time.perf_counter()
        self.socket.sendall(self.visitor.request())

    def hear(self):
        """Take what has come; return the answer when it is complete."""
        chunk = self.socket.recv(1 << 18)
        if not chunk:
            raise BadAnswer("the server hung up")
        self.received += chunk
        answer = parse(self.received)
        if answer:
            self.visitor.take(answer)
        return answer


def drive(port, visitors, *, seconds=None, each=None):
    """Let all visitors ask at once, for some seconds or so many times each; no line stays open."""
    lines = [Line(port, visitor) for visitor in visitors]
    left = dict.fromkeys(lines, each)
    outcome = Outcome(seconds=0.0)
    started = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        try:
            for line in lines:
                selector.register(line.socket, selectors.EVENT_READ, line)
                line.ask()
            while selector.get_map():
                ready = selector.select(LONGEST_WAIT)
                if not ready:
                    raise BadAnswer("no answer in time")
                for key, _ in ready:
                    line = key.data
                    answer = line.hear()
                    if answer is None:
                        continue
                    now = time.perf_counter()
                    outcome.milliseconds.append((now - line.asked_at) * 1000)
                    outcome.last = answer
                    if each is not None:
                        left[line] -= 1
                    if left[line] == 0 or (seconds is not None and now - started >= seconds):
                        selector.unregister(line.socket)
                    else:
                        line.ask()
        finally:
            for line in lines:
                line.socket.close()
    outcome.seconds = time.perf_counter() - started
    return outcome
