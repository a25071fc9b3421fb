"""What the frame of every page shows: the menu."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from career_portal.staff.roles import Role


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu."""

    label: str
    url: str
    current: bool = False


def navigation(request: HttpRequest) -> dict[str, list[MenuItem]]:
    """The menu of the signed-in person: what everybody has, and what his tasks add."""
    # A request refused before anybody looked who sends it, by its host name, has no user at all.
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    entries = [("ホーム", "home:home"), ("希望調書", "surveys:survey_index")]
    if user.supervises or user.has_role(Role.HR):
        entries.append(("提出された調書", "surveys:submission_list"))
    best = max(
        (reverse(name) for _, name in entries if request.path.startswith(reverse(name))),
        key=len,
    )
    return {
        "navigation": [
            MenuItem(label, reverse(name), current=reverse(name) == best) for label, name in entries
        ]
    }
