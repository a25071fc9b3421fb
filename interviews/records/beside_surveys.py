"""What earlier talks add to the task list of the hope survey: what is still open."""

from __future__ import annotations

from django.urls import reverse

from career_portal.staff.models import User
from interviews.records.agreements import own_open_agreements
from interviews.records.pages import shown_actions
from surveys.providers import FormPanel

AT_ONCE = 5


def actions_panel(user: User) -> FormPanel | None:
    """What the person's talks left open; nothing where nothing is."""
    found = list(own_open_agreements(user))
    if not found:
        return None
    back = reverse("surveys:survey_index")
    return FormPanel(
        "interviews/_actions_panel.html",
        {"actions": shown_actions(found[:AT_ONCE], back), "more": max(0, len(found) - AT_ONCE)},
    )
