"""What several pages of the catalogue share."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.urls import reverse

from career_portal.common.era import date_in_words, moment
from career_portal.design.components import ChipKind, Crumb
from career_portal.staff.models import User
from postings.content import LABELS
from postings.models import PostDescription, PostVersion, ReviewComment

Stage = PostVersion.Stage
KINDS: dict[str, ChipKind] = {
    Stage.DRAFT: "doing",
    Stage.IN_REVIEW: "waiting",
    Stage.APPROVED: "waiting",
    Stage.RELEASED: "done",
}


@dataclass(frozen=True)
class Remark:
    """Something that was said about a version in its review."""

    about: str
    text: str
    said: str
    sends_back: bool


def remarks_on(user: User, version: PostVersion) -> tuple[Remark, ...]:
    """What was said about a version, the oldest first."""
    comments = ReviewComment.objects.visible_to(user).filter(version=version)
    return tuple(
        Remark(
            about=LABELS.get(comment.field, "全体"),
            text=comment.text,
            said=said_by(comment.written_at, comment.author),
            sends_back=comment.sends_back,
        )
        for comment in comments.select_related("author")
    )


def said_by(at: datetime.datetime | None, person: User | None) -> str:
    """When something happened, and by whom; nothing where it has not."""
    return f"{moment(at)}　{person.display_name}" if at and person else ""


def manage_crumb() -> Crumb:
    """The way back to the list of posts that one writes."""
    return Crumb("ポストの編集", reverse("postings:manage_list"))


def post_crumb(post: PostDescription) -> Crumb:
    """The way back to a post as readers see it; nowhere before it has been shown."""
    if post.shown_id is None:
        return manage_crumb()
    return Crumb(post.title, reverse("postings:post_detail", args=[post.pk]))


def stage_in_words(version: PostVersion, post: PostDescription) -> str:
    """Where a version stands, as people say it: the one shown, one replaced, one that waits for its day."""
    if version.stage == Stage.APPROVED and version.publish_on:
        return f"{date_in_words(version.publish_on)}に公開"
    if version.stage != Stage.RELEASED:
        return version.get_stage_display()
    if version.pk != post.shown_id:
        return "前の版"
    return str(post.state.label)
