"""The HTML of questions, kept per question and answer: a page of thirty questions is then put together, not rendered.

What people typed is never kept: the fragment of a text question is a format string into which `format_html` puts the
escaped text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from career_portal.design.components import Choice
from career_portal.design.components import Option as ShownOption
from surveys.answers import Answer, Progress, is_answered
from surveys.asked import AskedPart, AskedQuestion, SkillGroup
from surveys.models import Part, Question
from surveys.working_copy import LastYear, PartCopy

_TYPED, _TYPED_LAST_YEAR = "\ue000", "\ue001"


@dataclass(frozen=True)
class Block:
    """One stretch of a part: its questions as HTML, and for a competency the line that stands for it when folded."""

    key: str
    html: SafeString
    code: str = ""
    name: str = ""
    note: str = ""
    line: str = ""
    state: str = ""
    chip: str = ""
    last_year: SafeString | str = ""
    is_open: bool = False
    following: str = ""
    following_key: str = ""


def blocks(copy: PartCopy, last_year: LastYear, errors: dict[str, str], opened: str) -> list[Block]:
    """The questions of a part with the person's answers, last year's beside them and errors at their place.

    `opened` names the competency to show open; without it the first unfinished one is. One with an error always is.
    """
    part = copy.part
    if part.layout == Part.Layout.COMPETENCIES:
        return _competencies(copy, last_year, errors, opened)
    if part.layout == Part.Layout.SKILL_ROWS:
        return [
            Block(group.key, _skill_row(part, group, copy, last_year, errors))
            for group in part.skill_groups
        ]
    return [
        Block(question.code, _question(question, copy, last_year, errors))
        for question in part.questions
    ]


def _competencies(
    copy: PartCopy, last_year: LastYear, errors: dict[str, str], opened: str
) -> list[Block]:
    groups = copy.part.skill_groups
    states = {group.key: _group_progress(group, copy) for group in groups}
    unfinished = next((key for key, state in states.items() if state.state != "full"), "")
    found = []
    for group, following in zip(groups, (*groups[1:], None), strict=True):
        state = states[group.key]
        wrong = any(question.code in errors for question in group.questions)
        found.append(
            Block(
                key=group.key,
                html=_join(group.questions, copy, last_year, errors),
                code=group.skill.code if group.skill else "",
                name=group.skill.name if group.skill else "そのほか",
                note=group.skill.note if group.skill else "",
                line=_folded_line(group, copy, last_year),
                state=state.word if state.state != "empty" else "未入力",
                chip={"full": "done", "partial": "doing", "empty": "todo"}[state.state],
                last_year=_last_year_panel(group, last_year),
                is_open=opened in ("all", group.key)
                or wrong
                or (not opened and group.key == unfinished),
                following=_group_name(following),
                following_key=following.key if following else "",
            )
        )
    return found


def _group_name(group: SkillGroup | None) -> str:
    return f"{group.skill.code} {group.skill.name}" if group and group.skill else ""


def _group_progress(group: SkillGroup, copy: PartCopy) -> Progress:
    keys = [question for question in group.questions if question.is_key]
    done = sum(is_answered(question, copy.answers, copy.posts) for question in keys)
    touched = any(is_answered(question, copy.answers, copy.posts) for question in group.questions)
    return Progress(done=done, total=len(keys), is_touched=touched)


def _folded_line(group: SkillGroup, copy: PartCopy, last_year: LastYear) -> str:
    """This year's level in words, and last year's beside it."""
    level = next((q for q in group.questions if q.kind == Question.Kind.LEVEL), None)
    if level is None:
        return ""
    now, before = copy.words(level), last_year.words.get(level.code, "")
    if not now:
        return f"昨年は {before}" if before else ""
    if not before:
        return now
    value = last_year.answers.get(level.code)
    if value == copy.answers.get(level.code):
        return f"{now}（昨年と同じ）"
    return f"{now}（昨年は {value or before}）"


def _last_year_panel(group: SkillGroup, last_year: LastYear) -> SafeString | str:
    said = [
        (question, last_year.words[question.code])
        for question in group.questions
        if question.code in last_year.words
    ]
    if not said:
        return ""
    return render_to_string(
        "surveys/_last_year_panel.html",
        {"said": said, "year": last_year.name, "name": _group_name(group)},
    )


def _join(
    questions: tuple[AskedQuestion, ...],
    copy: PartCopy,
    last_year: LastYear,
    errors: dict[str, str],
) -> SafeString:
    joined = SafeString("")
    for question in questions:
        joined += _question(question, copy, last_year, errors)
    return joined


def _question(
    question: AskedQuestion, copy: PartCopy, last_year: LastYear, errors: dict[str, str]
) -> SafeString:
    error = errors.get(question.code, "")
    if question.kind == Question.Kind.POST:
        return _post(question, copy, last_year, error)
    if question.is_text:
        typed, before = copy.answers.get(question.code, ""), last_year.words.get(question.code, "")
        shell = _text_shell(question, bool(before), error)
        return format_html(shell, typed=typed, last_year=before)
    marked = last_year.answers.get(question.code)
    return _choice_html(
        question,
        _key(copy.answers.get(question.code)),
        _key(marked),
        error,
        "" if marked else last_year.words.get(question.code, ""),
    )


def _key(answer: Answer | None) -> tuple[str, ...]:
    if not answer:
        return ()
    return (answer,) if isinstance(answer, str) else tuple(answer)


def choice(
    question: AskedQuestion,
    chosen: tuple[str, ...],
    before: tuple[str, ...],
    error: str,
    label: str = "",
) -> Choice:
    """A question with its options as the look's components take it; a `label` may stand for its own."""
    return Choice(
        name=question.code,
        label=label or question.label,
        options=tuple(
            ShownOption(
                option.value,
                option.label,
                option.text,
                checked=option.value in chosen,
                last_year=option.value in before,
            )
            for option in question.options
        ),
        requirement="required" if question.is_required else "",
        support=question.support,
        error=error,
        multiple=question.kind == Question.Kind.CHOICES,
    )


@lru_cache(maxsize=8192)
def _choice_html(
    question: AskedQuestion,
    chosen: tuple[str, ...],
    before: tuple[str, ...],
    error: str,
    other_words: str,
) -> SafeString:
    """`other_words` is last year's answer where it was chosen from other options."""
    shown = choice(question, chosen, before, error)
    if other_words:
        apart = f"昨年の答え（選択肢が変わりました）：{other_words}"
        shown = replace(shown, support=f"{shown.support}　{apart}".strip())
    return render_to_string(
        "surveys/questions/choice.html", {"choice": shown, "kind": question.kind}
    )


@lru_cache(maxsize=2048)
def _text_shell(question: AskedQuestion, has_last_year: bool, error: str) -> str:
    """The format string of a text question: `typed` and `last_year` are put in, escaped."""
    html = render_to_string(
        "surveys/questions/text.html",
        {
            "question": question,
            "typed": _TYPED,
            "last_year": _TYPED_LAST_YEAR if has_last_year else "",
            "error": error,
            "is_long": question.kind == Question.Kind.LONG_TEXT,
        },
    )
    literal = html.replace("{", "{{").replace("}", "}}")
    return literal.replace(_TYPED, "{typed}").replace(_TYPED_LAST_YEAR, "{last_year}")


def _post(question: AskedQuestion, copy: PartCopy, last_year: LastYear, error: str) -> SafeString:
    return render_to_string(
        "surveys/questions/post.html",
        {
            "question": question,
            "post": copy.posts.get(question.code),
            "last_year": last_year.words.get(question.code, ""),
            "error": error,
        },
    )


def _skill_row(
    part: AskedPart, group: SkillGroup, copy: PartCopy, last_year: LastYear, errors: dict[str, str]
) -> SafeString:
    if group.skill is None:
        return _join(group.questions, copy, last_year, errors)
    codes = [question.code for question in group.questions]
    return _skill_row_html(
        group,
        tuple(_key(copy.answers.get(code)) for code in codes),
        tuple(_key(last_year.answers.get(code)) for code in codes),
        tuple(errors.get(code, "") for code in codes),
    )


@lru_cache(maxsize=8192)
def _skill_row_html(
    group: SkillGroup,
    chosen: tuple[tuple[str, ...], ...],
    before: tuple[tuple[str, ...], ...],
    errors: tuple[str, ...],
) -> SafeString:
    # Beside the name of the skill, 「法令：これまでの経験」 needs no 「法令：」.
    prefix = f"{group.skill.name}：" if group.skill else ""
    experience, wish = (
        choice(
            question,
            chosen[place],
            before[place],
            errors[place],
            label=question.label.removeprefix(prefix),
        )
        for place, question in enumerate(group.questions)
    )
    return render_to_string(
        "surveys/questions/skill_row.html",
        {
            "group": group,
            "experience": experience,
            "wish": wish,
            "hint": group.questions[0].support,
        },
    )
