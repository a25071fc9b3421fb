"""What the form templates of the pack ask about a field: ``{% load portal_forms %}``."""

from django import template
from django.forms import (
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    Textarea,
)
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from career_portal.common.text import count_characters

register = template.Library()


@register.filter
def kind_of_control(field: BoundField) -> str:
    """Which branch of ``field.html`` draws this field."""
    widget = field.field.widget
    if isinstance(widget, CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, RadioSelect):
        return "radios"
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    if isinstance(widget, Textarea):
        return "textarea"
    return "single"


@register.filter
def described_by(field: BoundField) -> str:
    """Ids of the texts that belong to a control: the error is read before the support text."""
    ids = [f"{field.auto_id}_error"] if field.errors else []
    ids += [f"{field.auto_id}_helptext"] if field.help_text else []
    return " ".join(ids)


@register.filter
def counter_maximum(field: BoundField) -> int:
    """The limit that the counter of a long text shows; 0 for none."""
    limit: int = getattr(field.field, "limit", 0)
    return limit


@register.filter
def typed_length(field: BoundField) -> int:
    """Length of what stands in the field now, counted as its limit counts."""
    return count_characters(str(field.value() or ""))


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The control itself with the house's class and the texts that describe it.

    Placeholders and ``maxlength`` are left out: the first vanish while one types, the second cuts
    off in UTF-16 units, without a word.
    """
    attrs: dict[str, str | bool] = {"placeholder": False, "maxlength": False}
    attrs["class"] = f"{control_class(field)} {field.field.widget.attrs.get('class', '')}".strip()
    if described_by(field):
        attrs["aria-describedby"] = described_by(field)
    if kind_of_control(field) == "textarea" and counter_maximum(field):
        attrs["data-counter-max"] = str(counter_maximum(field))
        attrs["data-counter"] = f"{field.auto_id}_counter"
    return field.as_widget(attrs=attrs)


def control_class(field: BoundField) -> str:
    """The class that the stylesheet draws this control by."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "cp-checkbox"
    if isinstance(widget, Textarea):
        return "cp-textarea"
    if isinstance(widget, Select):
        return "cp-select"
    return "cp-input"
