"""A page as a browser without scripts holds it: what its form would send, and what stands where."""

from html.parser import HTMLParser
from urllib.parse import urlencode

from django.urls import reverse

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
# The words on the buttons of every page's frame: the menu, and the notice that a sign-in ends.
FRAME = {
    "メニュー",
    "閉じる",
    "サインインを続ける",
    "この知らせを閉じる",
    "別のタブでサインインする",
}
URLENCODED = "application/x-www-form-urlencoded"


class Page(HTMLParser):
    """Fields by name in the order of the page, and texts by the id or the class of their element."""

    def __init__(self, response):
        super().__init__(convert_charrefs=True)
        self.fields = []
        self.texts = {}
        self.classes = {}
        self.links = []
        self.buttons = []
        self._open = []
        self._labelled = {}
        self._asked_in_label = None
        self.feed(response.content.decode())
        self.close()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        name, value = attributes.get("name"), attributes.get("value") or ""
        if tag == "textarea":
            self.fields.append([name, ""])
        elif tag == "button":
            self.buttons.append((name, value))
        elif tag == "a":
            self.links.append(attributes.get("href"))
        elif tag == "input" and name:
            kind = attributes.get("type", "text")
            if kind in ("radio", "checkbox"):
                self._asked_in_label = name
            if kind not in ("radio", "checkbox") or "checked" in attributes:
                self.fields.append([name, value])
        if tag not in VOID:
            names = [("id", attributes.get("id"))]
            names += [("class", each) for each in (attributes.get("class") or "").split()]
            self._open.append((tag, [(kind, each) for kind, each in names if each], []))

    def handle_endtag(self, tag):
        if tag not in {open_tag for open_tag, _, _ in self._open}:
            return
        while self._open:
            closed, names, said = self._open.pop()
            text = "".join(said)
            for kind, name in names:
                if kind == "id":
                    self.texts[name] = text
                else:
                    self.classes.setdefault(name, []).append(text)
            if closed == "label" and self._asked_in_label:
                self._labelled.setdefault(self._asked_in_label, []).append(text.strip())
                self._asked_in_label = None
            if closed == "textarea":
                # Browsers drop one line feed that follows the tag.
                self.fields[-1][1] = text.removeprefix("\n")
            if closed == tag:
                return

    def handle_data(self, data):
        for _, _, said in self._open:
            said.append(data)

    def sent(self, **changes):
        """What the form of the part sends, with some fields changed; a list for several values."""
        body = {}
        for name, value in self.fields:
            body.setdefault(name, []).append(value)
        return {name: value for name, value in (body | changes).items() if value is not None}

    def options(self, name):
        """The words of the options of one question, with whatever marks they bear."""
        return self._labelled.get(name, [])

    def value(self, name):
        """The value of the only field of that name; None where none is filled in or chosen."""
        found = [value for each, value in self.fields if each == name]
        assert len(found) < 2
        return found[0] if found else None


def part_address(survey_round, number):
    return reverse("surveys:part_edit", args=[survey_round.fiscal_year, number])


def post(client, address, body, **headers):
    """Send fields as a browser does: encoded in the address's way, line ends as CRLF."""
    pairs = urlencode(body, doseq=True) if isinstance(body, dict) else body
    return client.post(address, pairs, content_type=URLENCODED, headers=headers)


def autosave(client, address, body):
    """Send fields as the page's script does."""
    return post(client, address, body, Accept="application/json")
