"""A browser's cookies and forms, and nothing else of it, for a portal in other processes."""

import re
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import NamedTuple

SECONDS = 30


class Answer(NamedTuple):
    status: int
    url: str
    text: str


class PortalClient:
    def __init__(self, address):
        self.address = address
        self._cookies = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self._cookies),
        )

    def copy(self):
        """Another connection of the same signed-in person."""
        other = PortalClient(self.address)
        for cookie in self._cookies:
            other._cookies.set_cookie(cookie)
        return other

    def get(self, path):
        return self._open(urllib.request.Request(self.address + path))  # noqa: S310  own address

    def post(self, path, fields, **headers):
        body = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.address + path, body, headers)  # noqa: S310  own address
        return self._open(request)

    def _open(self, request):
        try:
            with self._opener.open(request, timeout=SECONDS) as response:
                return Answer(response.status, response.url, response.read().decode())
        except urllib.error.HTTPError as answer:
            with answer:
                return Answer(answer.code, answer.url, answer.read().decode())

    def sign_in(self, name, password):
        fields = form_fields(self.get("/accounts/login/").text, having="login")
        answer = self.post("/accounts/login/", {**fields, "login": name, "password": password})
        assert answer.status == 200, answer.text
        assert "/accounts/login/" not in answer.url
        return self


class _Forms(HTMLParser):
    """What a browser would send of each form: texts, hidden fields and what is chosen."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self._textarea = None

    def handle_starttag(self, tag, attributes):
        facts = dict(attributes)
        if tag == "form":
            self.forms.append({})
        elif not self.forms or not facts.get("name"):
            return
        elif tag == "textarea":
            self._textarea = facts["name"]
            self.forms[-1][self._textarea] = ""
        elif tag == "input":
            choosable = facts.get("type") in {"radio", "checkbox"}
            if not choosable or "checked" in facts:
                self.forms[-1][facts["name"]] = facts.get("value") or ""

    def handle_data(self, data):
        if self._textarea:
            # The line break after the opening tag is not part of the text.
            first = not self.forms[-1][self._textarea]
            self.forms[-1][self._textarea] += data.removeprefix("\n") if first else data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._textarea = None


def form_fields(page, *, having):
    """Return the fields of the form that has this one."""
    parser = _Forms()
    parser.feed(page)
    return next(form for form in parser.forms if having in form)


def first_text_field(page):
    return re.search(r'<textarea[^>]*\bname="([^"]+)"', page).group(1)
