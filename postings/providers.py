"""What other parts of the portal add to the pages of posts. Settings name them; this app knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from career_portal.staff.models import User
from postings.describing import Description
from postings.models import PostDescription


@dataclass(frozen=True)
class PostAction:
    """Something to do with a post by one press: the address takes a POST. `done` says that it has been done."""

    label: str
    url: str
    done: str = ""


@dataclass(frozen=True)
class PostPanel:
    """A panel beside a post, for the person who looks at it alone."""

    template: str
    values: Mapping[str, object]


ActionProvider = Callable[[User], Callable[[PostDescription], PostAction | None]]
PanelProvider = Callable[[User, PostDescription, Description], PostPanel | None]


class PostActions:
    """What one person can do with posts, asked once for a whole page."""

    def __init__(self, user: User) -> None:
        providers: list[ActionProvider] = [
            import_string(name) for name in settings.POST_ACTION_PROVIDERS
        ]
        self._offers = [provider(user) for provider in providers]

    def on(self, post: PostDescription) -> list[PostAction]:
        """The actions that are offered for a post."""
        return [action for offer in self._offers if (action := offer(post)) is not None]


def panels_beside(user: User, post: PostDescription, description: Description) -> list[PostPanel]:
    """The panels beside a post, of which the description is at hand."""
    providers: list[PanelProvider] = [import_string(name) for name in settings.POST_PANEL_PROVIDERS]
    return [
        panel for provider in providers if (panel := provider(user, post, description)) is not None
    ]
