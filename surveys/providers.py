"""What other parts of the portal add to the pages of a form. Settings name them; this app knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from career_portal.staff.models import User


@dataclass(frozen=True)
class FormPanel:
    """A panel beside the task list of a form, for its writer alone."""

    template: str
    values: Mapping[str, object]


PanelProvider = Callable[[User], FormPanel | None]


def panels_beside_form(user: User) -> list[FormPanel]:
    """The panels beside the task list while the form takes answers."""
    providers: list[PanelProvider] = [import_string(name) for name in settings.FORM_PANEL_PROVIDERS]
    return [panel for provider in providers if (panel := provider(user)) is not None]
