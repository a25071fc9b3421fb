"""What the components are given: plain values, no models.

A page turns its rows into these in the view, so that templates and tags hold no rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

PartState = Literal["empty", "half", "full"]
ChipKind = Literal["todo", "doing", "done", "waiting", "problem", "person", "outline", "mark"]


@dataclass(frozen=True)
class Crumb:
    """One step of the breadcrumb trail; the page itself has no address."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Task:
    """One row of a task list; without an address it is shown but cannot be opened yet."""

    title: str
    state: str
    kind: ChipKind
    url: str = ""
    hint: str = ""
    readers: str = ""


@dataclass(frozen=True)
class SummaryRow:
    """One answer on a check page; ``change_name`` completes 「〇〇を変更」 for screen readers."""

    key: str
    value: str = ""
    change_url: str = ""
    change_name: str = ""
    empty_text: str = "未入力"
    typed: bool = False


@dataclass(frozen=True)
class Change:
    """One answer that differs from the one of the year before."""

    title: str
    before: str
    now: str


@dataclass(frozen=True)
class ReaderChoice:
    """A reader whom the person may remove or add; ``name`` is that of the checkbox, or of the radio where only one may be."""

    name: str
    label: str
    checked: bool = False
    value: str = "on"
    hint: str = ""
    is_single: bool = False


@dataclass(frozen=True)
class Audience:
    """Who reads one part. Without choices the readers are fixed and nothing can be narrowed."""

    people: Sequence[str]
    title: str = "この部分を読む人"
    note: str = ""
    choices: Sequence[ReaderChoice] = ()
    action_url: str = ""
    summary: str = "読む人をせばめる"
    legend: str = "本人のほかに読む人"
    explanation: str = ""
    submit_label: str = "読む人を変える"


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen."""

    value: str
    label: str
    text: str = ""
    checked: bool = False
    last_year: bool = False


@dataclass(frozen=True)
class Choice:
    """A question answered by choosing. ``id`` is that of the first option; others get a suffix.

    ``requirement`` is ``"required"``, ``"optional"`` or empty for no mark.
    """

    name: str
    label: str
    options: Sequence[Option]
    requirement: str = ""
    support: str = ""
    error: str = ""
    multiple: bool = False
    describedby: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """The error is read before the support text."""
        ids = [f"id_{self.name}_error"] if self.error else []
        ids += [f"id_{self.name}_helptext"] if self.support else []
        object.__setattr__(self, "describedby", " ".join(ids))

    @property
    def id(self) -> str:
        """The id that an error summary links to."""
        return f"id_{self.name}_0"


@dataclass(frozen=True)
class ErrorLink:
    """One line of an error summary; without a target it concerns the whole form."""

    message: str
    target: str = ""
