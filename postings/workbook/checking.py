"""What importing rows would do to the posts as they are now, row by row. Nothing here asks the database or changes anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from postings.content import Change, PostContent, compare, storable
from postings.models import PostVersion
from postings.workbook.columns import first_column
from postings.workbook.reading import CellProblem, PostRow, same
from postings.workbook.storing import base_of, fingerprint

UNKNOWN = "このコードのポストはないか、担当の範囲にありません。新しいポストは、コードを空欄にしてください。"
OTHER_UNIT = "課室が、このポストの今の課室（{}）と違います。ポストを課室の間で移すことは、この表ではできません。"
NO_BASE = "書き出したときの版が分かりません。書き出したファイルのこの列は、変えないでください。"
STALE = "書き出したあとに、このポストの文章が保存されました。もう一度書き出して、新しい文章に書き直してください。"
ON_ITS_WAY = "確認中または公開待ちの版があります。その版が公開されるか下書きに戻ってから、書き出し直してください。"
HIDDEN = "この行は非表示になっています。表示して内容を確かめてから、もう一度選んでください。"
DOUBLE_CODE = "同じコードが2行以上にあります（{}行目）。1行だけ残してください。"
DOUBLE_POST = "{}行目と同じ内容です。1行だけ残してください。"
NO_UNIT = "局・庁と課室を入力してください。"
UNKNOWN_UNIT = "「{}」という課室は今ありません。選択肢の表にある名称で入力してください。"
AMBIGUOUS_UNIT = "「{}」という課室がいくつかあります。部・グループも入力してください。"
FAR_UNIT = "「{}」は担当の範囲の外です。"


class Kind(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class CurrentPost:
    """A post in somebody's care with what it says now: its open version, else the one shown."""

    pk: int
    code: str
    section: int
    unit: tuple[str, str, str]
    version: int
    number: int
    edit: int
    stage: str
    is_archived: bool
    content: PostContent


@dataclass(frozen=True)
class SectionEntry:
    """A section of today by the names that it goes by."""

    pk: int
    bureaus: tuple[str, ...]
    division: str
    name: str
    in_care: bool


@dataclass(frozen=True)
class Finding:
    """What becomes of a row, and why."""

    row: PostRow
    kind: Kind
    post: CurrentPost | None = None
    section: int | None = None
    problems: tuple[CellProblem, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass
class Check:
    """The posts in the care of whoever imports, today's sections, the framework's names, and how cells are named.

    `added` are posts (by id) that earlier imports added, by section and what their row said, whatever they say now.
    """

    posts: Iterable[CurrentPost]
    sections: Iterable[SectionEntry]
    skills: Mapping[str, str]
    reference: Callable[[int, str], str]
    added: Mapping[tuple[int, PostContent], int] = field(default_factory=dict)
    _first: dict[tuple[int, PostContent], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_code = {post.code: post for post in self.posts}
        by_pk = {post.pk: post for post in self._by_code.values()}
        self._said = {said: by_pk[pk] for said, pk in self.added.items() if pk in by_pk}
        self._said |= {
            (post.section, post.content): post for post in by_pk.values() if not post.is_archived
        }
        self._units: dict[str, list[SectionEntry]] = {}
        for section in self.sections:
            self._units.setdefault(same(section.name), []).append(section)

    def run(self, rows: Sequence[PostRow]) -> Iterator[Finding]:
        """The findings in the order of the rows."""
        codes = Counter(row.code for row in rows if row.code)
        lines: dict[str, list[int]] = {}
        for row in rows:
            if codes[row.code] > 1:
                lines.setdefault(row.code, []).append(row.number)
        for row in rows:
            if row.code in lines:
                named = "、".join(f"{number:,}" for number in lines[row.code][:5])
                yield self._refused(row, "code", DOUBLE_CODE.format(named))
            elif row.code:
                yield self._known(row)
            else:
                yield self._new(row)

    def _refused(self, row: PostRow, name: str, sentence: str, **about: CurrentPost) -> Finding:
        cell = CellProblem(self.reference(row.number, name), sentence)
        return Finding(row, Kind.REFUSED, problems=(*row.problems, cell), post=about.get("post"))

    def _unstorable(self, row: PostRow) -> tuple[CellProblem, ...]:
        return tuple(
            CellProblem(self.reference(row.number, first_column(problem.name)), problem.sentence)
            for problem in storable(row.content, self.skills)
        )

    def _known(self, row: PostRow) -> Finding:
        """A row about a post that is there."""
        post = self._by_code.get(row.code)
        if post is None:
            return self._refused(row, "code", UNKNOWN)
        if row.problems:
            return Finding(row, Kind.REFUSED, post, problems=row.problems)
        if tuple(map(same, row.unit)) != tuple(map(same, post.unit)):
            sentence = OTHER_UNIT.format(" ".join(filter(None, post.unit)))
            return self._refused(row, "section", sentence, post=post)
        base = base_of(row.base)
        is_untouched = base is not None and base.mark == fingerprint(row.content)
        if row.content == post.content or is_untouched:
            return Finding(row, Kind.UNCHANGED, post)
        if row.is_hidden:
            return self._refused(row, "code", HIDDEN, post=post)
        if base is None:
            return self._refused(row, "base", NO_BASE, post=post)
        if post.stage in {PostVersion.Stage.IN_REVIEW, PostVersion.Stage.APPROVED}:
            return self._refused(row, "code", ON_ITS_WAY, post=post)
        if (base.number, base.edit) != (post.number, post.edit):
            return self._refused(row, "base", STALE, post=post)
        if problems := self._unstorable(row):
            return Finding(row, Kind.REFUSED, post, problems=problems)
        changes = compare(post.content, row.content, self.skills)
        return Finding(row, Kind.CHANGED, post, changes=changes)

    def _new(self, row: PostRow) -> Finding:
        """A row about a post that is not there yet."""
        if row.problems:
            return Finding(row, Kind.REFUSED, problems=row.problems)
        found = self._section(row.unit)
        if isinstance(found, str):
            return self._refused(row, "section", found)
        if problems := self._unstorable(row):
            return Finding(row, Kind.REFUSED, problems=problems)
        said = (found, row.content)
        if post := self._said.get(said):
            return Finding(row, Kind.UNCHANGED, post)
        if row.is_hidden:
            return self._refused(row, "title", HIDDEN)
        if self._first.setdefault(said, row.number) != row.number:
            return self._refused(row, "title", DOUBLE_POST.format(f"{self._first[said]:,}"))
        changes = compare(PostContent(), row.content, self.skills)
        return Finding(row, Kind.ADDED, section=found, changes=changes)

    def _section(self, unit: tuple[str, str, str]) -> int | str:
        """The section that a row names, or what is wrong with the name."""
        bureau, division, name = map(same, unit)
        if not bureau or not name:
            return NO_UNIT
        said = " ".join(filter(None, unit))[:120]
        found = [
            section
            for section in self._units.get(name, ())
            if bureau in map(same, section.bureaus)
            and (not division or division == same(section.division))
        ]
        # Without a division the one that has none is meant.
        exact = [section for section in found if same(section.division) == division]
        found = exact or found
        if len(found) != 1:
            return (AMBIGUOUS_UNIT if found else UNKNOWN_UNIT).format(said)
        return found[0].pk if found[0].in_care else FAR_UNIT.format(said)
