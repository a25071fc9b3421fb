"""What the portal holds about a person's search for posts, as files for himself."""

from __future__ import annotations

from collections.abc import Iterator

from career_portal.common.own_data import OwnFile, json_file
from career_portal.staff.models import User
from postings.models import CatalogueVisit, KeptPost


def files(user: User) -> Iterator[OwnFile]:
    """The posts kept with their notes, and the days of looking at what is new."""
    kept = KeptPost.objects.visible_to(user).select_related("post__shown", "post__section__bureau")
    yield json_file(
        "ポスト/保存したポスト.json",
        "リストに保存したポストと、自分だけのメモ。",
        [
            {
                "ポスト": row.post.title,
                "課室": row.post.section.full_name,
                "コード": row.post.code,
                "保存した日時": row.kept_at,
                "メモ": row.note,
            }
            for row in kept
        ],
    )
    yield json_file(
        "ポスト/新着を見た日.json",
        "ポストの新着のページを最後に見た日と、その前に見た日。前からの変化を示すために使います。",
        [
            {"最後に見た日": row.last_on, "その前に見た日": row.before_on}
            for row in CatalogueVisit.objects.visible_to(user)
        ],
    )
