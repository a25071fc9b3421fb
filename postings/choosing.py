"""The posts that a visitor has put aside: kept on his list, and chosen to be compared."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from career_portal.common.errors import RuleViolation
from career_portal.common.sessions import SessionStore
from career_portal.staff.http import page_to_return_to
from career_portal.staff.models import User
from postings.models import KeptPost

COMPARED_AT_MOST = 3
COMPARED_KEY = "compared_posts"


class ComparisonFull(RuleViolation):
    """Three posts are being compared already."""

    sentence = "比較できるのは3件までです。どれかを比較から外すと、入れられます。"


def compared_posts(session: SessionStore) -> list[int]:
    """The ids of the posts chosen to be compared, in the order of choosing."""
    return list(session.get(COMPARED_KEY, []))


def compare_too(session: SessionStore, post: int) -> None:
    """Choose one more post. Raises ComparisonFull."""
    chosen = compared_posts(session)
    if post in chosen:
        return
    if len(chosen) >= COMPARED_AT_MOST:
        raise ComparisonFull
    session[COMPARED_KEY] = [*chosen, post]


def compare_no_more(session: SessionStore, post: int) -> None:
    """Take a post out of the comparison."""
    session[COMPARED_KEY] = [each for each in compared_posts(session) if each != post]


def comparison_address(posts: Sequence[int]) -> str:
    """The address of a comparison, which can be sent to others."""
    query = urlencode([("post", post) for post in posts])
    return f"{reverse('postings:post_compare')}{'?' if query else ''}{query}"


def list_to_return_to(request: HttpRequest, post: int, otherwise: str) -> str:
    """The page from which a post was chosen, at that post where it stood in a list."""
    back = page_to_return_to(request, otherwise)
    return f"{back}#choose-{post}" if request.POST.get("row") and "#" not in back else back


class PostChoices:
    """What a visitor has put aside, asked for once when a page first needs it."""

    def __init__(self, user: User, session: SessionStore) -> None:
        self._user, self._session = user, session

    @cached_property
    def kept(self) -> frozenset[int]:
        """The ids of the posts on his list."""
        rows = KeptPost.objects.visible_to(self._user)
        return frozenset(rows.values_list("post_id", flat=True))

    @cached_property
    def compared(self) -> list[int]:
        """The ids of the posts that he compares."""
        return compared_posts(self._session)

    @property
    def comparison(self) -> str:
        """The address of the comparison."""
        return comparison_address(self.compared)


def post_choices(request: HttpRequest) -> dict[str, PostChoices]:
    """For every page: `post_choices`, which costs nothing where no post is listed."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {"post_choices": PostChoices(user, request.session)}  # type: ignore[arg-type]  # ours
