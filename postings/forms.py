"""What is typed about posts: descriptions, remarks in review, days and reasons."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from career_portal.common.clock import today
from career_portal.design.forms import LongTextField, PortalForm, PortalFormHelper
from career_portal.design.layout import Actions, Button, Disclosure, Fieldset, Link
from career_portal.design.layout import Section as FormSection
from career_portal.staff.models import Section
from postings.content import (
    GAINED,
    MOST_SKILLS,
    REQUIRED,
    SENTENCE_LIMIT,
    TEXTS,
    Line,
    PostContent,
    Problem,
    SkillLine,
)
from postings.models.posts import GRADES
from postings.models.skills import STRENGTHS, PostSkill

RELATIONS = (GAINED, REQUIRED)
LATEST_YEARS = 10
SKILL_ROWS_SHOWN = 3
FORM_ID = "description-form"
DAY_INPUT = forms.DateInput(attrs={"type": "date", "data-width": "medium"}, format="%Y-%m-%d")


def _text_field(line: Line) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": line.rows}) if line.is_long else forms.TextInput()
    return LongTextField(
        label=line.label, limit=line.limit, help_text=line.help, required=False, widget=widget
    )


def _numbers(relation: PostSkill.Relation) -> range:
    return range(1, MOST_SKILLS[relation] + 1)


def _parts(relation: str, number: int) -> tuple[str, str, str]:
    """The names of the three fields of one skill."""
    return (
        f"{relation}_{number}_skill",
        f"{relation}_{number}_strength",
        f"{relation}_{number}_sentence",
    )


def _fields() -> Iterator[tuple[str, forms.Field]]:
    """The fields that follow from the list of texts and from how many skills there may be."""
    for line in TEXTS:
        yield line.name, _text_field(line)
    for relation in RELATIONS:
        for number in _numbers(relation):
            skill, strength, sentence = _parts(relation, number)
            strengths = [("", "選択してください"), *STRENGTHS[relation].items()]
            yield skill, forms.ChoiceField(label="スキル", required=False)
            yield strength, forms.ChoiceField(label="強さ", choices=strengths, required=False)
            yield (
                sentence,
                LongTextField(
                    label="説明", limit=SENTENCE_LIMIT, required=False, widget=forms.TextInput()
                ),
            )


# A class as if its fields were written down one by one.
DescriptionFields: Any = type("DescriptionFields", (PortalForm,), dict(_fields()))


class DescriptionForm(DescriptionFields):
    """A whole description. A draft may be incomplete; what would keep it from being stored is said beside its field."""

    data: QueryDict

    edit = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    grade = forms.ChoiceField(label="職層", choices=[("", "選択してください"), *GRADES])
    next_review_on = forms.DateField(
        label="次の見直し",
        required=False,
        help_text="この日を過ぎると、編集担当と人事に知らせが届きます。",
        widget=DAY_INPUT,
    )

    def __init__(
        self, *args: Any, skills: Mapping[str, str], buttons: Actions, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._buttons = buttons
        for relation in RELATIONS:
            for number in _numbers(relation):
                field = self.fields[_parts(relation, number)[0]]
                field.choices = [("", "なし"), *skills.items()]
        self.fields["title"].required = True
        self.fields["title"].error_messages["required"] = "職名を入力してください"

    @property
    def content(self) -> PostContent:
        """What the fields say together; to be asked once the form is valid."""
        data = self.cleaned_data
        return PostContent(
            grade=data["grade"],
            next_review_on=data["next_review_on"],
            gained=self._skills(GAINED),
            required=self._skills(REQUIRED),
            **{line.name: data[line.name] for line in TEXTS},
        )

    def _skills(self, relation: PostSkill.Relation) -> tuple[SkillLine, ...]:
        rows = (
            [self.cleaned_data[name] for name in _parts(relation, number)]
            for number in _numbers(relation)
        )
        return tuple(
            SkillLine(code, int(strength), sentence) for code, strength, sentence in rows if code
        )

    def clean(self) -> dict[str, Any]:
        """A sentence without its skill, and a skill without its strength, are asked about rather than dropped."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for relation in RELATIONS:
            for number in _numbers(relation):
                skill, strength, sentence = _parts(relation, number)
                if data.get(skill) and not data.get(strength):
                    self.add_error(strength, f"{relation.label}{number}の強さを選択してください")
                if not data.get(skill) and data.get(sentence):
                    self.add_error(skill, f"{relation.label}{number}のスキルを選択してください")
        return data

    def go_on_from(self, edit: int) -> None:
        """Let the next save start from a later count than the one that was posted."""
        posted = self.data.copy()
        posted["edit"] = str(edit)
        self.data = posted

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Say beside the fields what keeps the description from being stored or reviewed."""
        for problem in problems:
            name = f"{problem.name}_1_skill" if problem.name in {GAINED, REQUIRED} else problem.name
            self.add_error(name, problem.sentence)

    def _skill_rows(self, relation: PostSkill.Relation) -> list[Fieldset | Disclosure]:
        """Rows for the skills there are and one more, at least three; the others are folded."""
        rows = [
            Fieldset(f"{number}つ目", *_parts(relation, number)) for number in _numbers(relation)
        ]
        used = [
            number
            for number in _numbers(relation)
            if any(self[name].value() or self.errors.get(name) for name in _parts(relation, number))
        ]
        open_rows = max(SKILL_ROWS_SHOWN, max(used, default=0) + 1)
        folded = rows[open_rows:]
        more = [Disclosure(f"{relation.label}をもっと加える", *folded)] if folded else []
        return [*rows[:open_rows], *more]

    @property
    def helper(self) -> PortalFormHelper:
        """In the order in which one reads a description."""
        helper = PortalFormHelper(
            "edit",
            FormSection("ポスト", "title", "grade", "place"),
            FormSection("仕事", "mission", "duties"),
            *(FormSection(relation.label, *self._skill_rows(relation)) for relation in RELATIONS),
            FormSection("キャリアパス", "stay", "career_before", "career_after"),
            FormSection("働き方", "telework", "travel", "busy_season", "team"),
            FormSection("そのほか", "additional", "contact", "next_review_on"),
            self._buttons,
            form_id=FORM_ID,
        )
        helper.form_class = "cp-form cp-description-form"
        return helper


def as_initial(content: PostContent) -> dict[str, Any]:
    """A description as the form starts with it."""
    initial: dict[str, Any] = {line.name: getattr(content, line.name) for line in TEXTS}
    initial |= {"grade": content.grade, "next_review_on": content.next_review_on}
    for relation in RELATIONS:
        for number, skill in enumerate(getattr(content, relation), start=1):
            values = (skill.code, skill.strength, skill.sentence)
            initial |= dict(zip(_parts(relation, number), values, strict=True))
    return initial


def with_stored(typed: QueryDict, stored: PostContent, names: Collection[str]) -> QueryDict:
    """What was posted, with what is stored in place of what was typed in some fields of the description."""
    data, initial = typed.copy(), as_initial(stored)
    for name in names:
        if name in {GAINED, REQUIRED}:
            relation = PostSkill.Relation(name)
            parts = [part for number in _numbers(relation) for part in _parts(name, number)]
        else:
            parts = [name]
        for part in parts:
            data[part] = str(initial.get(part) or "")
    return data


class SectionChoiceForm(PortalForm):
    """Of which section a new post is."""

    section: forms.ModelChoiceField[Section] = forms.ModelChoiceField(
        label="課室", queryset=None, empty_label="選択してください"
    )

    def __init__(self, *args: Any, sections: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["section"]
        field.queryset = sections  # type: ignore[attr-defined]  # a ModelChoiceField
        field.label_from_instance = lambda section: section.full_name  # type: ignore[attr-defined]

    @property
    def helper(self) -> PortalFormHelper:
        """The choice and the step to the description."""
        return PortalFormHelper(
            "section", Actions(Button("この課室のポストを書く", kind="primary"))
        )


class MoveForm(PortalForm):
    """What a move of a version asks for, posted to the address of the move."""

    def __init__(self, *args: Any, submits_to: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._submits_to = submits_to

    def _helper(self, *fields: object) -> PortalFormHelper:
        return PortalFormHelper(*fields, submits_to=self._submits_to)


class ApprovalForm(MoveForm):
    """From which day an approved version is shown."""

    publish_on = forms.DateField(
        label="公開する日",
        help_text="今日を選ぶと、すぐに公開されます。",
        widget=DAY_INPUT,
    )

    def clean_publish_on(self) -> datetime.date:
        """Today or later; years ahead is a slip of the hand."""
        day: datetime.date = self.cleaned_data["publish_on"]
        if day < today():
            raise forms.ValidationError("公開する日は、今日か、今日より後の日にしてください")
        if day.year > today().year + LATEST_YEARS:
            raise forms.ValidationError("公開する日が遠すぎます。年を確かめてください")
        return day

    @property
    def helper(self) -> PortalFormHelper:
        """The day and the button."""
        return self._helper("publish_on", Actions(Button("承認する", kind="primary")))


class RemarkForm(MoveForm):
    """Something said about a version, on one of its fields or the whole."""

    field = forms.ChoiceField(label="どこについて", required=False)
    text = LongTextField(label="コメント", limit=500)

    def __init__(self, *args: Any, labels: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", "全体"), *labels.items()]  # type: ignore[attr-defined]

    @property
    def helper(self) -> PortalFormHelper:
        """Both fields and the button."""
        return self._helper("field", "text", Actions(Button("コメントを書く")))


class ReasonForm(MoveForm):
    """Why: for sending a version back, or ending a publication."""

    reason = LongTextField(label="理由", limit=200)

    def __init__(
        self, *args: Any, button: str, back: str = "", help_text: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._button, self._back = button, back
        self.fields["reason"].help_text = help_text

    @property
    def helper(self) -> PortalFormHelper:
        """The reason, the button that names the act, the way back."""
        links = [Link("戻る", self._back)] if self._back else []
        return self._helper("reason", Actions(Button(self._button, kind="primary"), *links))


class SuccessorForm(PortalForm):
    """To which of its successors the posts of a reorganised section go."""

    successor: forms.ModelChoiceField[Section] = forms.ModelChoiceField(
        label="承継先の課室", queryset=None, empty_label="選択してください"
    )

    def __init__(self, *args: Any, successors: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._back = back
        field = self.fields["successor"]
        field.queryset = successors  # type: ignore[attr-defined]
        field.label_from_instance = lambda section: section.full_name  # type: ignore[attr-defined]

    @property
    def helper(self) -> PortalFormHelper:
        """The choice, the button, the way back."""
        return PortalFormHelper(
            "successor", Actions(Button("ポストを移す", kind="primary"), Link("戻る", self._back))
        )
