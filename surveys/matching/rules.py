"""How wishes and posts are brought together: plain set logic, every step of which can be read back.

A post is a hit where a skill is gained in it that the person wishes for. Nothing is added up to a score. The order:

1. more wishes answered as the centre of the work;
2. then more wishes answered through the work;
3. posts alike in both take turns by bureau, so that no bureau fills a page: first the first of each bureau by title,
   then the second of each, and so on;
4. then title, then the order of the posts' numbers.

What speaks against a post is named beside it: a skill that it cannot do without, and in which the person says that he
stands at the beginning. It moves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

CENTRAL, THROUGH = 3, 2
GAINED_PLACE, REQUIRED_PLACE, DUTIES_PLACE = (
    "習得が見込まれるスキル",
    "求められるスキル",
    "業務内容",
)
SURPRISES = 2
_PARTS_OF_A_NAME = re.compile("[・、]")


@dataclass(frozen=True)
class Quote:
    """Words as they stand somewhere, and where: 「③ 通商・貿易」「ぜひ経験したい」."""

    place: str
    words: str


@dataclass(frozen=True)
class OwnForm:
    """What a person's form says: wishes by skill, in its order, and skills at whose beginning he stands."""

    wishes: Mapping[str, Quote]
    beginnings: Mapping[str, Quote]


@dataclass(frozen=True)
class PostLine:
    """A skill of a post: its code and name, where it stands among those of its kind, strength and sentence."""

    code: str
    name: str
    number: int
    strength: int
    strength_in_words: str
    sentence: str


@dataclass(frozen=True)
class Post:
    """A post as far as wishes are concerned."""

    pk: int
    title: str
    section: int
    # The code, which outlives reorganisations.
    bureau: str
    duties: tuple[str, ...]
    gained: tuple[PostLine, ...]
    required: tuple[PostLine, ...]


@dataclass(frozen=True)
class Reason:
    """A wish and the line of the post that answers it; or the beginning, and the line that asks for more."""

    skill: str
    strength: int
    strength_in_words: str
    own: Quote
    post: Quote


@dataclass(frozen=True)
class Match:
    """A post with what speaks for it, the strongest first, and what speaks against it."""

    post: Post
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...]

    def answered(self, strength: int) -> int:
        """How many wishes it answers with that strength."""
        return sum(reason.strength == strength for reason in self.reasons)


def match(post: Post, form: OwnForm) -> Match | None:
    """The post with its reasons; None where it answers no wish."""
    order = {code: place for place, code in enumerate(form.wishes)}
    answering = sorted(
        (line for line in post.gained if line.code in form.wishes),
        key=lambda line: (-line.strength, order[line.code]),
    )
    if not answering:
        return None
    return Match(
        post,
        tuple(_reason(post, line, form.wishes[line.code], GAINED_PLACE) for line in answering),
        tuple(
            _reason(post, line, form.beginnings[line.code], REQUIRED_PLACE)
            for line in post.required
            if line.strength == CENTRAL and line.code in form.beginnings
        ),
    )


def _reason(post: Post, line: PostLine, own: Quote, place: str) -> Reason:
    quote = _quote(post, line, place)
    return Reason(line.code, line.strength, line.strength_in_words, own, quote)


def _quote(post: Post, line: PostLine, place: str) -> Quote:
    """The sentence about the skill; where there is none a duty that names it, else the skill's name itself."""
    here = f"{place} {line.number}"
    if line.sentence.strip():
        return Quote(here, line.sentence)
    for number, duty in enumerate(post.duties, start=1):
        if any(part in duty for part in _PARTS_OF_A_NAME.split(line.name) if len(part) > 1):
            return Quote(f"{DUTIES_PLACE} {number}", duty)
    return Quote(here, line.name)


def matches(posts: Iterable[Post], form: OwnForm, *, sections: Collection[int]) -> list[Match]:
    """All hits in order, but posts of the sections in which the person works now."""
    found = [
        hit
        for post in posts
        if post.section not in sections and (hit := match(post, form)) is not None
    ]
    found.sort(key=lambda hit: (*_rank(hit), hit.post.title, hit.post.pk))
    return list(_spread(found))


def _rank(hit: Match) -> tuple[int, int]:
    return -hit.answered(CENTRAL), -hit.answered(THROUGH)


def _spread(ordered: Sequence[Match]) -> Iterator[Match]:
    """The hits of a rank take turns by bureau."""
    turns: dict[tuple[tuple[int, int], str], int] = {}
    placed = []
    for place, hit in enumerate(ordered):
        rank = _rank(hit)
        turn = turns.get((rank, hit.post.bureau), 0)
        turns[rank, hit.post.bureau] = turn + 1
        placed.append((rank, turn, place, hit))
    yield from (hit for *_, hit in sorted(placed, key=lambda entry: entry[:3]))


def surprises(ordered: Sequence[Match], *, shown: int, bureaus: Collection[str]) -> list[Match]:
    """Two hits beyond the first `shown`, of two bureaus in which the person has never worked."""
    found: list[Match] = []
    for hit in ordered[shown:]:
        known = {*bureaus, *(other.post.bureau for other in found)}
        if hit.post.bureau not in known and len(found) < SURPRISES:
            found.append(hit)
    return found
