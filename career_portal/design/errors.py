"""Errors of a form as lines of the summary, worded as they stand beside the fields."""

from django.forms import BaseForm, CheckboxSelectMultiple, MultiWidget, RadioSelect
from django.forms.boundfield import BoundField

from career_portal.design.components import ErrorLink


def control_id(field: BoundField) -> str:
    """The id that a link to this field must lead to: of a group, that of its first option."""
    widget = field.field.widget
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple, MultiWidget)):
        return f"{field.auto_id}_0"
    return field.auto_id


def error_links(form: BaseForm) -> list[ErrorLink]:
    """Errors of the whole form first, then field by field in the order of the page."""
    links = [ErrorLink(str(message)) for message in form.non_field_errors()]
    for field in form.visible_fields():
        links += [ErrorLink(str(message), control_id(field)) for message in field.errors]
    return links
