"""The base of every form of the portal: Japanese sentences for errors, no browser validation."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from career_portal.common.text import UnreadableText, count_characters, exceeds, readable

# Code points that a character may have on average: beyond that a text hides another inside its marks.
LONGEST_CLUSTER = 20

CHOOSING_WIDGETS = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple)


class PortalFormHelper(FormHelper):
    """Draws a form with the portal's pack; errors of the whole form belong to the summary."""

    def __init__(self, *fields: object, form_id: str = "", submits_to: str = "") -> None:
        super().__init__()
        self.attrs = {"novalidate": True}
        self.form_class = "cp-form"
        self.form_id = form_id
        self.form_action = submits_to
        self.include_media = False
        if fields:
            self.layout = Layout(*fields)


class LongTextField(forms.CharField):
    """Text of several lines, kept as typed; ``limit`` counts as the counter beside it does."""

    widget = forms.Textarea
    default_error_messages = {
        "too_long": "%(limit)d文字以内で入力してください（現在%(length)d文字）",
    }

    def __init__(self, *, limit: int = 0, **kwargs: Any) -> None:
        self.limit = limit
        super().__init__(strip=False, **kwargs)

    def validate(self, value: str) -> None:
        """Blanks alone are no answer to a required field."""
        super().validate(value.strip())

    def to_python(self, value: Any) -> str:
        """The text with line feeds only; refused where it cannot be stored or is too long."""
        try:
            text = readable(super().to_python(value) or "")
        except UnreadableText as error:
            raise ValidationError(error.sentence, code="unreadable") from error
        if self.limit and (exceeds(text, self.limit) or len(text) > LONGEST_CLUSTER * self.limit):
            raise ValidationError(
                self.error_messages["too_long"],
                code="too_long",
                params={"limit": self.limit, "length": count_characters(text)},
            )
        return text


class PortalFormMixin(forms.BaseForm):
    """Errors as sentences that name their field, the same in the summary and beside the field.

    A field that brings its own sentence keeps it.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for bound in (self[name] for name in self.fields):
            for code, sentence in error_sentences(bound).items():
                if is_default_sentence(bound.field, code):
                    bound.field.error_messages[code] = sentence

    @property
    def helper(self) -> PortalFormHelper:
        """The layout of the form: all fields in order, unless a form says otherwise."""
        return PortalFormHelper()


def error_sentences(bound: BoundField) -> dict[str, str]:
    """What is said when this field is empty, too long or not understood."""
    label = str(bound.label)
    field = bound.field
    if isinstance(field, forms.BooleanField):
        return {"required": f"「{label}」に印を付けてください"}
    if isinstance(field.widget, CHOOSING_WIDGETS):
        chosen = f"{label}を選択してください"
        return {"required": chosen, "invalid_choice": chosen, "invalid_list": chosen}
    sentences = {"required": f"{label}を入力してください"}
    if isinstance(field, LongTextField):
        sentences["too_long"] = f"{label}は{field.default_error_messages['too_long']}"
    if getattr(field, "max_length", None):
        sentences["max_length"] = (
            f"{label}は%(limit_value)d文字以内で入力してください（現在%(show_value)d文字）"
        )
    if isinstance(field, (forms.DateField, forms.DateTimeField, forms.TimeField)):
        sentences["invalid"] = f"{label}を正しい日付や時刻で入力してください"
    return sentences


def is_default_sentence(field: forms.Field, code: str) -> bool:
    """Whether nobody gave this field a sentence of its own for this error."""
    given = field.error_messages.get(code)
    defaults = [getattr(kind, "default_error_messages", {}) for kind in type(field).__mro__]
    return given is None or any(given == known.get(code) for known in defaults)


class PortalForm(PortalFormMixin, forms.Form):
    """A form of the portal that is not tied to a model."""
