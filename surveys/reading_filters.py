"""By what HR picks submitted forms out of a round: wishes that HR reads (③ and ⑥), unit and name. List and export share it."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Mapping
from typing import Self

from django.db.models import Q, Value
from django.db.models.functions import Concat

from career_portal.common.clock import today
from career_portal.common.text import search_words
from career_portal.staff.models.validity import valid_on
from surveys.asked import AskedQuestionnaire, newest_asked
from surveys.models.submission import SubmissionQuerySet
from surveys.models.wishes import (
    EXPERTISE,
    POSTS,
    TIMING,
    hopes_for_field,
    hopes_for_post,
    hopes_to_move,
)

_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


@dataclasses.dataclass(frozen=True)
class FormFilters:
    """Conditions that all have to hold; an empty one asks for nothing.

    `field` is the code of a wish in ③, `timing` a stored value of ⑥; `post`, `section` and `name` are words, `bureau` is
    a name. Unit means the main post of today. Made by `from_query`, which knows the words of what was chosen.
    """

    field: str = ""
    post: str = ""
    timing: str = ""
    bureau: str = ""
    section: str = ""
    name: str = ""
    field_label: str = dataclasses.field(default="", compare=False)
    timing_label: str = dataclasses.field(default="", compare=False)

    @classmethod
    def from_query(cls, data: Mapping[str, object]) -> Self:
        """What an address's query or a stored `as_dict` asks for; what no form offers asks for nothing."""
        words = {
            name: search_words(data.get(name, "")) for name in ("post", "bureau", "section", "name")
        }
        field, timing = search_words(data.get("field", "")), search_words(data.get("timing", ""))
        wording = newest_asked() if field or timing else None
        fields = dict(fields_to_hope_for(wording)) if wording else {}
        timings = dict(timings_to_choose(wording)) if wording else {}
        return cls(
            field=field if field in fields else "",
            timing=timing if timing in timings else "",
            field_label=fields.get(field, ""),
            timing_label=timings.get(timing, ""),
            **words,
        )

    def apply(self, submissions: SubmissionQuerySet) -> SubmissionQuerySet:
        """Those of the submissions for which every condition holds; each once."""
        conditions = Q()
        if self.field:
            conditions &= hopes_for_field(self.field)
        if self.post:
            conditions &= hopes_for_post(self.post)
        if self.timing:
            conditions &= hopes_to_move(self.timing)
        found = submissions.filter(conditions)
        if self.bureau or self.section:
            found = found.filter(self._seated())
        if self.name:
            found = self._named(found)
        return found

    def _seated(self) -> Q:
        """One condition on the one main post of today, so that nobody is found twice."""
        post = "survey__user__assignments__"
        seated = valid_on(today(), post) & Q(**{f"{post}is_concurrent": False})
        if self.bureau:
            seated &= Q(**{f"{post}section__bureau__name": self.bureau})
        for word in self.section.split():
            seated &= Q(**{f"{post}section__name__icontains": word}) | Q(
                **{f"{post}section__division__icontains": word}
            )
        return seated

    def _named(self, submissions: SubmissionQuerySet) -> SubmissionQuerySet:
        """By family and given name as written or as read, with or without a space between them."""
        person, typed = "survey__user__", "".join(self.name.split())
        reading = unicodedata.normalize("NFKC", typed).translate(_HIRAGANA)
        return submissions.alias(
            written=Concat(f"{person}family_name", Value(""), f"{person}given_name"),
            read=Concat(f"{person}family_name_kana", Value(""), f"{person}given_name_kana"),
        ).filter(Q(written__icontains=typed) | Q(read__icontains=reading))

    def as_dict(self) -> dict[str, str]:
        """The conditions that ask for something, by the names they have in an address."""
        return {name: getattr(self, name) for name, _ in self.described()}

    def in_words(self) -> list[str]:
        """The same, as a person reads them."""
        return [words for _, words in self.described()]

    def described(self) -> list[tuple[str, str]]:
        """Name in an address and words of every condition that asks for something."""
        named = [
            ("field", "希望する分野", self.field and (self.field_label or self.field)),
            ("post", "希望するポスト", self.post),
            ("timing", "異動の時期", self.timing and (self.timing_label or self.timing)),
            ("bureau", "局・庁", self.bureau),
            ("section", "課室", self.section),
            ("name", "氏名", self.name),
        ]
        return [(name, f"{label}：{value}") for name, label, value in named if value]


def fields_to_hope_for(wording: AskedQuestionnaire) -> list[tuple[str, str]]:
    """The fields of expertise (B1): code of the wish and name."""
    part = wording.part_by_code(EXPERTISE)
    return list(part.wished_skills.items()) if part else []


def timings_to_choose(wording: AskedQuestionnaire) -> list[tuple[str, str]]:
    """The timings of the next move: stored value and word."""
    part = wording.part_by_code(POSTS)
    return [
        (option.value, option.label)
        for question in (part.questions if part else ())
        if question.code == TIMING
        for option in question.options
    ]
