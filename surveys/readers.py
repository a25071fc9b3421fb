"""Who reads a part, in the words that stand above it before anything is typed, and the form to change that in place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from career_portal.common.clock import today
from career_portal.design.components import Audience as ShownAudience
from career_portal.design.components import ReaderChoice
from career_portal.staff.models import User
from career_portal.staff.models.user import supervisors_today
from surveys.asked import AskedPart
from surveys.models import Part
from surveys.working_copy import OwnForm

AGGREGATED = "集計にも使われます（10人以上のまとまりのみ）"
NO_MENTOR = "0"


@dataclass(frozen=True)
class Audience:
    """The readers of one part of one form, as its writer sees them; `short` where there is little room."""

    readers: tuple[str, ...]
    short: str
    is_aggregated: bool


def supervisor_reads(part: AskedPart, choice: bool | None) -> bool:
    """Whether the supervisor reads a part: the writer's choice, else the part's rule."""
    if not part.is_supervisor_optional:
        return False
    return part.supervisor_access == Part.SupervisorAccess.DEFAULT if choice is None else choice


def audience(
    part: AskedPart,
    choice: bool | None,
    *,
    mentor_reads: bool = False,
    supervisors: Sequence[User] = (),
    mentor: User | None = None,
) -> Audience:
    """The readers of a part under the writer's choices; people are named where they are given."""
    people: list[tuple[str, str]] = [("本人", "")]
    if supervisor_reads(part, choice):
        people.append(("上司", "・".join(person.family_name for person in supervisors)))
    if part.hr_reads:
        people.append(("人事", ""))
    readers = [f"{who}（{names}）" if names else who for who, names in people]
    short = [who for who, _ in people]
    if part.listener_reads:
        readers.append("⑧で選ぶ面談の相手")
        short.append("面談の相手")
    if mentor_reads:
        name = f"（{mentor.family_name}）" if mentor else ""
        readers.append(f"メンター{name}")
        short.append("メンター")
    only = part.hr_reads and not part.is_supervisor_optional
    return Audience(tuple(readers), "・".join(short) + ("だけ" if only else ""), part.is_aggregated)


def audiences(
    parts: Iterable[AskedPart], choices: Mapping[int, bool], mentored: Collection[int] = ()
) -> dict[int, Audience]:
    """The audience of every part by its number; the writer's choices and what mentors read go by the part's id."""
    return {
        part.number: audience(part, choices.get(part.pk), mentor_reads=part.pk in mentored)
        for part in parts
    }


def shown_audience(user: User, form: OwnForm, part: AskedPart) -> ShownAudience:
    """The banner above a part of the person's own form."""
    decided = form.choices.get(part.pk)
    supervisors = supervisors_today(user) if part.is_supervisor_optional else []
    mentors = _mentors(user, form, part)
    named = next((mentor for mentor in mentors if mentor.pk == form.mentor), None)
    reads = named is not None and part.pk in form.mentored
    found = audience(
        part, decided, mentor_reads=reads, supervisors=supervisors, mentor=named if reads else None
    )
    choices: list[ReaderChoice] = []
    if part.is_supervisor_optional:
        names = "、".join(person.display_name for person in supervisors)
        label = f"上司（{names}）" if names else "上司"
        checked = supervisor_reads(part, decided)
        choices.append(ReaderChoice("supervisor", label, checked=checked))
        if named is not None:
            label = f"メンター（{named.display_name}）"
            choices.append(ReaderChoice("mentor", label, checked=reads))
    elif part.listener_reads:
        choices = _mentor_choices(mentors, form.mentor)
    return ShownAudience(
        people=found.readers,
        note=AGGREGATED if found.is_aggregated else "",
        choices=choices,
        action_url=reverse("surveys:part_readers", args=[form.round.fiscal_year, part.number]),
        summary=_summary(part, is_narrowable=len(found.readers) > (2 if part.hr_reads else 1)),
        legend=_legend(part),
        explanation=(
            "外すと、その時から読めなくなります。外したことは相手に表示されません。"
            "戻せるのはあなただけで、いつでも変えられます。"
        ),
        submit_label="この範囲にする",
    )


def _mentors(user: User, form: OwnForm, part: AskedPart) -> list[User]:
    """Who is offered as mentor above this part: everybody above ⑧, elsewhere the one named there, nobody above ⑦."""
    is_named = part.is_supervisor_optional and form.mentor is not None
    # Nothing to ask above most parts of most people; building the query alone would take a tenth of their page.
    if not is_named and not part.listener_reads:
        return []
    people = User.objects.visible_to(user).mentors_for(user, today())
    return list(
        people.filter(pk=form.mentor) if is_named else people.order_by("family_name_kana", "pk")
    )


def _mentor_choices(mentors: Iterable[User], named: int | None) -> list[ReaderChoice]:
    people = [
        ReaderChoice(
            "mentor",
            f"メンター（{mentor.display_name}）",
            checked=mentor.pk == named,
            value=str(mentor.pk),
            is_single=True,
        )
        for mentor in mentors
    ]
    if not people:
        return []
    nobody = not any(person.checked for person in people)
    none = ReaderChoice("mentor", "決めない", checked=nobody, value=NO_MENTOR, is_single=True)
    return [none, *people]


def _summary(part: AskedPart, *, is_narrowable: bool) -> str:
    if part.listener_reads:
        return "読んでもらうメンターを選ぶ"
    return "読む人をせばめる" if is_narrowable else "上司も読めるようにする"


def _legend(part: AskedPart) -> str:
    if part.listener_reads:
        return f"{part.mark} で「メンター」を選んだときに読む人"
    return f"{part.mark} を読む人（本人と人事のほかに）"
