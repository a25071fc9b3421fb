"""Layout objects of the ``portal`` pack, for crispy layouts inside form classes."""

from collections.abc import Sequence
from typing import ClassVar

from crispy_forms.layout import LayoutObject
from django.forms import BaseForm
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class Container(LayoutObject):
    """Fields inside markup of the pack; ``values`` is what its template prints."""

    template: ClassVar[str]

    def __init__(self, *fields: object, **values: object) -> None:
        self.fields = list(fields)
        self.values = values

    def render(
        self, form: BaseForm, context: Context, template_pack: str = "portal", **kwargs: object
    ) -> SafeString:
        """The markup with its fields, drawn by the template of the pack in use."""
        inner = self.get_rendered_fields(form, context, template_pack, **kwargs)
        around = {str(name): value for name, value in context.flatten().items()}
        return render_to_string(
            f"{template_pack}/layout/{self.template}.html",
            {**around, **self.values, "fields": inner},
        )


class Section(Container):
    """Fields below a heading of their own."""

    template = "section"

    def __init__(self, heading: str, *fields: object, lead: str = "") -> None:
        super().__init__(*fields, heading=heading, lead=lead)


class Fieldset(Container):
    """Fields that answer one question together."""

    template = "fieldset"

    def __init__(self, legend: str, *fields: object, support: str = "") -> None:
        super().__init__(*fields, legend=legend, support=support)


class Disclosure(Container):
    """Fields that few people need, folded to one line."""

    template = "disclosure"

    def __init__(self, summary: str, *fields: object) -> None:
        super().__init__(*fields, summary=summary)


class Notice(Container):
    """A sentence that must be read before the fields below it; tones as of the notice tag."""

    template = "notice"

    def __init__(self, text: str, tone: str = "info", title: str = "") -> None:
        super().__init__(text=text, tone=tone, title=title)


class Button(Container):
    """A submit button; ``kind`` is primary, outline, text or danger."""

    template = "button"

    def __init__(self, label: str, kind: str = "outline", name: str = "", value: str = "") -> None:
        super().__init__(label=label, kind=kind, name=name, value=value)


class Link(Container):
    """A way out beside the buttons."""

    template = "link"

    def __init__(self, label: str, url: str) -> None:
        super().__init__(label=label, url=url)


class Actions(Container):
    """The row of buttons at the end: one primary, then what else one may do."""

    template = "actions"

    def __init__(self, *buttons: Button | Link | Sequence[object]) -> None:
        super().__init__(*buttons)
