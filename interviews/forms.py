"""What is typed about times: a slot or a series, up to three proposals, a move, a reason."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from career_portal.design.forms import LongTextField, PortalForm, PortalFormHelper
from career_portal.design.layout import Actions, Button, Disclosure, Fieldset, Link
from career_portal.staff.models import User
from interviews.booking.lines import PLACE_BREAKS, is_one_line
from interviews.booking.offering_services import Offer
from interviews.booking.working_time import at
from interviews.kinds import Kind
from interviews.models import Interview, InterviewSlot
from interviews.models.proposals import MOST_TIMES

Audience = InterviewSlot.Audience
LENGTHS = [(minutes, f"{minutes}分") for minutes in (15, 30, 45, 60, 90)]
BUFFERS = [(0, "なし"), (10, "10分"), (15, "15分"), (30, "30分")]
USUAL_LENGTH = 45
LONGEST_PLACE = 120


def _day(label: str, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "data-width": "medium"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def _time(label: str, **options: Any) -> forms.TimeField:
    widget = forms.TimeInput(
        attrs={"type": "time", "data-width": "short", "step": "900"}, format="%H:%M"
    )
    return forms.TimeField(label=label, widget=widget, **options)


def _length() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label="長さ", choices=LENGTHS, coerce=int, initial=USUAL_LENGTH)


def _place() -> LongTextField:
    return LongTextField(
        label="場所",
        limit=LONGEST_PLACE,
        required=False,
        widget=forms.TextInput(),
        help_text="例：別館3階 打合せ室B",
    )


def _link() -> forms.URLField:
    return forms.URLField(
        label="オンラインのリンク",
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text="オンラインのときだけ入力してください。https:// から始まるもの。",
    )


class _PlaceMixin(PortalForm):
    """A place on one line, whose text goes into calendar files."""

    def clean_place(self) -> str:
        """One line: a line break would begin another line of a calendar file."""
        place: str = self.cleaned_data["place"]
        if not is_one_line(place):
            raise forms.ValidationError(PLACE_BREAKS)
        return place.strip()

    def clean_online_link(self) -> str:
        """Web addresses only."""
        link: str = self.cleaned_data["online_link"]
        if link and not link.startswith(("https://", "http://")):
            raise forms.ValidationError("オンラインのリンクは、https:// から始めてください。")
        return link


class OfferForm(_PlaceMixin):
    """Times that an interviewer offers: one, or one every week."""

    kind = forms.ChoiceField(label="種類")
    day = _day("日")
    starts = _time("開始")
    minutes = _length()
    audience = forms.ChoiceField(label="だれに", choices=Audience.choices, widget=forms.RadioSelect)
    people: forms.ModelMultipleChoiceField[User] = forms.ModelMultipleChoiceField(
        label="相手",
        queryset=None,
        required=False,
        help_text="「名前を挙げた人」「メンターとして受け持つ人」を選んだときだけ、選んでください。",
        widget=forms.CheckboxSelectMultiple,
    )
    place = _place()
    online_link = _link()
    buffer = forms.TypedChoiceField(label="あとの余裕", choices=BUFFERS, coerce=int)
    until = _day(
        "毎週くり返す最後の日",
        required=False,
        help_text="空のままなら、1回だけです。祝日と土日は、自動で除きます。",
    )
    without = LongTextField(
        label="くり返しから除く日",
        limit=200,
        required=False,
        widget=forms.TextInput(),
        help_text="2026-11-10 のように、空白で区切って入力してください。",
    )

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[Kind],
        people: Any,
        back: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._back = back
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["people"].queryset = people  # type: ignore[attr-defined]  # a ModelMultipleChoiceField

    def clean_without(self) -> set[datetime.date]:
        """The days."""
        days = set()
        for word in self.cleaned_data["without"].replace("、", " ").replace(",", " ").split():
            try:
                days.add(datetime.date.fromisoformat(word.replace("/", "-")))
            except ValueError as error:
                raise forms.ValidationError(
                    f"「{word[:20]}」は日付として読めません。2026-11-10 のように入力してください。"
                ) from error
        return days

    @property
    def helper(self) -> PortalFormHelper:
        """What is always needed, then what seldom is."""
        return PortalFormHelper(
            "kind",
            Fieldset("いつ", "day", "starts", "minutes"),
            "audience",
            Disclosure("相手を名前で選ぶ", "people"),
            Fieldset("どこで", "place", "online_link"),
            Disclosure("毎週くり返す、あとに余裕をとる", "until", "without", "buffer"),
            Actions(Button("この時間を出す", kind="primary"), Link("戻る", self._back)),
        )

    def offer(self) -> Offer:
        """What was typed."""
        typed = self.cleaned_data
        return Offer(
            kind=Kind(typed["kind"]),
            audience=Audience(typed["audience"]),
            minutes=typed["minutes"],
            buffer=typed["buffer"],
            place=typed["place"],
            online_link=typed["online_link"],
            people=tuple(typed["people"]),
        )


class ProposalForm(_PlaceMixin):
    """Up to three times for one person."""

    kind = forms.ChoiceField(label="種類")
    minutes = _length()
    place = _place()
    online_link = _link()

    def __init__(self, *args: Any, kinds: Iterable[Kind], back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._back = back
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]  # a ChoiceField
        for number in self.numbers:
            self.fields[f"day_{number}"] = _day(f"候補{number}の日", required=number == 1)
            self.fields[f"starts_{number}"] = _time(f"候補{number}の開始", required=number == 1)

    @property
    def numbers(self) -> range:
        """The numbers of the times."""
        return range(1, MOST_TIMES + 1)

    def clean(self) -> dict[str, Any]:
        """A day without a time is neither."""
        typed: dict[str, Any] = super().clean() or {}
        for number in self.numbers:
            day, starts = typed.get(f"day_{number}"), typed.get(f"starts_{number}")
            if (day is None) != (starts is None) and not self.errors.keys() & {
                f"day_{number}",
                f"starts_{number}",
            }:
                name = f"starts_{number}" if starts is None else f"day_{number}"
                self.add_error(name, f"候補{number}は、日と開始の両方を入力してください。")
        return typed

    def periods(self) -> list[Any]:
        """The times that were typed."""
        typed = self.cleaned_data
        return [
            at(typed[f"day_{number}"], typed[f"starts_{number}"], typed["minutes"])
            for number in self.numbers
            if typed[f"day_{number}"] and typed[f"starts_{number}"]
        ]

    @property
    def helper(self) -> PortalFormHelper:
        """A group for each time."""
        groups = [Fieldset(f"候補{n}", f"day_{n}", f"starts_{n}") for n in self.numbers]
        return PortalFormHelper(
            "kind",
            "minutes",
            *groups,
            Fieldset("どこで", "place", "online_link"),
            Actions(Button("この候補を提案する", kind="primary"), Link("戻る", self._back)),
        )


class MoveForm(_PlaceMixin):
    """Another time or place, and why."""

    day = _day("日")
    starts = _time("開始")
    minutes = _length()
    place = _place()
    online_link = _link()
    reason = LongTextField(
        label="理由", limit=200, help_text="相手にメールで伝わります。", widget=forms.TextInput()
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._back = back

    @property
    def helper(self) -> PortalFormHelper:
        """When, where, why."""
        return PortalFormHelper(
            Fieldset("いつ", "day", "starts", "minutes"),
            Fieldset("どこで", "place", "online_link"),
            "reason",
            Actions(Button("変更する", kind="primary"), Link("戻る", self._back)),
        )

    def period(self) -> Any:
        """The time."""
        typed = self.cleaned_data
        return at(typed["day"], typed["starts"], typed["minutes"])


class ReasonForm(PortalForm):
    """Why an interview is called off."""

    reason = LongTextField(
        label="理由", limit=200, help_text="相手にメールで伝わります。", widget=forms.TextInput()
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._back = back

    @property
    def helper(self) -> PortalFormHelper:
        """The reason and the button."""
        return PortalFormHelper(
            "reason", Actions(Button("取り消す", kind="danger"), Link("戻る", self._back))
        )


class WishForm(PortalForm):
    """What would suit, where none of the proposed times does."""

    wish = LongTextField(
        label="都合のよい日時", limit=300, help_text="例：来週の水曜か木曜の午後なら、いつでも。"
    )

    @property
    def helper(self) -> PortalFormHelper:
        """The wish and the button."""
        return PortalFormHelper("wish", Actions(Button("この希望を返事する")))


class LimitForm(PortalForm):
    """How many interviews a day."""

    per_day = forms.IntegerField(
        label="1日の面談の数",
        min_value=1,
        max_value=20,
        required=False,
        help_text="空のままなら、上限はありません。",
        widget=forms.NumberInput(attrs={"data-width": "short", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._back = back

    @property
    def helper(self) -> PortalFormHelper:
        """The number and the button."""
        return PortalFormHelper(
            "per_day", Actions(Button("保存する", kind="primary"), Link("戻る", self._back))
        )


def initial_of(interview: Interview) -> dict[str, Any]:
    """A booked interview as the form to move it begins."""
    starts = timezone.localtime(interview.period.lower)
    minutes = int((interview.period.upper - interview.period.lower).total_seconds() // 60)
    return {
        "day": starts.date(),
        "starts": starts.time(),
        "minutes": minutes,
        "place": interview.place,
        "online_link": interview.online_link,
    }
