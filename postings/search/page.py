"""What the page of a search shows: rows with their marks, facets with their counts, ways out where nothing is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F
from django.utils.html import format_html
from django.utils.safestring import SafeString

from career_portal.common.era import era_year
from career_portal.staff.models import Bureau, User
from postings.content import skill_names
from postings.models import PostDescription, SearchEntry
from postings.models.posts import GRADES, lines
from postings.search.address import Address
from postings.search.headline import Headline
from postings.search.query import Query, ask
from postings.search.results import KINDS, Found, Narrowing, all_found, find
from postings.search.suggestions import Suggestion, complete, meant

LABELS = {
    "bureau": "局・庁",
    "gained": "得られるスキル",
    "required": "求められるスキル",
    "grade": "職層",
    "place": "勤務地",
}
# So many values of a kind stand open; the rest is folded.
OPEN_VALUES = 5
# Where few stand folded, folding them saves nothing.
FOLDED_AT_LEAST = 3
CHIPS = 3
# What a row shows, by its way from the index.
COLUMNS = {
    "title": F("post__shown__title"),
    "shown_grade": F("post__shown__grade"),
    "shown_place": F("post__shown__place"),
    "day": F("post__shown__released_on"),
    "duties": F("post__shown__duties"),
    "mission": F("post__shown__mission"),
    "section": F("post__section__name"),
    "division": F("post__section__division"),
    "bureau_name": F("post__section__bureau__name"),
}
OTHER_TEXTS = [
    f"shown__{name}" for name in ("stay", "telework", "travel", "busy_season", "team", "additional")
]
GRADE_NAMES = dict(GRADES)
MOST_WORDS_MEANT = 3
MOST_MEANT = 4


@dataclass(frozen=True)
class Option:
    """A value that results can be narrowed to, with the number of posts it leaves."""

    kind: str
    value: str
    label: str
    number: int
    is_chosen: bool
    without: str = ""


@dataclass(frozen=True)
class Facet:
    """The values of a kind: some open, the rest folded."""

    kind: str
    label: str
    options: tuple[Option, ...]
    folded: tuple[Option, ...]


@dataclass(frozen=True)
class Row:
    """A post found. Heading, section, snippet and skills have what was found marked."""

    pk: int
    title: str
    heading: SafeString
    section: SafeString
    meta: str
    snippet: SafeString
    gained: tuple[SafeString, ...]


@dataclass(frozen=True)
class Meant:
    """A word that somebody may have meant, and the address that searches for it instead."""

    word: str
    number: int
    link: str


class SearchPage:
    """The results for an address, for one person."""

    def __init__(self, address: Address, user: User) -> None:
        self.address = address
        self.query: Query = ask(address.words, only_typed=address.only_typed)
        self.found: Found = find(
            self.query, address.narrowing, order=address.order, page=address.page
        )
        self._user = user

    @cached_property
    def rows(self) -> list[Row]:
        """The posts of the page."""
        found = SearchEntry.objects.visible_to(self._user).filter(post__in=self.found.posts)
        entries = {entry["pk"]: entry for entry in found.values("pk", "gained", **COLUMNS)}
        headline = Headline(self.query, wide=self.found.is_wide)
        return [self._row(entries[pk], headline) for pk in self.found.posts if pk in entries]

    def _row(self, entry: Mapping[str, Any], headline: Headline) -> Row:
        day = entry["day"]
        since = f"{era_year(day.year, month=day.month, day=day.day)}{day.month}月公開"
        unit = f"{entry['division']} {entry['section']}".lstrip()
        names = (self._skills.get(code, code) for code in entry["gained"][:CHIPS])
        return Row(
            pk=entry["pk"],
            title=entry["title"],
            heading=headline.mark(entry["title"]),
            section=format_html("{}　{}", entry["bureau_name"], headline.mark(unit)),
            meta="　".join(
                filter(None, (GRADE_NAMES[entry["shown_grade"]], entry["shown_place"], since))
            ),
            snippet=headline.snippet(
                lines(entry["duties"]) + lines(entry["mission"]),
                lambda: self._other_lines.get(entry["pk"], []),
            ),
            gained=tuple(headline.mark(name) for name in names),
        )

    @cached_property
    def _other_lines(self) -> dict[int, list[str]]:
        """Lines of the posts of the page that are shown only where nothing nearer says what was asked."""
        found: dict[int, list[str]] = {}
        posts = PostDescription.objects.visible_to(self._user).filter(pk__in=self.found.posts)
        sentences = posts.filter(shown__skills__sentence__gt="")
        for pk, sentence in sentences.values_list("pk", "shown__skills__sentence"):
            found.setdefault(pk, []).append(sentence)
        for pk, *texts in posts.values_list("pk", *OTHER_TEXTS):
            found.setdefault(pk, []).extend(line for text in texts for line in lines(text))
        return found

    @cached_property
    def _skills(self) -> dict[str, str]:
        return skill_names()

    @cached_property
    def facets(self) -> list[Facet]:
        """What the results can be narrowed to."""
        names = self._names()
        return [
            facet for kind in KINDS if (facet := _facet(kind, self._options(kind, names[kind])))
        ]

    @property
    def chosen(self) -> list[Option]:
        """What the results are narrowed to."""
        return [option for facet in self.facets for option in facet.options if option.is_chosen]

    @property
    def nearest_first(self) -> str:
        """The address with the results in the other order: those nearest to the words first."""
        return self.address.link(newest_first=False)

    @property
    def newest_first(self) -> str:
        """The address with the results in the other order: the newest first."""
        return self.address.link(newest_first=True)

    @property
    def only_typed(self) -> str:
        """The address that looks for the words typed and no others."""
        return self.address.link(only_typed=True)

    @property
    def with_others(self) -> str:
        """The address that looks for words that mean the same, too."""
        return self.address.link(only_typed=False)

    @property
    def wider(self) -> str:
        """The address that is narrowed to nothing."""
        return self.address.link(narrowing=Narrowing())

    @property
    def before(self) -> str:
        """The address of the page before this one; nothing on the first."""
        return self.address.link(page=self.found.page - 1) if self.found.page > 1 else ""

    @property
    def after(self) -> str:
        """The address of the page after this one; nothing on the last."""
        is_last = self.found.page >= self.found.pages
        return "" if is_last else self.address.link(page=self.found.page + 1)

    def _names(self) -> dict[str, Mapping[str, str]]:
        """The values of each kind in words, in the order in which they are read."""
        skills = self._skills
        bureaus = Bureau.objects.visible_to(self._user).in_bulk(
            [*map(int, self.found.counts["bureau"]), *self.address.narrowing.bureau]
        )
        return {
            "bureau": {str(pk): bureau.name for pk, bureau in bureaus.items()},
            "gained": skills,
            "required": skills,
            "grade": GRADE_NAMES,
            "place": {place: place for place in self.found.counts["place"] if place},
        }

    def _options(self, kind: str, names: Mapping[str, str]) -> list[Option]:
        """The values of a kind, those in most posts first, grades from the lowest."""
        counts = self.found.counts[kind]
        chosen = getattr(self.address.narrowing, kind)
        options = [
            Option(
                kind=kind,
                value=value,
                label=label,
                number=counts.get(value, 0),
                is_chosen=_typed(kind, value) in chosen,
                without=self.address.without(kind, _typed(kind, value)),
            )
            for value, label in names.items()
            if counts.get(value) or _typed(kind, value) in chosen
        ]
        return options if kind == "grade" else sorted(options, key=lambda each: -each.number)

    @property
    def included(self) -> list[tuple[str, tuple[str, ...]]]:
        """Words typed with those that were looked for as well."""
        return [(asked.typed, asked.included) for asked in self.query.asked if asked.included]

    @cached_property
    def meant(self) -> list[Meant]:
        """Other words for those that nothing was found for, where the search found nothing."""
        if self.found.before or not self.query:
            return []
        lost = [a for a in self.query.asked if not all_found(Query((a,)))][:MOST_WORDS_MEANT]
        return [
            Meant(each.word, each.posts, self.address.link(words=self._replaced(asked.typed, each)))
            for asked in lost
            for each in (meant(asked.typed) or complete(asked.typed))[:MOST_MEANT]
        ]

    def _replaced(self, typed: str, suggestion: Suggestion) -> str:
        return self.address.words.replace(typed, suggestion.word)


def _typed(kind: str, value: str) -> str | int:
    return int(value) if kind == "bureau" else value


def _facet(kind: str, options: list[Option]) -> Facet | None:
    if not options:
        return None
    number = OPEN_VALUES if len(options) >= OPEN_VALUES + FOLDED_AT_LEAST else len(options)
    late = [option for option in options[number:] if option.is_chosen]
    return Facet(
        kind=kind,
        label=LABELS[kind],
        options=(*options[:number], *late),
        folded=tuple(option for option in options[number:] if not option.is_chosen),
    )
