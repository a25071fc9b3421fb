"""What a browser with an empty cache loads for its first page, and what each later one adds.

Bytes as the portal sends them to a browser that takes gzip. Of the fonts those count whose range
holds a character of the page, in bold where a rule of the style sheets may make its element bold.
"""

import gzip
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from tests.benchmarks.client import Reader, drive
from tests.benchmarks.report import Limit, say

# A later page counts with its files. Slices of the font with rarer kanji come once, with the first text that has
# them, and count all together.
FIRST_PAGE_KB, LATER_PAGE_KB, LATER_FONTS_KB = 700, 60, 700
# Without paging, so that one can look around: all posts of a bureau, or in which a skill is gained.
WHOLE_LISTS, WHOLE_LIST_KB = {"bureau", "skill"}, 120
WITHOUT_END = {"input", "link", "meta", "br", "img", "hr"}
BOLD_TAGS = [[{tag}] for tag in ("h1", "h2", "h3", "h4", "h5", "h6", "th", "strong", "b")]
FACE = re.compile(r"@font-face\s*\{([^}]*)\}")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
ADDRESS = re.compile(r"url\(\s*[\"']?([^\"')]+)")
PIECE = re.compile(r"\.[\w-]+|\[[^\]]+\]|^[a-z][\w]*")
RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", re.IGNORECASE)


class Page(HTMLParser):
    """The files a page names, and its visible characters with what selectors know of the tags around."""

    def __init__(self, text):
        super().__init__()
        self.files = []
        self.around = []
        self.texts = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        names = {tag, *(f".{name}" for name in attributes.get("class", "").split())}
        names |= {f"[{name}]" for name in attributes}
        names |= {f'[{name}="{value}"]' for name, value in attributes.items()}
        if tag == "link" and attributes.get("rel") in {"stylesheet", "icon"}:
            self.files.append(attributes["href"])
        elif "src" in attributes:
            self.files.append(attributes["src"])
        if tag == "input" and attributes.get("type") not in {"hidden", "radio", "checkbox"}:
            self.texts.append((attributes.get("value", ""), [*self.around, names]))
        if tag not in WITHOUT_END:
            self.around.append(names)

    def handle_endtag(self, tag):
        while self.around and tag not in self.around.pop():
            pass

    def handle_data(self, data):
        if not any({"script", "style"} & names for names in self.around):
            self.texts.append((data, list(self.around)))


@dataclass
class Visit:
    """A browser that keeps what it has loaded."""

    port: int
    loaded: dict[str, int] = field(default_factory=dict)

    def open(self, path, cookies=""):
        """Return the bytes this page costs: itself, its files, its fonts."""
        page_bytes, text = self._fetch(path, cookies)
        page = Page(text)
        files, fonts, sheets = 0, 0, []
        for address in page.files:
            where = urljoin(path, address)
            added, content = self._load(where)
            files += added
            if where.endswith(".css"):
                sheets.append((where, content))
        faces = [face for where, sheet in sheets for face in _faces(where, sheet)]
        weights = Weights([sheet for _, sheet in sheets])
        for where, sheet in sheets:
            plain = FACE.sub("", sheet)
            files += sum(
                self._load(urljoin(where, address))[0]
                for address in ADDRESS.findall(plain)
                if not address.startswith("data:")
            )
        for address, weight, ranges in faces:
            letters = {
                letter
                for text, around in page.texts
                if weights.is_bold(around) == (weight >= 600)
                for letter in text
            }
            if any(ord(letter) in span for letter in letters for span in ranges):
                fonts += self._load(address)[0]
        return page_bytes, files, fonts

    def _load(self, path):
        if path not in self.loaded:
            self.loaded[path] = self._fetch(path)
            return self.loaded[path]
        return 0, self.loaded[path][1]

    def _fetch(self, path, cookies=""):
        reader = Reader(path, cookies, marker=b"", headers="Accept-Encoding: gzip\r\n")
        answer = drive(self.port, [reader], each=1).last
        is_packed = b"content-encoding: gzip" in answer.head.lower()
        body = gzip.decompress(answer.body) if is_packed else answer.body
        return len(answer.body), body.decode(errors="replace")


def _faces(where, sheet):
    for face in FACE.findall(sheet):
        spans = [
            range(int(low, 16), int(high or low, 16) + 1)
            for low, high in RANGE.findall(face.partition("unicode-range:")[2])
        ]
        weight = re.search(r"font-weight:\s*(\d+)", face)
        yield urljoin(where, ADDRESS.search(face)[1]), int(weight[1]), spans


class Weights:
    """What the style sheets make bold. The nearest element with a rule decides, a bold one first."""

    def __init__(self, sheets):
        self.bold, self.plain = list(BOLD_TAGS), []
        text = re.sub(r"/\*.*?\*/|@font-face\s*\{[^}]*\}", "", "".join(sheets), flags=re.DOTALL)
        for selectors, declarations in RULE.findall(text):
            weight = re.search(r"font-weight:\s*(\d+)", declarations)
            if weight:
                found = self.bold if int(weight[1]) >= 600 else self.plain
                found += [_parts(selector) for selector in selectors.split(",")]

    def is_bold(self, around):
        for depth in range(len(around), 0, -1):
            if any(_fits(parts, around[:depth]) for parts in self.bold):
                return True
            if any(_fits(parts, around[:depth]) for parts in self.plain):
                return False
        return False


def _parts(selector):
    """Return what each part of a selector asks of an element; pseudo-classes ask nothing."""
    plain = re.sub(r"::?[\w-]+(\([^)]*\))?|[>+~]", " ", selector)
    return [set(PIECE.findall(part)) for part in plain.split()]


def _fits(parts, around):
    """Whether the last part fits the innermost element and the others, in order, those around it."""
    *others, last = parts
    if not last <= around[-1]:
        return False
    outside = iter(around[:-1])
    return all(any(part <= names for names in outside) for part in others)


def measure(server, walk):
    """Print the weights of a walk (name, address, cookies) from an empty cache; return the promises."""
    say("weight: kB as sent, from an empty cache and then with what is kept")
    say(f"  {'':<24}{'page':>8}{'files':>8}{'fonts':>8}{'all':>8}")
    visit = Visit(server.port)
    found = []
    for name, path, cookies in walk:
        parts = [size / 1000 for size in visit.open(path, cookies)]
        say(f"  {name:<24}" + "".join(f"{part:8.1f}" for part in (*parts, sum(parts))))
        found.append((name, sum(parts[:2]), parts[2]))
    (first, *sizes), *later = found
    heaviest = max((size, name) for name, size, _ in later if name not in WHOLE_LISTS)
    longest = max((size, name) for name, size, _ in later if name in WHOLE_LISTS)
    fonts = sum(size for *_, size in later)
    return [
        Limit(f"first page, {first}", sum(sizes), at_most=FIRST_PAGE_KB, unit=" kB"),
        Limit(f"later page, {heaviest[1]}", heaviest[0], at_most=LATER_PAGE_KB, unit=" kB"),
        Limit(f"whole list, {longest[1]}", longest[0], at_most=WHOLE_LIST_KB, unit=" kB"),
        Limit("fonts of all later pages", fonts, at_most=LATER_FONTS_KB, unit=" kB"),
    ]
