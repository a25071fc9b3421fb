"""The catalogue of posts: every section's posts described, most of them shown, some in every other stage."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from random import Random

from career_portal.home.demonstration.bulk import BulkTable, settle
from career_portal.home.demonstration.organisation_history import Unit
from career_portal.home.demonstration.post_texts import Describer, SectionTexts, Texts
from career_portal.home.demonstration.seats import HOME_SECTION, Level
from career_portal.home.demonstration.timeline import JST
from career_portal.skills.models import Skill
from career_portal.staff.models.assignments import Grade
from postings.content import GAINED, PLAIN_FIELDS, REQUIRED, PostContent
from postings.models import PostDescription, PostSkill, PostVersion, ReviewComment, VersionWriter
from postings.search import index_services

Stage = PostVersion.Stage

# The posts somebody of a level looks at: his own grade and the next.
WITHIN_REACH = {
    Level.CLERK: (Grade.OFFICIAL, Grade.SENIOR_OFFICIAL, Grade.UNIT_CHIEF),
    Level.CHIEF: (Grade.UNIT_CHIEF, Grade.DEPUTY_DIRECTOR),
}


@dataclass(frozen=True)
class Every:
    """One of so many posts, counted from the first of them."""

    posts: int
    first: int

    def falls_on(self, count: int) -> bool:
        """Whether the post so counted is one of them."""
        return count % self.posts == self.first


REWRITTEN = Every(4, 0)
STAGED = {Stage.DRAFT: Every(40, 1), Stage.IN_REVIEW: Every(60, 2), Stage.APPROVED: Every(120, 3)}
OVERDUE = Every(50, 9)
# A section always has so many posts to read; only those beyond were never shown, or are archived.
READABLE = 2
NEVER_SHOWN = Every(30, 5)
ARCHIVED = Every(12, 7)
ENDED = "業務の見直しにより、ほかのポストに統合しました。"
REMARKS = (
    ("duties", "2つ目の業務は、だれと一緒に進めるのかが分かると、読む人が想像しやすくなります。"),
    ("", "全体に分かりやすい文章です。忙しい時期の書き方だけ、もう一度見てください。"),
)
REVIEW_AFTER = datetime.timedelta(days=365)
# The versions shown are up to so many days old.
SPREAD_DAYS = 140


@dataclass(frozen=True)
class CatalogueOfficers:
    """Who wrote and who approved, by the ids of their accounts: two HR officers, the editor of the home section."""

    writer: int
    approver: int
    editor: int


@dataclass(frozen=True)
class Written:
    """When a version was written, by whom, and who approved it the same day, if anybody did."""

    day: datetime.date
    writer: int
    approver: int | None = None


@dataclass(frozen=True, eq=False)
class Post:
    """A published post, with its words as a form keeps them."""

    pk: int
    unit: Unit
    grade: str
    in_words: str


class Catalogue:
    """The posts of the catalogue by field."""

    def __init__(self) -> None:
        self._by_field: dict[str, list[Post]] = {}

    def add(self, post: Post) -> None:
        """Take in a published post."""
        self._by_field.setdefault(post.unit.field_code, []).append(post)

    def draw(self, field_code: str, level: Level, random: Random) -> Post:
        """A post in a field, of a grade within reach where there is one."""
        posts = self._by_field[field_code]
        grades = WITHIN_REACH.get(level, (Grade.DEPUTY_DIRECTOR,))
        return random.choice([post for post in posts if post.grade in grades] or posts)


class CatalogueTables:
    """The rows of posts and versions on their way into their tables."""

    def __init__(self) -> None:
        self.posts = BulkTable(
            PostDescription, "code", "section", "shown", "archived_on", "archive_reason"
        )
        self._versions = BulkTable(
            PostVersion,
            "post",
            "number",
            "stage",
            *PLAIN_FIELDS,
            "edit",
            "edited_by",
            "edited_at",
            "submitted_by",
            "submitted_at",
            "approved_by",
            "approved_at",
            "publish_on",
            "released_on",
        )
        self._skills = BulkTable(
            PostSkill, "version", "relation", "skill", "strength", "sentence", "sort_order"
        )
        self._writers = BulkTable(VersionWriter, "version", "user")
        self._skill_ids = dict(Skill.objects.in_use().values_list("code", "pk"))

    def add_version(
        self,
        post: int,
        number: int,
        content: PostContent,
        written: Written,
        *,
        stage: PostVersion.Stage = Stage.RELEASED,
    ) -> int:
        """Take in a version, by default one that was shown on the day it was written; one to come, next month."""
        at = datetime.datetime.combine(written.day, datetime.time(9, 20), tzinfo=JST)
        is_submitted, is_approved = stage != Stage.DRAFT, written.approver is not None
        is_shown = stage == Stage.RELEASED
        publish_on = written.day if is_shown else _next_month(written.day)
        version = self._versions.add(
            post,
            number,
            stage,
            *(getattr(content, name) for name in PLAIN_FIELDS),
            1,
            written.writer,
            at,
            written.writer if is_submitted else None,
            at if is_submitted else None,
            written.approver,
            at if is_approved else None,
            publish_on if is_approved else None,
            written.day if is_shown else None,
        )
        for relation in (GAINED, REQUIRED):
            for order, line in enumerate(getattr(content, relation), start=1):
                self._skills.add(
                    version,
                    relation,
                    self._skill_ids[line.code],
                    line.strength,
                    line.sentence,
                    order,
                )
        self._writers.add(version, written.writer)
        return version

    def flush(self) -> None:
        """Write all rows."""
        for table in (self.posts, self._versions, self._skills, self._writers):
            table.flush()


def _next_month(day: datetime.date) -> datetime.date:
    return (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)


class CatalogueWriter:
    """Decides what became of each post, and puts it down."""

    def __init__(
        self, units: list[Unit], officers: CatalogueOfficers, today: datetime.date, random: Random
    ) -> None:
        self.catalogue = Catalogue()
        self.tables = CatalogueTables()
        self.open_at_home: list[int] = []
        self._describer = Describer(units, random)
        self._officers = officers
        self._today = today
        self._random = random
        self._count = 0
        self._spare = 0

    def write_section(self, unit: Unit, texts: SectionTexts) -> None:
        """Take in the posts of one section."""
        for number, authored in enumerate(texts.posts, start=1):
            self._count += 1
            content = self._describer.describe(unit, texts.mission, authored)
            self._write_post(unit, number, content)

    def _write_post(self, unit: Unit, number_in_section: int, content: PostContent) -> None:
        post, officers = self.tables.posts.next_id, self._officers
        code = f"{unit.code}-{number_in_section}"
        is_spare = number_in_section > READABLE
        self._spare += is_spare
        if is_spare and NEVER_SHOWN.falls_on(self._spare):
            self.tables.add_version(
                post, 1, content, Written(self._today, officers.writer), stage=Stage.DRAFT
            )
            self.tables.posts.add(code, unit.pk, None, None, "")
            return
        number, shown, content = self._write_shown(post, content)
        is_archived = is_spare and ARCHIVED.falls_on(self._spare) and unit.code != HOME_SECTION
        self.tables.posts.add(
            code,
            unit.pk,
            shown,
            self._today - datetime.timedelta(days=30) if is_archived else None,
            ENDED if is_archived else "",
        )
        if not is_archived:
            self._write_open(post, number + 1, unit, content)
            in_words = f"{unit.bureau_name} {unit.name}　{content.title}"
            self.catalogue.add(Post(post, unit, content.grade, in_words))

    def _write_shown(self, post: int, content: PostContent) -> tuple[int, int, PostContent]:
        """The version shown, after an earlier one for some: its number, its id and what it says."""
        officers, number = self._officers, 1
        shown_on = self._today - datetime.timedelta(days=self._random.randrange(1, SPREAD_DAYS))
        if OVERDUE.falls_on(self._count):
            shown_on -= REVIEW_AFTER
        content = replace(content, next_review_on=shown_on + REVIEW_AFTER)
        if REWRITTEN.falls_on(self._count):
            earlier = shown_on - REVIEW_AFTER
            first = replace(self._as_it_was(content), next_review_on=shown_on)
            self.tables.add_version(
                post, 1, first, Written(earlier, officers.approver, officers.writer)
            )
            number = 2
        written = Written(shown_on, officers.writer, officers.approver)
        return number, self.tables.add_version(post, number, content, written), content

    def _write_open(self, post: int, number: int, unit: Unit, content: PostContent) -> None:
        """A version on its way, where the post has one."""
        officers = self._officers
        if unit.code == HOME_SECTION and len(self.open_at_home) < 2:
            stage = Stage.DRAFT if self.open_at_home else Stage.IN_REVIEW
            written = Written(self._today, officers.editor)
            changed = self._as_it_was(content)
            self.open_at_home.append(
                self.tables.add_version(post, number, changed, written, stage=stage)
            )
            return
        for stage, every in STAGED.items():
            if not every.falls_on(self._count):
                continue
            approver = officers.approver if stage == Stage.APPROVED else None
            written = Written(self._today, officers.writer, approver)
            changed = self._as_it_was(content)
            self.tables.add_version(post, number, changed, written, stage=stage)
            return

    def _as_it_was(self, content: PostContent) -> PostContent:
        """The description with some of it said otherwise."""
        first, *others = content.gained
        # The sentence speaks of the strength, so it changes with it, and only with it.
        if first.strength > 1:
            first = self._describer.skill(GAINED, first.code, first.strength - 1)
        return replace(
            content,
            busy_season=self._describer.bank.one("ways", "busy_season"),
            team=self._describer.bank.one("ways", "team"),
            duties=content.duties.rsplit("\n", 1)[0]
            if content.duties.count("\n") > 2
            else content.duties,
            gained=(first, *others),
        )


def write_catalogue(
    units: list[Unit], officers: CatalogueOfficers, today: datetime.date, random: Random
) -> Catalogue:
    """Describe the posts of all of today's sections."""
    writer = CatalogueWriter(units, officers, today, random)
    texts = Texts()
    for unit in units:
        if not unit.is_leadership:
            writer.write_section(unit, texts.of(unit))
    writer.tables.flush()
    # Without knowing the new sizes the planner takes minutes over what takes seconds.
    settle([PostDescription, PostVersion, PostSkill])
    index_services.refresh_all(index_services.all_posts())
    for field, text in REMARKS:
        ReviewComment.objects.create(
            version_id=writer.open_at_home[0],
            field=field,
            text=text,
            author_id=officers.approver,
        )
    return writer.catalogue
